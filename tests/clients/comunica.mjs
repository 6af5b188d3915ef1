// Asks a query of documents on the web; rows as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [query, ...sources] = process.argv.slice(2);
const rows = await (await new QueryEngine().queryBindings(query, { sources })).toArray();
process.stdout.write(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])))));
