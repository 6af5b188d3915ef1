// Scripts, fonts and land outlines of the pages, from npm into ../static/build. Run by `make frontend`.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const out = new URL("../static/build/", import.meta.url);
const resolve = createRequire(import.meta.url).resolve;
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const FONTS = [
  ["Alegreya", "400 800", "normal", "@fontsource-variable/alegreya/files/alegreya-SUBSET-wght-normal.woff2"],
  ["Alegreya", "400 800", "italic", "@fontsource-variable/alegreya/files/alegreya-SUBSET-wght-italic.woff2"],
  ["Alegreya Sans", "400", "normal", "@fontsource/alegreya-sans/files/alegreya-sans-SUBSET-400-normal.woff2"],
  ["Alegreya Sans", "700", "normal", "@fontsource/alegreya-sans/files/alegreya-sans-SUBSET-700-normal.woff2"],
];
const SUBSETS = {
  "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212",
  "latin-ext": "U+0100-0130, U+0132-0151, U+0154-02BA, U+02BD-02C5, U+02C7-02CC, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2C60-2C7F, U+A720-A7FF",
  "cyrillic": "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
};

let css = "";
for (const [family, weight, style, file] of FONTS)
  for (const [subset, range] of Object.entries(SUBSETS)) {
    const source = file.replace("SUBSET", subset);
    const name = source.split("/").at(-1);
    await copyFile(resolve(source), new URL(name, out));
    css += `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};font-display:swap;src:url(${name}) format("woff2");unicode-range:${range}}\n`;
  }
await writeFile(new URL("fonts.css", out), css);

/** A ring that crosses the date line goes on beyond 180 degrees instead of jumping to the other side of the map. */
function unrolled(ring) {
  let shift = 0;
  return ring.map(([lon, lat], place) => {
    const step = place ? lon - ring[place - 1][0] : 0;
    if (Math.abs(step) > 180) shift -= Math.sign(step) * 360;
    return [lon + shift, lat];
  });
}
/** What lies beyond 180 degrees is drawn at both ends. */
const twice = (ring) =>
  ring.some(([lon]) => Math.abs(lon) > 180)
    ? [ring, ring.map(([lon, lat]) => [lon - Math.sign(ring.find(([at]) => Math.abs(at) > 180)[0]) * 360, lat])]
    : [ring];

const world = JSON.parse(await readFile(resolve("world-atlas/land-50m.json"), "utf8"));
const rings = feature(world, world.objects.land).features
  .flatMap(({ geometry }) => (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates))
  .flat()
  .filter((ring) => ring.length > 8 && ring.some(([, lat]) => lat > -60)) // Antarctica never closes on this map
  .map(unrolled)
  .flatMap(twice)
  .map((ring) => ring.map((spot) => spot.map((degree) => Math.round(degree * 100) / 100)));
await writeFile(new URL("land.json", out), JSON.stringify(rings));

await build({
  entryPoints: { pages: "src/pages.js", pictures: "src/pictures.js", workbench: "src/workbench.js" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  outdir: out.pathname,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  loader: { ".svg": "file", ".png": "file", ".woff2": "file" },
  legalComments: "linked",
  logLevel: "warning",
});
