"""What the tests of stores ask."""

from pathlib import Path

from lod.store import Limits

SAMPLE = Path(__file__).parents[1] / "web" / "sample.ttl"
LIMITS = Limits(seconds=0.6, memory_bytes=200 << 20, output_bytes=1 << 20)
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
SORTED = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i"
DOUBLING = (
    'SELECT (STRLEN(?a40) AS ?n) { BIND("aaaaaaaaaaaaaaaa" AS ?a0) '
    + " ".join(f"BIND(CONCAT(?a{i},?a{i}) AS ?a{i + 1})" for i in range(40))
    + " }"
)
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 600000 } }"
SIMPLE = "ASK { ?s ?p ?o }"
