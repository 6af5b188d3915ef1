"""The letters of a CMIF file as text of N-Triples, without lod: untyped, no records in between, an f-string a triple.

What somebody writes who wants nothing but the triples, of any of five files: PEC, Bahr–Schnitzler, CatCor, MEGAdigital, QhoD. It
goes through the file twice, because a letter is called by the names that its people have most often, and holds no
letter. It refuses nothing and tells of nothing. `benchmarks/emitters.py` asserts that its triples are lod's.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import TextIO
from zlib import crc32

from adhoc import DATE, EDTF, EN, IRI, MOMENT, MONTHS, Row, Thing, book, concepts, files, header_of, origin_of, quoted
from adhoc import record, slug, thing, words
from lxml import etree
from names import BASE, CRM, FOAF, LABEL, LRM, OWN, PROV, SCHEMA, TEI, TYPE, XSD

KINDS = {
    f"{space}{name}": kind
    for space in (TEI, "")  # one of the files has lost the namespace
    for name, kind in (("persName", "person"), ("orgName", "organisation"), ("placeName", "place"))
}
DATES = (f"{TEI}date", "date")
CLASSES = {
    "person": ("E21_Person", "Person"),
    "organisation": ("E74_Group", "Organization"),
    "place": ("E53_Place", "Place"),
}
AUTHORITIES = (
    (re.compile(r"https?://d-nb\.info/gnd/([0-9Xx-]+)"), "gnd", "https://d-nb.info/gnd/{}"),
    (re.compile(r"https?://viaf\.org/viaf/([0-9]+)/?"), "viaf", "http://viaf.org/viaf/{}"),
    (re.compile(r"https?://www\.wikidata\.org/wiki/(Q[0-9]+)"), "wikidata", "http://www.wikidata.org/entity/{}"),
    (re.compile(r"https?://(?:www|sws)\.geonames\.org/([0-9]+)/?"), "geonames", "https://sws.geonames.org/{}/"),
)
EXACT = {4: f"^^<{XSD}gYear>", 7: f"^^<{XSD}gYearMonth>", 10: DATE}
NOBODY = "Unknown"


class Emitter:
    """What is known of a file after the first look, and what letters led to."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.things: dict[str, tuple[str, Thing]] = {}
        """By IRI, with the kind."""
        self.known: dict[tuple[str, str], Thing] = {}
        """By kind and pointer, or name where there is no pointer."""
        self.called: dict[str, str] = {}
        self.pairs: dict[str, tuple[str, str]] = {}
        self.used = {"action-sent", "letter", "name-preferred"}
        self.said: dict[str, str] = {}

    def letters(self) -> Iterator[etree._Element]:
        """One after the other; each is gone when the next is asked for."""
        for _, letter in etree.iterparse(self.source, tag="{*}correspDesc"):
            self.said = self.said or header_of(letter)
            yield letter
            letter.clear()
            while letter.getprevious() is not None:
                del letter.getparent()[0]

    # ------------------------------------------------------------------ the first look
    def count_names(self) -> None:
        """How often everybody is named how."""
        for letter in self.letters():
            for action in letter:
                for child in action:
                    kind = KINDS.get(child.tag)
                    if kind:
                        name = " ".join((child.text or "").split())
                        ref = (child.get("ref") or "").strip()
                        if name != NOBODY and (name or ref):
                            key = kind, ref or name
                            it = self.known.get(key) or self._meet(key, ref, name)
                            it.forms[name] += 1
        for _, it in self.things.values():
            self.called[it.node] = quoted(it.names()[0])

    def _meet(self, key: tuple[str, str], ref: str, name: str) -> Thing:
        kind, _ = key
        it = self._by_pointer(kind, ref) if ref else self._by_name(kind, name)
        self.known[key] = self.things.setdefault(it.node, (kind, it))[1]
        return self.known[key]

    def _by_pointer(self, kind: str, ref: str) -> Thing:
        for pattern, scheme, form in AUTHORITIES:
            if found := pattern.fullmatch(ref):
                return Thing(f"{BASE}{kind}/{scheme}-{found[1].lower()}", form.format(found[1]))
        if "://" in ref:
            return Thing(f"{BASE}{kind}/{slug(re.sub('^https?://(www[.])?', '', ref))}", ref)
        return Thing(f"{BASE}{kind}/{slug(ref.rpartition('#')[2])}", "")

    def _by_name(self, kind: str, name: str) -> Thing:
        node = f"{BASE}{kind}/{self.source.stem}-{slug(name)}"
        return Thing(f"{node}-{crc32(name.encode()):08x}" if node in self.things else node, "", "name-only")

    # ------------------------------------------------------------------ the second look
    def write(self, stream: TextIO) -> None:
        """All triples."""
        self.count_names()
        say = stream.write
        work = f"{BASE}work/{self.source.stem}-{slug(self.said['book key'])}"
        printed = (
            f"{CRM}P106i_forms_part_of" if self.said["book kind"] == "digital-edition" else f"{LRM}R4i_is_embodied_in"
        )
        origin = origin_of(self.source, self.said)
        of_file = [f"<{predicate}> {_object(value, kind)}" for predicate, value, kind in origin]
        for letter in self.letters():
            self._letter(letter, say, f"<{printed}> <{work}>", f"<{SCHEMA}isPartOf> <{work}>", of_file)
        for subject, predicate, value, kind in self._rest(work):
            say(f"<{subject}> <{predicate}> {_object(value, kind)} .\n")

    def _letter(
        self, letter: etree._Element, say: Callable[[str], int], printed: str, within: str, of_file: list[str]
    ) -> None:
        key = _key(letter)
        given = letter.get("key")
        url = letter.get("ref")
        senders, addressees, places, there = [], [], [], []
        date = None
        for action in letter:
            who, where = {"sent": (senders, places), "received": (addressees, there)}.get(action.get("type"), ((), ()))
            for child in action:
                kind = KINDS.get(child.tag)
                if kind:
                    node = self._node(kind, child, key, "sender" if who is senders else "addressee")
                    if node:
                        (where if kind == "place" else who).append(node)
                elif child.tag in DATES:
                    date = child
        names = [" and ".join([self.called[node] for node in nodes]) for nodes in (senders, addressees, places)]
        edtf, when, first, last = _day(date) if date is not None else ("", "undated", "", "")
        who = f"{names[0]} to {names[1]}" if names[0] and names[1] else names[0] or f"to {names[1]}"
        label = ", ".join(filter(None, (who, names[2], when)))
        number = f"letter {key}"
        it = f"{BASE}letter/{key}"
        say(f"<{it}> <{TYPE}> <{LRM}F2_Expression> .\n")
        say(f"<{it}> <{TYPE}> <{CRM}E33_Linguistic_Object> .\n")
        say(f"<{it}> <{TYPE}> <{SCHEMA}Message> .\n")
        say(f'<{it}> <{LABEL}> "{label}"@en .\n')
        say(f"<{it}> <{CRM}P2_has_type> <{BASE}type/letter> .\n")
        say(f'<{it}> <{SCHEMA}name> "{label}"@en .\n')
        say(f"<{it}> <{SCHEMA}url> <{url}> .\n")
        say(f"<{it}> {printed} .\n")
        say(f"<{it}> {within} .\n")
        for node in addressees:
            say(f"<{it}> <{OWN}addressed_to> <{node}> .\n")
            say(f"<{it}> <{SCHEMA}recipient> <{node}> .\n")
        for one, other in product(senders, addressees):
            pair = self._correspondence(one, other)
            if pair:
                say(f"<{it}> <{CRM}P106i_forms_part_of> <{pair}> .\n")
                say(f"<{it}> <{SCHEMA}isPartOf> <{pair}> .\n")
        if key.isdigit():
            self.used.add("identifier-edition-number")
            say(f"<{it}> <{CRM}P1_is_identified_by> <{it}/number> .\n")
            say(f'<{it}> <{SCHEMA}identifier> "{key}" .\n')
            say(f"<{it}/number> <{TYPE}> <{CRM}E42_Identifier> .\n")
            say(f'<{it}/number> <{LABEL}> "Number of letter {key} in the edition"@en .\n')
            say(f"<{it}/number> <{CRM}P2_has_type> <{BASE}type/identifier-edition-number> .\n")
            say(f'<{it}/number> <{CRM}P190_has_symbolic_content> "{key}" .\n')
        elif given and given != key:
            self.used.add("identifier-edition-number")
            say(f"<{it}> <{CRM}P1_is_identified_by> <{it}/key> .\n")
            say(f"<{it}/key> <{TYPE}> <{CRM}E42_Identifier> .\n")
            say(f'<{it}/key> <{LABEL}> "Key of {number} in its source"@en .\n')
            say(f"<{it}/key> <{CRM}P2_has_type> <{BASE}type/identifier-edition-number> .\n")
            say(f'<{it}/key> <{CRM}P190_has_symbolic_content> "{quoted(given)}" .\n')
        say(f"<{it}/writing> <{TYPE}> <{LRM}F28_Expression_Creation> .\n")
        say(f'<{it}/writing> <{LABEL}> "Writing of {number}"@en .\n')
        say(f"<{it}/writing> <{LRM}R17_created> <{it}> .\n")
        for node in senders:
            say(f"<{it}> <{SCHEMA}sender> <{node}> .\n")
            say(f"<{it}/writing> <{CRM}P14_carried_out_by> <{node}> .\n")
            say(f"<{it}/sending> <{CRM}P14_carried_out_by> <{node}> .\n")
        for node in places:
            say(f"<{it}> <{SCHEMA}locationCreated> <{node}> .\n")
            say(f"<{it}/writing> <{CRM}P7_took_place_at> <{node}> .\n")
        if edtf:
            if len(edtf) in EXACT:
                say(f'<{it}> <{SCHEMA}dateCreated> "{edtf}"{EXACT[len(edtf)]} .\n')
            say(f"<{it}/writing> <{CRM}P4_has_time-span> <{it}/writing-date> .\n")
            say(f"<{it}/writing-date> <{TYPE}> <{CRM}E52_Time-Span> .\n")
            say(f'<{it}/writing-date> <{LABEL}> "{when}"@en .\n')
            say(f'<{it}/writing-date> <{CRM}P82_at_some_time_within> "{edtf}"{EDTF} .\n')
            say(f'<{it}/writing-date> <{CRM}P82a_begin_of_the_begin> "{first}T00:00:00Z"{MOMENT} .\n')
            say(f'<{it}/writing-date> <{CRM}P82b_end_of_the_end> "{last}T23:59:59Z"{MOMENT} .\n')
            if date.text and date.text.strip():
                say(f'<{it}/writing-date> <{CRM}P3_has_note> "{quoted(words(date))}"@en .\n')
        say(f"<{it}/sending> <{TYPE}> <{CRM}E7_Activity> .\n")
        say(f'<{it}/sending> <{LABEL}> "Sending of {number}"@en .\n')
        say(f"<{it}/sending> <{CRM}P2_has_type> <{BASE}type/action-sent> .\n")
        say(f"<{it}/sending> <{CRM}P16_used_specific_object> <{it}> .\n")
        if there:
            self.used.add("action-received")
            say(f"<{it}/sending> <{CRM}P182_ends_before_or_with_the_start_of> <{it}/receipt> .\n")
            say(f"<{it}/receipt> <{TYPE}> <{CRM}E7_Activity> .\n")
            say(f'<{it}/receipt> <{LABEL}> "Receipt of {number}"@en .\n')
            say(f"<{it}/receipt> <{CRM}P2_has_type> <{BASE}type/action-received> .\n")
            say(f"<{it}/receipt> <{CRM}P16_used_specific_object> <{it}> .\n")
            for node in addressees:
                say(f"<{it}/receipt> <{CRM}P14_carried_out_by> <{node}> .\n")
            for node in there:
                say(f"<{it}/receipt> <{CRM}P7_took_place_at> <{node}> .\n")
        say(f"<{it}.ttl> <{TYPE}> <{FOAF}Document> .\n")
        say(f"<{it}.ttl> <{TYPE}> <{PROV}Entity> .\n")
        say(f'<{it}.ttl> <{LABEL}> "Record of {number}"@en .\n')
        say(f"<{it}.ttl> <{FOAF}primaryTopic> <{it}> .\n")
        for said in of_file:
            say(f"<{it}.ttl> {said} .\n")

    def _node(self, kind: str, child: etree._Element, key: str, role: str) -> str:
        ref = child.get("ref")
        if ref:
            return self.known[kind, ref.strip()].node
        name = " ".join((child.text or "").split())
        if name == NOBODY:
            it = Thing(f"{BASE}{kind}/{key}-{role}", "", "placeholder")
            it.forms[name] += 1
            self.things[it.node], self.called[it.node] = (kind, it), name
            return it.node
        return self.known[kind, name].node if name else ""

    def _correspondence(self, one: str, other: str) -> str:
        """The IRI of the letters between two people; nothing for a body, or for somebody and themselves."""
        start = f"{BASE}person/"
        if one == other or not (one.startswith(start) and other.startswith(start)):
            return ""
        first, second = sorted((one, other))
        node = f"{BASE}correspondence/{first.removeprefix(start)}-{second.removeprefix(start)}"
        self.pairs[node] = first, second
        return node

    def _rest(self, work: str) -> Iterator[Row]:
        origin = origin_of(self.source, self.said)
        names = {node: it.names()[0] for node, (_, it) in self.things.items()}
        for node, (first, second) in self.pairs.items():
            label = f"Correspondence of {names[first]} and {names[second]}"
            yield node, TYPE, f"{CRM}E73_Information_Object", IRI
            yield node, TYPE, f"{SCHEMA}Conversation", IRI
            yield node, LABEL, label, EN
            yield node, f"{SCHEMA}name", label, EN
            yield from record(node, label, origin)
        for kind, it in self.things.values():
            self.used |= {f"identity-{it.identity}"} if it.identity else set()
            self.used |= {"name-variant"} if len(it.forms) > 1 else set()
            yield from thing(it, *CLASSES[kind], origin)
        yield from book(work, self.said, origin)
        yield from concepts({*self.used, self.said["book kind"]})
        yield from files(self.source.name, self.said, origin)


def emit_untyped(source: Path, out: Path) -> None:
    """All triples of a file."""
    with out.open("w", 1 << 20, encoding="utf-8") as stream:
        Emitter(source).write(stream)


def _object(value: str, kind: str) -> str:
    return f"<{value}>" if kind == IRI else f'"{quoted(value)}"{kind}'


def _key(letter: etree._Element) -> str:
    given = letter.get("key") or letter.get("{http://www.w3.org/XML/1998/namespace}id")
    return slug(given or re.split("[/=]", letter.get("ref"))[-1])


def _day(date: etree._Element) -> tuple[str, str, str, str]:
    """EDTF, words, first and last day."""
    when, low = date.get("when"), "?" if date.get("cert") == "low" else ""
    if when:
        return f"{when}{low}", f"{_words(when)}{' (uncertain)' if low else ''}", _first(when), _last(when)
    start, end = date.get("notBefore") or date.get("from"), date.get("notAfter") or date.get("to")
    if start == end:
        return f"{start}{low}", f"{_words(start)}{' (uncertain)' if low else ''}", _first(start), _last(end)
    before, between, edtf = (
        ("from", "to", f"{start}/{end}") if date.get("from") else ("between", "and", f"[{start}{low}..{end}{low}]")
    )
    until = f"{_words(end)}{' (uncertain)' if low else ''}"
    return edtf, f"{before} {_shared(start, end, low)} {between} {until}", _first(start), _last(end)


def _words(when: str) -> str:
    """`22 April 1936`."""
    year, month, day = (when.split("-") + ["", ""])[:3]
    return " ".join(filter(None, (day.lstrip("0"), MONTHS[int(month or 0)], year)))


def _shared(start: str, end: str, low: str) -> str:
    """The first of two days without the month and year that the second has too."""
    if low:
        return f"{_words(start)} (uncertain)"
    if start[:7] == end[:7]:
        return start[8:].lstrip("0")
    return _words(start).removesuffix(f" {end[:4]}")


def _first(when: str) -> str:
    return when + "-01-01"[len(when) - 4 :] if len(when) < 10 else when


def _last(when: str) -> str:
    if len(when) == 7:
        return f"{when}-{monthrange(int(when[:4]), int(when[5:]))[1]}"
    return when + "-12-31"[len(when) - 4 :]
