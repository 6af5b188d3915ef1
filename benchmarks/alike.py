"""All triples that lod makes of the letters of `benchmarks/peers.py`, made without lod: as text and with rdflib.

`benchmarks/peers.py` asserts that they are lod's, all of them. Letters are written out for each way; the little that is left
are rows for both.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from adhoc import DATE, EDTF, EN, IRI, MOMENT, Letter, Row, Source, correspondence_of, day, quoted, read, rest
from names import BASE, CRM, FOAF, LABEL, LRM, OWN, PROV, SCHEMA, TYPE


# ---------------------------------------------------------------------- text
def emit_all(source: Path, out: Path) -> None:
    """No records, no terms, no types: text of N-Triples."""
    found = read(source)
    called = {node: quoted(name) for node, name in found.called().items()}
    of_file = tuple(f" <{predicate}> {_written(value, kind)} .\n" for predicate, value, kind in found.origin())
    with out.open("w", 1 << 20, encoding="utf-8") as stream:
        for letter in found.letters:
            stream.write(_letter(letter, called, found.book, of_file))
        for subject, predicate, value, kind in rest(found):
            stream.write(f"<{subject}> <{predicate}> {_written(value, kind)} .\n")


def _written(value: str, kind: str) -> str:
    return f'"{quoted(value)}"{kind}' if kind != IRI else f"<{value}>"


def _letter(row: Letter, called: dict[str, str], book: str, of_file: tuple[str, ...]) -> str:
    key, url, sender, addressee, place, when, there = row
    letter, date = f"{BASE}letter/{key}", day(when)
    sender_node, addressee_node, place_node = sender.node, addressee.node, place.node
    label = f"{called[sender_node]} to {called[addressee_node]}, {called[place_node]}, {date}"
    correspondence, _, _ = correspondence_of(sender, addressee)
    licence, derived, modified, part = of_file
    text = (
        f"<{letter}> <{TYPE}> <{LRM}F2_Expression> .\n"
        f"<{letter}> <{TYPE}> <{CRM}E33_Linguistic_Object> .\n"
        f"<{letter}> <{TYPE}> <{SCHEMA}Message> .\n"
        f'<{letter}> <{LABEL}> "{label}"@en .\n'
        f"<{letter}> <{CRM}P2_has_type> <{BASE}type/letter> .\n"
        f"<{letter}> <{CRM}P106i_forms_part_of> <{correspondence}> .\n"
        f"<{letter}> <{OWN}addressed_to> <{addressee_node}> .\n"
        f'<{letter}> <{SCHEMA}name> "{label}"@en .\n'
        f"<{letter}> <{SCHEMA}url> <{url}> .\n"
        f"<{letter}> <{SCHEMA}sender> <{sender_node}> .\n"
        f"<{letter}> <{SCHEMA}recipient> <{addressee_node}> .\n"
        f'<{letter}> <{SCHEMA}dateCreated> "{when}"{DATE} .\n'
        f"<{letter}> <{SCHEMA}locationCreated> <{place_node}> .\n"
        f"<{letter}> <{LRM}R4i_is_embodied_in> <{book}> .\n"
        f"<{letter}> <{SCHEMA}isPartOf> <{book}> .\n"
        f"<{letter}> <{SCHEMA}isPartOf> <{correspondence}> .\n"
        f"<{letter}/writing> <{TYPE}> <{LRM}F28_Expression_Creation> .\n"
        f'<{letter}/writing> <{LABEL}> "Writing of letter {key}"@en .\n'
        f"<{letter}/writing> <{LRM}R17_created> <{letter}> .\n"
        f"<{letter}/writing> <{CRM}P14_carried_out_by> <{sender_node}> .\n"
        f"<{letter}/writing> <{CRM}P7_took_place_at> <{place_node}> .\n"
        f"<{letter}/writing> <{CRM}P4_has_time-span> <{letter}/writing-date> .\n"
        f"<{letter}/writing-date> <{TYPE}> <{CRM}E52_Time-Span> .\n"
        f'<{letter}/writing-date> <{LABEL}> "{date}"@en .\n'
        f'<{letter}/writing-date> <{CRM}P82_at_some_time_within> "{when}"{EDTF} .\n'
        f'<{letter}/writing-date> <{CRM}P82a_begin_of_the_begin> "{when}T00:00:00Z"{MOMENT} .\n'
        f'<{letter}/writing-date> <{CRM}P82b_end_of_the_end> "{when}T23:59:59Z"{MOMENT} .\n'
        f"<{letter}/sending> <{TYPE}> <{CRM}E7_Activity> .\n"
        f'<{letter}/sending> <{LABEL}> "Sending of letter {key}"@en .\n'
        f"<{letter}/sending> <{CRM}P2_has_type> <{BASE}type/action-sent> .\n"
        f"<{letter}/sending> <{CRM}P14_carried_out_by> <{sender_node}> .\n"
        f"<{letter}/sending> <{CRM}P16_used_specific_object> <{letter}> .\n"
        f"<{letter}.ttl> <{TYPE}> <{FOAF}Document> .\n"
        f"<{letter}.ttl> <{TYPE}> <{PROV}Entity> .\n"
        f'<{letter}.ttl> <{LABEL}> "Record of letter {key}"@en .\n'
        f"<{letter}.ttl> <{FOAF}primaryTopic> <{letter}> .\n"
        f"<{letter}.ttl>{licence}<{letter}.ttl>{derived}<{letter}.ttl>{modified}<{letter}.ttl>{part}"
    )
    if there is None:
        return text
    return text + (
        f"<{letter}/sending> <{CRM}P182_ends_before_or_with_the_start_of> <{letter}/receipt> .\n"
        f"<{letter}/receipt> <{TYPE}> <{CRM}E7_Activity> .\n"
        f'<{letter}/receipt> <{LABEL}> "Receipt of letter {key}"@en .\n'
        f"<{letter}/receipt> <{CRM}P2_has_type> <{BASE}type/action-received> .\n"
        f"<{letter}/receipt> <{CRM}P14_carried_out_by> <{addressee_node}> .\n"
        f"<{letter}/receipt> <{CRM}P16_used_specific_object> <{letter}> .\n"
        f"<{letter}/receipt> <{CRM}P7_took_place_at> <{there.node}> .\n"
    )


# ---------------------------------------------------------------------- rdflib
def rdflib_all_nt(source: Path, out: Path) -> None:
    """A Graph and `add`, N-Triples."""
    _graph(source).serialize(out, format="nt", encoding="utf-8")


def rdflib_all_ttl(source: Path, out: Path) -> None:
    """A Graph and `add`, Turtle."""
    _graph(source).serialize(out, format="turtle")


def _graph(source: Path) -> Any:
    import rdflib
    from rdflib import Graph, Literal, URIRef

    rdflib.NORMALIZE_LITERALS = False  # or "Z" becomes "+00:00"
    found, graph = read(source), Graph()
    for prefix, space in (("crm", CRM), ("lrmoo", LRM), ("schema", SCHEMA)):
        graph.bind(prefix, space, replace=True)
    term = cache(URIRef)  # for predicates and datatypes, which come again and again
    for subject, predicate, value, kind in chain(_letters(found), rest(found)):
        if kind == IRI:
            node = URIRef(value)
        elif kind.startswith("@"):
            node = Literal(value, lang=kind[1:])
        else:
            node = Literal(value, datatype=term(kind[3:-1]) if kind else None)
        graph.add((URIRef(subject), term(predicate), node))
    return graph


def _letters(found: Source) -> Iterator[Row]:
    called, book, origin = found.called(), found.book, found.origin()
    for key, url, sender, addressee, place, when, there in found.letters:
        letter, date = f"{BASE}letter/{key}", day(when)
        writing, span, sending, receipt, record = (
            f"{letter}{part}" for part in ("/writing", "/writing-date", "/sending", "/receipt", ".ttl")
        )
        correspondence, _, _ = correspondence_of(sender, addressee)
        label = f"{called[sender.node]} to {called[addressee.node]}, {called[place.node]}, {date}"
        yield letter, TYPE, f"{LRM}F2_Expression", IRI
        yield letter, TYPE, f"{CRM}E33_Linguistic_Object", IRI
        yield letter, TYPE, f"{SCHEMA}Message", IRI
        yield letter, LABEL, label, EN
        yield letter, f"{CRM}P2_has_type", f"{BASE}type/letter", IRI
        yield letter, f"{CRM}P106i_forms_part_of", correspondence, IRI
        yield letter, f"{OWN}addressed_to", addressee.node, IRI
        yield letter, f"{SCHEMA}name", label, EN
        yield letter, f"{SCHEMA}url", url, IRI
        yield letter, f"{SCHEMA}sender", sender.node, IRI
        yield letter, f"{SCHEMA}recipient", addressee.node, IRI
        yield letter, f"{SCHEMA}dateCreated", when, DATE
        yield letter, f"{SCHEMA}locationCreated", place.node, IRI
        yield letter, f"{LRM}R4i_is_embodied_in", book, IRI
        yield letter, f"{SCHEMA}isPartOf", book, IRI
        yield letter, f"{SCHEMA}isPartOf", correspondence, IRI
        yield writing, TYPE, f"{LRM}F28_Expression_Creation", IRI
        yield writing, LABEL, f"Writing of letter {key}", EN
        yield writing, f"{LRM}R17_created", letter, IRI
        yield writing, f"{CRM}P14_carried_out_by", sender.node, IRI
        yield writing, f"{CRM}P7_took_place_at", place.node, IRI
        yield writing, f"{CRM}P4_has_time-span", span, IRI
        yield span, TYPE, f"{CRM}E52_Time-Span", IRI
        yield span, LABEL, date, EN
        yield span, f"{CRM}P82_at_some_time_within", when, EDTF
        yield span, f"{CRM}P82a_begin_of_the_begin", f"{when}T00:00:00Z", MOMENT
        yield span, f"{CRM}P82b_end_of_the_end", f"{when}T23:59:59Z", MOMENT
        yield sending, TYPE, f"{CRM}E7_Activity", IRI
        yield sending, LABEL, f"Sending of letter {key}", EN
        yield sending, f"{CRM}P2_has_type", f"{BASE}type/action-sent", IRI
        yield sending, f"{CRM}P14_carried_out_by", sender.node, IRI
        yield sending, f"{CRM}P16_used_specific_object", letter, IRI
        yield record, TYPE, f"{FOAF}Document", IRI
        yield record, TYPE, f"{PROV}Entity", IRI
        yield record, LABEL, f"Record of letter {key}", EN
        yield record, f"{FOAF}primaryTopic", letter, IRI
        for predicate, value, kind in origin:
            yield record, predicate, value, kind
        if there is not None:
            yield sending, f"{CRM}P182_ends_before_or_with_the_start_of", receipt, IRI
            yield receipt, TYPE, f"{CRM}E7_Activity", IRI
            yield receipt, LABEL, f"Receipt of letter {key}", EN
            yield receipt, f"{CRM}P2_has_type", f"{BASE}type/action-received", IRI
            yield receipt, f"{CRM}P14_carried_out_by", addressee.node, IRI
            yield receipt, f"{CRM}P16_used_specific_object", letter, IRI
            yield receipt, f"{CRM}P7_took_place_at", there.node, IRI
