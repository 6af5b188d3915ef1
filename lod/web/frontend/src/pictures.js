// Additions to pictures that are whole without them: nearer and farther, who belongs together, a stretch of time.
import { brushX } from "d3-brush";
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";

const SVG = "http://www.w3.org/2000/svg";
const figure = document.querySelector("figure.big[data-words]");
const svg = figure?.querySelector("svg.drawing");

function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

if (svg) {
  const words = JSON.parse(figure.dataset.words);
  if (figure.dataset.zoom !== undefined) nearer(words);
  if (svg.querySelector("[data-ends]")) together();
  if (figure.dataset.bins) stretch(words, figure.dataset.bins.split(" "), Number(figure.dataset.left), Number(figure.dataset.low));
}

/** Zoom and pan: by buttons, by the keys + - 0 and arrows, by dragging, by pinching, by the wheel with Ctrl. */
function nearer(words) {
  const { width, height } = svg.viewBox.baseVal;
  const all = element("svg:g", {}, ...svg.childNodes);
  svg.append(all);
  const sized = [...all.querySelectorAll("text, circle")].map((shape) => {
    const name = shape.localName === "text" ? "font-size" : "r";
    return [shape, name, Number(shape.getAttribute(name))];
  });
  const behaviour = zoom()
    .scaleExtent([1, 12])
    .extent([[0, 0], [width, height]])
    .translateExtent([[0, 0], [width, height]])
    // One finger and the bare wheel go on scrolling the page.
    .filter((event) => (event.type === "wheel" ? event.ctrlKey : event.touches ? event.touches.length > 1 : !event.button))
    .clickDistance(4)
    .on("zoom", ({ transform }) => {
      all.setAttribute("transform", transform);
      for (const [shape, name, size] of sized) shape.setAttribute(name, (size / transform.k ** 0.75).toFixed(2));
      svg.classList.toggle("near", transform.k > 1);
    });
  const view = select(svg).call(behaviour).on("dblclick.zoom", null);
  svg.style.touchAction = "pan-x pan-y";
  const now = () => svg.__zoom;
  const act = {
    "+": () => view.call(behaviour.scaleBy, 1.5),
    "-": () => view.call(behaviour.scaleBy, 1 / 1.5),
    "0": () => view.call(behaviour.transform, zoomIdentity),
  };
  const pan = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };
  const region = figure.querySelector(".scroll");
  region.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === "=" ? "+" : event.key;
    if (act[key]) act[key]();
    else if (pan[key] && now().k > 1) view.call(behaviour.translateBy, ...pan[key].map((step) => step / now().k));
    else return;
    event.preventDefault();
  });
  // Who goes from link to link by keyboard sees where that is.
  all.addEventListener("focusin", (event) => {
    if (now().k === 1 || !event.target.matches(":focus-visible")) return;
    const box = event.target.getBBox();
    view.call(behaviour.translateTo, box.x + box.width / 2, box.y + box.height / 2);
  });
  const bar = element("p", { class: "zoom", role: "group", "aria-label": words.zoom });
  for (const [key, label, shown] of [["+", words.nearer, "+"], ["-", words.farther, "−"], ["0", words.whole, words.whole]]) {
    const button = element("button", { type: "button", class: "quiet", "aria-label": label, title: `${label} (${key})` }, shown);
    button.addEventListener("click", act[key]);
    bar.append(button);
  }
  region.before(bar);
  region.scrollLeft = (region.scrollWidth - region.clientWidth) / 2; // on small screens the middle comes first
}

/** Pointing at somebody, or going there by keyboard, shows whom that one writes to and speaks of. */
function together() {
  const lines = [...svg.querySelectorAll("[data-ends]")].map((line) => [line, line.dataset.ends.split(" ")]);
  const things = new Map([...svg.querySelectorAll("[data-thing]")].map((shape) => [shape.dataset.thing, shape]));
  const names = new Map([...svg.querySelectorAll("[data-name]")].map((text) => [text.dataset.name, text]));
  const show = (thing) => {
    const near = new Set([thing]);
    for (const [line, ends] of lines) {
      const mine = ends.includes(thing);
      line.classList.toggle("lit", mine);
      if (mine) ends.forEach((end) => near.add(end));
    }
    for (const [known, shape] of [...things, ...names]) shape.classList.toggle("lit", near.has(known));
    svg.classList.toggle("dimmed", Boolean(thing));
  };
  const over = (event) => show(event.target.closest("a")?.querySelector("[data-thing]")?.dataset.thing);
  svg.addEventListener("pointerover", over);
  svg.addEventListener("pointerleave", () => show());
  svg.addEventListener("focusin", over);
  svg.addEventListener("focusout", () => show());
}

/** A stretch of time, chosen in the band below the columns or in two lists; the table shows no more than that. */
function stretch(words, bins, left, low) {
  const { width, height } = svg.viewBox.baseVal;
  const step = (width - left) / bins.length;
  const rows = new Map([...document.querySelectorAll("tr[data-bin]")].map((row) => [row.dataset.bin, row]));
  const month = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
  const said = (bin) => (bin.slice(1).includes("-") ? month.format(new Date(`${bin}-01T00:00:00Z`)) : bin);
  const options = () => bins.map((bin, place) => element("option", { value: place }, said(bin)));
  const from = element("select", { id: "stretch-from" }, ...options());
  const to = element("select", { id: "stretch-to" }, ...options());
  const all = element("button", { type: "button", class: "quiet" }, words.all);
  const told = element("output", { class: "count", for: "stretch-from stretch-to" });
  const shade = svg.appendChild(element("svg:rect", { class: "stretch", y: 0, height: low, width: 0 }));
  const brush = brushX().extent([[left, low], [width, height]]);
  const band = select(svg).insert("g", ":first-child").attr("class", "brush"); // behind the years

  function show(first, last) {
    from.value = first;
    to.value = last;
    const whole = first === 0 && last === bins.length - 1;
    let letters = 0;
    bins.forEach((bin, place) => {
      const row = rows.get(bin);
      if (!row) return;
      row.hidden = place < first || place > last;
      if (!row.hidden) letters += Number(row.dataset.letters);
    });
    shade.setAttribute("x", left + first * step);
    shade.setAttribute("width", whole ? 0 : (last - first + 1) * step);
    all.hidden = whole;
    told.textContent = `${letters} ${letters === 1 ? words.letter : words.letters}`;
  }
  const choose = () => {
    const [first, last] = [Number(from.value), Number(to.value)].sort((one, other) => one - other);
    band.call(brush.move, [left + first * step, left + (last + 1) * step]);
  };
  brush.on("brush end", ({ selection }) => {
    if (!selection) return show(0, bins.length - 1);
    const place = (x) => Math.max(0, Math.min(bins.length - 1, Math.floor((x - left) / step)));
    show(place(selection[0] + 1), place(selection[1] - 1));
  });
  band.call(brush);
  band.select(".overlay").append("title").text(words.band);
  from.addEventListener("change", choose);
  to.addEventListener("change", choose);
  all.addEventListener("click", () => band.call(brush.clear));
  const label = (of, text) => element("label", { for: of.id }, text);
  figure.querySelector("figcaption").append(element("p", { class: "narrow" }, label(from, words.from), from, label(to, words.to), to, all, told));
  show(0, bins.length - 1);
}
