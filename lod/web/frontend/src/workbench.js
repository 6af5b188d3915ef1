// The workbench: YASGUI's editor and result views over the plain form, which stays what works without scripts.
import Yasqe from "@zazuko/yasqe";
import Yasr from "@zazuko/yasr";
import "@zazuko/yasqe/build/yasqe.min.css";
import "@zazuko/yasr/build/yasr.min.css";
import "./workbench.css";
import { MapView, ResultTable, TimelineView } from "./views.js";

const said = JSON.parse(document.getElementById("workbench").textContent);
const form = document.querySelector("form.query");
const plain = form.querySelector("textarea");

// Our terms and prefixes complete words; nothing is asked of anybody else's server.
Yasqe.registerAutocompleter({
  name: "terms",
  bulk: true,
  autoShow: true,
  isValidCompletionPosition: (yasqe) => {
    const token = yasqe.getCompleteToken();
    return token.type !== "comment" && token.type !== "string" && /^[a-z]+:[\w.-]*$/i.test(token.string);
  },
  get: () => said.terms,
});
// Defaults and settings are merged by place: what is not named here would ask vocabulary services elsewhere.
Yasqe.defaults.autocompleters = ["variables", "terms"];
const own = document.createElement("div");
own.className = "editor";
plain.before(own);
plain.hidden = true;
plain.required = false;

const yasqe = new Yasqe(own, {
  value: plain.value || said.first,
  persistenceId: null,
  showQueryButton: false,
  resizeable: false,
  createShareableLink: undefined,
  consumeShareLink: null,
  prefixCcApi: null,
  autocompleters: ["variables", "terms"],
  requestConfig: { endpoint: new URL(said.endpoint, location.href).href, method: "POST" },
  extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => ask(), "Cmd-Enter": () => ask() },
});
const label = form.querySelector("label").textContent;
yasqe.getInputField().setAttribute("aria-label", label);
// A long query scrolls: by keyboard too.
for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", label]]) yasqe.getScrollerElement().setAttribute(name, value);
form.querySelector("label").removeAttribute("for");

for (const [name, view] of [["table", ResultTable], ["map", MapView], ["timeline", TimelineView]]) Yasr.registerPlugin(name, view(said));
const place = document.createElement("section");
place.className = "results";
place.setAttribute("aria-live", "polite");
form.after(place);
let yasr;

function results() {
  yasr ??= new Yasr(place, {
    persistenceId: null,
    pluginOrder: ["table", "map", "timeline", "response"],
    defaultPlugin: "table",
    prefixes: said.prefixes,
  });
  return yasr;
}

/** Our prefixes that the query uses are declared before it. */
function declare() {
  const declared = yasqe.getPrefixesFromQuery();
  const used = new Set([...yasqe.getValue().matchAll(/(?<![\w:.-])([a-z]+):(?=\w)/gi)].map((found) => found[1]));
  const missing = Object.entries(said.prefixes).filter(([name]) => used.has(name) && !(name in declared));
  if (missing.length) yasqe.addPrefixes(Object.fromEntries(missing));
}
yasqe.on("change", (_, change) => change.origin === "complete" && declare());

async function ask() {
  document.querySelectorAll("section.answer").forEach((old) => old.remove());
  const query = yasqe.getValue();
  history.replaceState(null, "", "?" + new URLSearchParams({ query }));
  try {
    await yasqe.query();
  } catch (error) {
    refused(error);
  }
}
yasqe.on("queryResponse", (_, response, duration) => {
  const failed = response instanceof Error || response?.status >= 400;
  place.hidden = failed;
  if (!failed) results().setResponse(response, duration);
});

/** What the server says is wrong, in words, and the cursor where it is. */
function refused(error) {
  let problem = {};
  try {
    problem = JSON.parse(error.message);
  } catch {
    problem = { title: said.words.failed, detail: String(error.message ?? error) };
  }
  const section = document.createElement("section");
  section.className = "problem answer";
  section.setAttribute("role", "alert");
  for (const [tag, text] of [["h2", problem.title], ["p", problem.detail]]) {
    const line = section.appendChild(document.createElement(tag));
    line.lang = "en";
    line.textContent = text ?? "";
  }
  form.after(section);
  if (problem.line) {
    yasqe.focus();
    yasqe.setCursor(problem.line - 1, (problem.column ?? 1) - 1);
  }
}

form.addEventListener("submit", (event) => {
  plain.value = yasqe.getValue();
  if (event.submitter?.name === "format") return; // a file: the server's own answer
  event.preventDefault();
  ask();
});
for (const link of document.querySelectorAll(".questions a"))
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    yasqe.setValue(new URL(link.href).searchParams.get("query"));
    form.scrollIntoView();
    ask();
  });
if (new URLSearchParams(location.search).get("query")) ask();
