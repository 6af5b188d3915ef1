"""One way of making triples of letters, in a process of its own: `python benchmarks/peer.py WAY SOURCE OUT`.

Prints CPU seconds and peak memory as one line of JSON. Imports are not counted, reading and writing are. The letters are
those of `benchmarks/peers.py`: each with one sender, one addressee, a place and a day. `emit`, `rdflib_…` and `morph_…` make the
same 26 triples of a letter; `benchmarks/letters.rml.ttl` says them in RML. `lod` makes all that its data model has of them, and
`emit_all` and `rdflib_all_…` the same without lod (`benchmarks/alike.py`), for letters such as these; `emit_untyped` the same
for any of five files (`benchmarks/untyped.py`).
"""

import csv
import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from adhoc import quoted
from alike import emit_all, rdflib_all_nt, rdflib_all_ttl
from letters import TOML
from lxml import etree
from names import BASE, CRM, DCT, FOAF, FREE, LABEL, LRM, OWN, SCHEMA, TEI, TYPE, XSD
from untyped import emit_untyped

COLUMNS = ("key", "ref", "sender", "senderRef", "placeRef", "when", "addressee", "addresseeRef")


def fields(source: Path) -> Iterator[tuple[str, ...]]:
    """The eight values of each letter, in the order of `COLUMNS`; memory does not grow with the file."""
    for _, letter in etree.iterparse(source, tag=f"{TEI}correspDesc"):
        sent, received = letter.findall(f"{TEI}correspAction")
        sender, addressee = sent.find(f"{TEI}persName"), received.find(f"{TEI}persName")
        yield (
            letter.get("key"), letter.get("ref"), sender.text, sender.get("ref"), sent.find(f"{TEI}placeName").get("ref"),
            sent.find(f"{TEI}date").get("when"), addressee.text, addressee.get("ref"),
        )  # fmt: skip
        letter.clear()
        while letter.getprevious() is not None:
            del letter.getparent()[0]


def emit(source: Path, out: Path) -> None:
    """No records, no terms, no types: text of N-Triples straight from the parser. As fast as Python gets."""
    with out.open("w", encoding="utf-8") as stream:
        for key, ref, sender, sender_ref, place, when, addressee, addressee_ref in fields(source):
            letter = f"{BASE}letter/{key}"
            stream.write(
                f"<{letter}> <{TYPE}> <{SCHEMA}Message> .\n"
                f"<{letter}> <{TYPE}> <{CRM}E33_Linguistic_Object> .\n"
                f'<{letter}> <{LABEL}> "{quoted(sender)} to {quoted(addressee)}"@en .\n'
                f'<{letter}> <{SCHEMA}identifier> "{key}" .\n'
                f"<{letter}> <{SCHEMA}url> <{ref}> .\n"
                f"<{letter}> <{SCHEMA}sender> <{sender_ref}> .\n"
                f"<{letter}> <{SCHEMA}recipient> <{addressee_ref}> .\n"
                f"<{letter}> <{OWN}addressed_to> <{addressee_ref}> .\n"
                f'<{letter}> <{SCHEMA}dateCreated> "{when}"^^<{XSD}date> .\n'
                f"<{letter}> <{SCHEMA}locationCreated> <{place}> .\n"
                f"<{letter}/writing> <{TYPE}> <{LRM}F28_Expression_Creation> .\n"
                f"<{letter}/writing> <{LRM}R17_created> <{letter}> .\n"
                f"<{letter}/writing> <{CRM}P14_carried_out_by> <{sender_ref}> .\n"
                f"<{letter}/writing> <{CRM}P7_took_place_at> <{place}> .\n"
                f"<{letter}/writing> <{CRM}P4_has_time-span> <{letter}/writing-date> .\n"
                f"<{letter}/writing-date> <{TYPE}> <{CRM}E52_Time-Span> .\n"
                f'<{letter}/writing-date> <{LABEL}> "{when}"@en .\n'
                f'<{letter}/writing-date> <{CRM}P82a_begin_of_the_begin> "{when}T00:00:00Z"^^<{XSD}dateTime> .\n'
                f'<{letter}/writing-date> <{CRM}P82b_end_of_the_end> "{when}T23:59:59Z"^^<{XSD}dateTime> .\n'
                f"<{letter}/sending> <{TYPE}> <{CRM}E7_Activity> .\n"
                f"<{letter}/sending> <{CRM}P2_has_type> <{BASE}type/action-sent> .\n"
                f"<{letter}/sending> <{CRM}P14_carried_out_by> <{sender_ref}> .\n"
                f"<{letter}/sending> <{CRM}P16_used_specific_object> <{letter}> .\n"
                f"<{letter}.ttl> <{TYPE}> <{FOAF}Document> .\n"
                f"<{letter}.ttl> <{FOAF}primaryTopic> <{letter}> .\n"
                f"<{letter}.ttl> <{DCT}license> <{FREE}> .\n"
            )


def _graph(source: Path) -> Any:
    """As most scripts do it: lxml, a Graph, `add`."""
    import rdflib
    from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef

    rdflib.NORMALIZE_LITERALS = False  # or "Z" becomes "+00:00"
    crm, lrm, schema, own = Namespace(CRM), Namespace(LRM), Namespace(SCHEMA), Namespace(OWN)
    foaf, xsd = Namespace(FOAF), Namespace(XSD)
    graph = Graph()
    for prefix, space in (("crm", crm), ("lrmoo", lrm), ("schema", schema)):
        graph.bind(prefix, space, replace=True)
    for key, ref, sender, sender_ref, place, when, addressee, addressee_ref in fields(source):
        letter = URIRef(f"{BASE}letter/{key}")
        writing, span, sending = (URIRef(f"{letter}/{part}") for part in ("writing", "writing-date", "sending"))
        record = URIRef(f"{letter}.ttl")
        graph.add((letter, RDF.type, schema.Message))
        graph.add((letter, RDF.type, crm.E33_Linguistic_Object))
        graph.add((letter, RDFS.label, Literal(f"{sender} to {addressee}", lang="en")))
        graph.add((letter, schema.identifier, Literal(key)))
        graph.add((letter, schema.url, URIRef(ref)))
        graph.add((letter, schema.sender, URIRef(sender_ref)))
        graph.add((letter, schema.recipient, URIRef(addressee_ref)))
        graph.add((letter, own.addressed_to, URIRef(addressee_ref)))
        graph.add((letter, schema.dateCreated, Literal(when, datatype=xsd.date)))
        graph.add((letter, schema.locationCreated, URIRef(place)))
        graph.add((writing, RDF.type, lrm.F28_Expression_Creation))
        graph.add((writing, lrm.R17_created, letter))
        graph.add((writing, crm.P14_carried_out_by, URIRef(sender_ref)))
        graph.add((writing, crm.P7_took_place_at, URIRef(place)))
        graph.add((writing, crm["P4_has_time-span"], span))
        graph.add((span, RDF.type, crm["E52_Time-Span"]))
        graph.add((span, RDFS.label, Literal(when, lang="en")))
        graph.add((span, crm.P82a_begin_of_the_begin, Literal(f"{when}T00:00:00Z", datatype=xsd.dateTime)))
        graph.add((span, crm.P82b_end_of_the_end, Literal(f"{when}T23:59:59Z", datatype=xsd.dateTime)))
        graph.add((sending, RDF.type, crm.E7_Activity))
        graph.add((sending, crm.P2_has_type, URIRef(f"{BASE}type/action-sent")))
        graph.add((sending, crm.P14_carried_out_by, URIRef(sender_ref)))
        graph.add((sending, crm.P16_used_specific_object, letter))
        graph.add((record, RDF.type, foaf.Document))
        graph.add((record, foaf.primaryTopic, letter))
        graph.add((record, URIRef(f"{DCT}license"), URIRef(FREE)))
    return graph


def rdflib_nt(source: Path, out: Path) -> None:
    """lxml, rdflib, N-Triples."""
    _graph(source).serialize(out, format="nt", encoding="utf-8")


def rdflib_ttl(source: Path, out: Path) -> None:
    """lxml, rdflib, Turtle."""
    _graph(source).serialize(out, format="turtle")


def _morph(source: Path, out: Path, formulation: str, iterator: str, names: dict[str, str]) -> None:
    import morph_kgc

    rml = (Path(__file__).parent / "letters.rml.ttl").read_text(encoding="utf-8")
    for name, reference in names.items():
        rml = rml.replace(f"${name}$", reference)
    rml = rml.replace("$source$", str(source)).replace("$formulation$", formulation).replace("$iterator$", iterator)
    mapping = out.with_suffix(".rml.ttl")
    mapping.write_text(rml, encoding="utf-8")
    settings = f"[CONFIGURATION]\nnumber_of_processes = 1\nlogging_level = ERROR\n[LETTERS]\nmappings = {mapping}\n"
    triples = morph_kgc.materialize_set(settings)
    with out.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{triple} .\n" for triple in triples)


def morph_xml(source: Path, out: Path) -> None:
    """morph-kgc, RML over XML. Its references take no predicate with an attribute: the first action is the sending."""
    sent, received = "tei:correspAction[1]/tei:", "tei:correspAction[2]/tei:"
    paths = (
        "@key", "@ref", f"{sent}persName", f"{sent}persName/@ref", f"{sent}placeName/@ref", f"{sent}date/@when",
        f"{received}persName", f"{received}persName/@ref",
    )  # fmt: skip
    iterator = 'rml:iterator "/tei:TEI/tei:teiHeader/tei:profileDesc/tei:correspDesc"'
    _morph(source, out, "XPath", iterator, dict(zip(COLUMNS, paths, strict=True)))


def morph_csv(source: Path, out: Path) -> None:
    """morph-kgc, RML over a table of the same values; making the table is not counted."""
    _morph(source, out, "CSV", 'rdfs:comment "a row is a letter"', dict(zip(COLUMNS, COLUMNS, strict=True)))


def acdh_people(source: Path, out: Path) -> None:
    """acdh-cidoc-pyutils over a TEI register of people: type, names, birth and death, identifiers, occupations."""
    from acdh_cidoc_pyutils import make_appellations, make_birth_death_entities, make_e42_identifiers, make_occupations
    from rdflib import RDF, Graph, Namespace, URIRef

    graph = Graph()
    for person in etree.parse(source).getroot().iter(f"{TEI}person"):
        subject = URIRef(f"{BASE}person/{person.get('{http://www.w3.org/XML/1998/namespace}id')}")
        graph.add((subject, RDF.type, Namespace(CRM).E21_Person))
        graph += make_appellations(subject, person, type_domain=f"{BASE}type", default_lang="und")
        for event in ("birth", "death"):
            graph += make_birth_death_entities(subject, person, f"{BASE}place/", event_type=event, default_prefix="")[0]
        graph += make_e42_identifiers(subject, person, type_domain=f"{BASE}type", default_lang="und")
        graph += make_occupations(subject, person)[0]
    graph.serialize(out, format="nt", encoding="utf-8")


def lod(source: Path, out: Path) -> None:
    """lod's real work, unchecked: identities, keys, dates, every statement of the data model, records; N-Triples."""
    _lod(source, out, "cmif", "nt")


def lod_ttl(source: Path, out: Path) -> None:
    """The same, as readable Turtle."""
    _lod(source, out, "cmif", "ttl")


def lod_people(source: Path, out: Path) -> None:
    """lod over the same register as acdh-cidoc-pyutils."""
    _lod(source, out, "registers", "nt")


def _lod(source: Path, out: Path, form: str, written: str) -> None:
    from lod import config, dumps, mapping, readers
    from lod.report import Report

    sources = f'[[source]]\nfile = "{source.name}"\nformat = "{form}"\n'
    (source.parent / "edition.toml").write_text(TOML.partition("[[source]]")[0] + sources, encoding="utf-8")
    corpus = readers.read(config.load(source.parent), Report())
    blocks = mapping.map_edition(corpus.edition, corpus.records, corpus.sources)
    dumps.write((triples for _, triples in blocks), corpus.edition.base, out, written)


WAYS: dict[str, Callable[[Path, Path], None]] = {
    each.__name__: each
    for each in (
        *(emit, rdflib_nt, rdflib_ttl, morph_xml, morph_csv),
        *(emit_all, emit_untyped, rdflib_all_nt, rdflib_all_ttl, lod, lod_ttl),
        *(acdh_people, lod_people),
    )
}


def table(source: Path, out: Path) -> None:
    """The values of the letters as CSV."""
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(fields(source))


def _preload(way: str) -> None:
    """Imports before the clock starts."""
    if way.startswith("morph"):
        import morph_kgc  # noqa: F401
    elif way.startswith("acdh"):
        import acdh_cidoc_pyutils  # noqa: F401
    elif way.startswith("rdflib"):
        import rdflib  # noqa: F401
    elif way.startswith("lod"):
        import lod.config
        import lod.dumps
        import lod.mapping
        import lod.readers  # noqa: F401


def main(way: str, source: Path, out: Path) -> None:
    """Run one way and print its figures."""
    _preload(way)
    before = resource.getrusage(resource.RUSAGE_SELF)
    WAYS[way](source, out)
    after, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    cpu = own + children.ru_utime + children.ru_stime
    sys.stdout.write(json.dumps({"cpu": round(cpu, 3), "peak_mb": _peak()}) + "\n")


def _peak() -> int:
    """Megabytes. As Linux tells it of the process itself: `getrusage` counts in what the one that started it held."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
