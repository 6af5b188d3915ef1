// Replays a stream with the LDES client of RDF Connect: one member a line, as JSON.
import { replicateLDES } from "ldes-client";
import { Writer } from "n3";

const writer = new Writer({ format: "N-Triples" });
const client = replicateLDES({ url: process.argv[2], polling: false, urlIsView: true });
const reader = client.stream({ highWaterMark: 10 }).getReader();
for (let next = await reader.read(); !next.done; next = await reader.read()) {
  const { id, quads } = next.value;
  const graph = quads
    .filter((quad) => quad.graph.value === id.value)
    .map((quad) => writer.quadToString(quad.subject, quad.predicate, quad.object).trim());
  process.stdout.write(JSON.stringify({ id: id.value, graph }) + "\n");
}
