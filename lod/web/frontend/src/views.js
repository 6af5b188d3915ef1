// Views of a result: a table with links to the pages here, a map of points, a timeline of dates.
import { geoMercator, geoPath } from "d3-geo";

const SVG = "http://www.w3.org/2000/svg";
const POINT = /POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)/i;
const DATE = /^-?\d{4}(-\d\d)?(-\d\d)?/;

function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A term for people: ours linked to its page here, others by address, literals as they are. */
function shown(said, term) {
  if (!term) return "";
  if (term.type !== "uri") {
    const text = element("span", term["xml:lang"] ? { lang: term["xml:lang"] } : {}, term.value);
    return text;
  }
  if (term.value.startsWith(said.base))
    return element("a", { href: said.root + term.value.slice(said.base.length), title: term.value }, term.value.slice(said.base.length));
  const [prefix, start] = Object.entries(said.prefixes).find(([, start]) => term.value.startsWith(start)) ?? [];
  const text = prefix ? `${prefix}:${term.value.slice(start.length)}` : term.value;
  return /^https?:/.test(term.value) ? element("a", { href: term.value, rel: "external" }, text) : text;
}

const view = (name, priority, can, draw) => (said) =>
  class {
    label = said.words[name];
    priority = priority;
    constructor(yasr) {
      this.yasr = yasr;
    }
    get bindings() {
      return this.yasr.results?.getBindings() ?? [];
    }
    get names() {
      return this.yasr.results?.getVariables() ?? [];
    }
    canHandleResults() {
      return Boolean(this.names.length) && can(this);
    }
    getIcon() {
      return document.createElement("span");
    }
    draw() {
      this.yasr.resultsEl.replaceChildren(draw(this, said));
    }
  };

export const ResultTable = view("table", 10, () => true, (self, said) => {
  const body = element("tbody");
  const more = element("button", { type: "button", class: "quiet" }, said.words.more);
  let at = 0;
  const next = () => {
    for (const row of self.bindings.slice(at, at + 200)) body.append(element("tr", {}, ...self.names.map((name) => element("td", {}, shown(said, row[name])))));
    at += 200;
    more.hidden = at >= self.bindings.length;
  };
  more.addEventListener("click", next);
  next();
  const head = element("thead", {}, element("tr", {}, ...self.names.map((name) => element("th", { scope: "col" }, name))));
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": said.words.table }, element("table", {}, head, body));
  return element("div", {}, element("p", { class: "question" }, `${self.bindings.length.toLocaleString(document.documentElement.lang)} ${said.words.rows}`), scroll, more);
});

/** Points in a result: WKT literals, or columns for latitude and longitude. */
function points(self) {
  const find = (pattern) => self.names.find((name) => pattern.test(name));
  const [lat, lon] = [find(/^lat/i), find(/^lon|^lng/i)];
  return self.bindings.flatMap((row) => {
    const wkt = self.names.map((name) => row[name]?.value.match(POINT)).find(Boolean);
    const spot = wkt ? [Number(wkt[1]), Number(wkt[2])] : lat && lon && row[lat] && row[lon] ? [Number(row[lon].value), Number(row[lat].value)] : null;
    const terms = self.names.map((name) => row[name]).filter((term) => term && !POINT.test(term.value));
    const words = terms.find((term) => term.type === "literal" && (term["xml:lang"] || !term.datatype || /string$/.test(term.datatype)));
    const label = words?.value ?? terms[0]?.value.split("/").at(-1) ?? "";
    return spot?.every(Number.isFinite) ? [{ spot, label }] : [];
  });
}

export const MapView = view("map", 5, (self) => points(self).length > 0, (self, said) => {
  const [width, height] = [960, 520];
  const found = points(self);
  const box = { type: "MultiPoint", coordinates: found.map(({ spot }) => spot) };
  const projection = geoMercator().fitExtent([[60, 60], [width - 60, height - 60]], box);
  if (!(projection.scale() < 4000)) projection.scale(1200).center(found[0].spot).translate([width / 2, height / 2]);
  projection.clipExtent([[0, 0], [width, height]]);
  const svg = element("svg:svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", role: "img", "aria-label": said.words.map });
  svg.append(element("svg:rect", { class: "sea", width, height }));
  fetch(said.land)
    .then((answer) => answer.json())
    .then((rings) => {
      const d = geoPath(projection)({ type: "MultiLineString", coordinates: rings });
      svg.firstChild.after(element("svg:path", { class: "land outline", d: d ?? "" }));
    })
    .catch(() => undefined); // without outlines the points stay
  const places = new Map();
  for (const { spot, label } of found) {
    const key = spot.join(" ");
    places.set(key, { spot, label, count: (places.get(key)?.count ?? 0) + 1 });
  }
  const taken = [];
  for (const { spot, label, count } of [...places.values()].sort((one, other) => other.count - one.count)) {
    const [x, y] = projection(spot);
    const r = 3 + 3 * Math.sqrt(count);
    svg.append(element("svg:circle", { class: "place", cx: x, cy: y, r }, element("svg:title", {}, count > 1 ? `${label}: ${count}` : label)));
    const wide = x + r + 4 + 7 * label.length;
    if (label.length > 40 || taken.some(([left, high, right]) => Math.abs(y - high) < 14 && x < right && wide > left)) continue;
    taken.push([x, y, wide]);
    svg.append(element("svg:text", { class: "name", x: x + r + 4, y: y + 4, "font-size": 13 }, label));
  }
  return svg;
});

/** Dates in a result: the first column that has them, counted by year. */
function dated(self) {
  for (const name of self.names) {
    const found = self.bindings.map((row) => row[name]).filter((term) => term && /(date|gYear|gYearMonth|dateTime|EDTF)$/.test(term.datatype ?? ""));
    if (found.length) return found.map((term) => term.value.match(DATE)?.[0].slice(0, 4)).filter(Boolean);
    const years = self.bindings.map((row) => row[name]?.value);
    if (/year|date/i.test(name) && years.every((value) => value && DATE.test(value))) return years.map((value) => value.slice(0, 4));
  }
  return [];
}

export const TimelineView = view("timeline", 4, (self) => dated(self).length > 0, (self, said) => {
  const [width, height] = [960, 300];
  const counts = new Map();
  for (const year of dated(self)) counts.set(Number(year), (counts.get(Number(year)) ?? 0) + 1);
  const first = Math.min(...counts.keys());
  const years = Math.max(...counts.keys()) - first + 1;
  const highest = Math.max(...counts.values());
  const step = Math.min((width - 40) / years, 80);
  const svg = element("svg:svg", { viewBox: `0 0 ${width} ${height}`, class: "drawing", role: "img", "aria-label": said.words.timeline });
  for (const [year, count] of [...counts].sort(([one], [other]) => one - other)) {
    const [x, tall] = [20 + (year - first) * step, (count / highest) * (height - 60)];
    svg.append(element("svg:rect", { class: "w0", x: x + step * 0.1, y: height - 34 - tall, width: step * 0.8, height: tall }, element("svg:title", {}, `${year}: ${count}`)));
    if (years <= 30) svg.append(element("svg:text", { class: "small", x: x + step / 2, y: height - 40 - tall, "text-anchor": "middle", "font-size": 12 }, String(count)));
    if (years <= 30 || year % 10 === 0) svg.append(element("svg:text", { class: "label", x: x + step / 2, y: height - 14, "text-anchor": "middle" }, String(year)));
  }
  return svg;
});
