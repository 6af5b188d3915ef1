// Additions to pages that are whole without them: pictures as PNG, arrow keys among neighbours.

/** Save the drawing of a figure as PNG, twice its size, from the SVG file the server makes. */
async function savePng(address, width) {
  const svg = await (await fetch(address)).text();
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = (image.height / image.width) * width * 2;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = new URL(address).pathname.split("/").at(-1).replace(".svg", ".png");
  link.click();
  URL.revokeObjectURL(link.href);
}

for (const exports of document.querySelectorAll("figure.big .exports")) {
  const svg = exports.querySelector('a[type="image/svg+xml"]');
  const drawing = exports.closest("figure").querySelector("svg.drawing");
  if (!svg || !drawing) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "PNG";
  button.addEventListener("click", () => savePng(svg.href, drawing.viewBox.baseVal.width));
  svg.after(" · ", button);
}

// Left and right go to the neighbours, unless somebody is typing or reading a wide table.
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, textarea, select, .scroll, [contenteditable], .CodeMirror");
  if (busy || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const relation = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = relation && document.querySelector(`nav.neighbours a[rel="${relation}"], nav.pager a[rel="${relation}"]`);
  if (link) link.click();
});

// In a picture, pointing at one person dims the others' lines.
for (const link of document.querySelectorAll("svg.drawing a")) {
  link.addEventListener("focus", () => link.scrollIntoView({ block: "nearest", inline: "nearest" }));
}
