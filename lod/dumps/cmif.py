"""CMIF out of the graph: what correspSearch and other harvesters of letter indexes read.

Written from the triples alone. `strict` gives what the CMIF schema allows and a harvester expects: an authority's address
where there is one, the letter's own IRI as `@ref`, no letters known only from mentions. Without it the file says all that
the graph says in CMIF's words, with the keys and addresses of the source.
https://github.com/TEI-Correspondence-SIG/CMIF
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5
from xml.sax import saxutils
from xml.sax.saxutils import quoteattr

from lod import authorities
from lod.dumps.indexed import Indexed, lexical
from lod.formats import xml_words
from lod.iris import Iris
from lod.terms import Iri, Triple, address
from lod.vocab import crm, lod, rdf, rdfs, schema

Block = tuple[str, Sequence[Triple]]

_MENTION = {
    crm.E21_Person: "mentionsPerson",
    crm.E74_Group: "mentionsOrg",
    crm.E53_Place: "mentionsPlace",
    crm.E5_Event: "mentionsEvent",
    crm.E7_Activity: "mentionsEvent",
    crm.E36_Visual_Item: "mentionsObject",
    crm.E73_Information_Object: "mentionsObject",
}
_DAY = re.compile(r"-?\d{4}(-(0\d|1[0-2])(-\d\d)?)?")
_FOR_PERSONS = ("gnd", "viaf", "wikidata", "lccn", "bnf")
_FOR_PLACES = ("geonames", "gnd", "wikidata", "tgn")


def _escaped(words: str) -> str:
    """Words as the text of an element."""
    return saxutils.escape(xml_words(words))


@dataclass(frozen=True, slots=True)
class Header:
    """What a CMIF file says of itself. `url`: where it can be fetched; `modified`: its last change, from the sources."""

    title: str
    editors: tuple[str, ...]
    publisher: str
    licence: str
    url: str = ""
    modified: str = ""
    edition: str = ""
    """What the letters are published in, for letters whose own edition the graph does not name."""


@dataclass(slots=True)
class _Known:
    """Things that letters point to: label, addresses of authorities, what kind they are."""

    tag: str = "persName"
    label: str = ""
    addresses: list[str] = field(default_factory=list)
    mention: str = "mentionsBibl"
    by_words: bool = False
    """Known by name only, or not at all."""
    is_book: bool = False
    online: bool = False


def write(blocks: Collection[Block], base: str, header: Header, *, strict: bool = True) -> Iterator[str]:
    """A whole CMIF file in pieces: the header, then a letter each."""
    writer = _Writer(base, header, strict=strict)
    for _, triples in blocks:
        writer.meet(triples)
    yield from writer.head()
    for path, triples in blocks:
        if path.startswith("letter/"):
            yield writer.letter(Indexed(triples))
    yield "    </profileDesc>\n  </teiHeader>\n  <text>\n    <body>\n      <p/>\n    </body>\n  </text>\n</TEI>\n"


class _Writer:
    def __init__(self, base: str, header: Header, *, strict: bool) -> None:
        self.iris = Iris(base)
        self.header = header
        self.strict = strict
        self.known: dict[Iri, _Known] = {}

    # ------------------------------------------------------------------ what letters point to
    def meet(self, triples: Iterable[Triple]) -> None:
        """Remember names and addresses of everything that is no letter."""
        for subject, predicate, value in triples:
            if predicate == rdf.type:
                self._sort(subject, Iri(value))
            elif predicate == rdfs.label and subject in self.known and not self.known[subject].label:
                self.known[subject].label = lexical(value)
            elif predicate == schema.sameAs and subject in self.known:
                self.known[subject].addresses.append(address(Iri(value)))
            elif predicate == crm.P2_has_type and subject in self.known:
                kind = value.rpartition("/")[2].rstrip(">")
                self.known[subject].by_words |= kind.startswith("identity-")
                self.known[subject].online |= kind == "digital-edition"
                self.known[subject].is_book |= kind in ("book", "digital-edition")

    def _sort(self, subject: Iri, kind: Iri) -> None:
        if (
            kind not in (crm.E21_Person, crm.E74_Group, crm.E53_Place)
            and kind not in _MENTION
            and kind != schema.CreativeWork
        ):
            return
        known = self.known.setdefault(subject, _Known())
        known.tag = {crm.E74_Group: "orgName", crm.E53_Place: "placeName"}.get(kind, known.tag)
        known.mention = _MENTION.get(kind, known.mention)

    def _ref(self, node: Iri) -> str:
        """The address to write for somebody: an authority's, else ours; none for who is known only by words."""
        known = self.known.get(node)
        if known is None or (known.by_words and not self.strict):
            return ""
        order = _FOR_PLACES if known.tag == "placeName" else _FOR_PERSONS
        found = sorted(known.addresses, key=lambda each: _rank(each, order))
        if not found:
            return address(node)
        return found[0] if self.strict else " ".join(found)

    # ------------------------------------------------------------------ the header
    def head(self) -> Iterator[str]:
        """The header up to the first letter."""
        about = self.header
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n  <teiHeader>\n    <fileDesc>\n'
        yield f"      <titleStmt>\n        <title>{_escaped(about.title)}</title>\n"
        for editor in about.editors:
            yield f"        <editor>{_escaped(editor)}</editor>\n"
        yield f"      </titleStmt>\n      <publicationStmt>\n        <publisher>{_escaped(about.publisher)}</publisher>\n"
        if about.url:
            yield f'        <idno type="url">{_escaped(about.url)}</idno>\n'
        if about.modified:
            yield f'        <date when="{about.modified}"/>\n'
        licence = f"<licence target={quoteattr(about.licence)}>{_escaped(about.licence)}</licence>"
        yield f"        <availability>\n          {licence}\n        </availability>\n"
        yield "      </publicationStmt>\n      <sourceDesc>\n"
        for node, known in self.known.items():
            if known.is_book:
                sort = "online" if known.online else "print"
                yield f'        <bibl type="{sort}" xml:id="{_uuid(address(node))}">{_escaped(known.label)}</bibl>\n'
        if about.edition:
            yield f'        <bibl type="online" xml:id="{_uuid(self.iris.base)}">{_escaped(about.edition)}</bibl>\n'
        yield "      </sourceDesc>\n    </fileDesc>\n    <profileDesc>\n"

    # ------------------------------------------------------------------ one letter
    def letter(self, graph: Indexed) -> str:
        """A `correspDesc`; `""` for a letter known only from a mention, when strict."""
        node = graph.first
        path = self.iris.path(node)
        lost = self.iris.of("type/status-lost-or-unpublished") in graph.nodes(node, crm.P2_has_type)
        if self.strict and lost:
            return ""
        attributes = f" key={quoteattr(_key(graph, node, path))}"
        ref = address(node) if self.strict else next(map(address, graph.nodes(node, schema.url)), "")
        if ref:
            attributes += f" ref={quoteattr(ref)}"
        book = next(
            (each for each in graph.nodes(node, schema.isPartOf) if each in self.known and self.known[each].is_book),
            None,
        )
        if book is not None:
            attributes += f' source="#{_uuid(address(book))}"'
        elif self.header.edition and not lost:
            attributes += f' source="#{_uuid(self.iris.base)}"'
        writing, receipt = (self.iris.of(f"{path}/{part}") for part in ("writing", "receipt"))
        sent = (
            self._agents(graph, writing, crm.P14_carried_out_by) + self._places(graph, writing) + _date(graph, writing)
        )
        received = self._agents(graph, node, lod.addressed_to) + self._places(graph, receipt) + _date(graph, receipt)
        return (
            f"      <correspDesc{attributes}>\n"
            f'        <correspAction type="sent">\n{sent}        </correspAction>\n'
            f'        <correspAction type="received">\n{received}        </correspAction>\n'
            f"{self._note(graph, node)}      </correspDesc>\n"
        )

    def _agents(self, graph: Indexed, about: Iri, stated: Iri) -> str:
        return "".join(self._name(node, sure) for node, sure in _said(graph, about, stated))

    def _places(self, graph: Indexed, about: Iri) -> str:
        return "".join(self._name(node, sure) for node, sure in _said(graph, about, crm.P7_took_place_at))

    def _name(self, node: Iri, sure: str) -> str:
        known = self.known.get(node, _Known())
        ref = self._ref(node)
        words = known.label or ("Unknown" if known.tag == "persName" else "")
        return (
            f"          <{known.tag}{f' ref={quoteattr(ref)}' if ref else ''}{sure}>{_escaped(words)}</{known.tag}>\n"
        )

    def _note(self, graph: Indexed, node: Iri) -> str:
        """The references of CMIF 2."""
        refs = [("hasLanguage", lexical(tag), "", "") for tag in graph.values(node, schema.inLanguage)]
        for kind in graph.nodes(node, crm.P2_has_type):
            name = kind.rpartition("/")[2].rstrip(">")
            for prefix, term in (("text-base-", "hasTextBase"), ("published-with-", "isPublishedWith")):
                if name.startswith(prefix):
                    refs.append((term, f"cmif:{name.removeprefix(prefix)}", "", ""))
        refs += [("isAvailableAsTEIfile", address(file), "", "") for file in graph.nodes(node, schema.encoding)]
        refs += [("isEditionOf", address(same), "", "") for same in graph.nodes(node, schema.sameAs)]
        for target, sure in _said(graph, node, crm.P67_refers_to):
            known = self.known.get(target)
            if known is not None:
                refs.append((known.mention, self._ref(target) or address(target), known.label, sure))
        if not refs:
            return ""
        lines = (
            f'          <ref type="cmif:{kind}" target={quoteattr(target)}{sure}>{_escaped(words)}</ref>\n'
            for kind, target, words, sure in refs
        )
        return f"        <note>\n{''.join(lines)}        </note>\n"


def _said(graph: Indexed, about: Iri, stated: Iri) -> list[tuple[Iri, str]]:
    """What is stated of a node and what is only assumed, each with its `@cert` or `@evidence`."""
    found: dict[Iri, str] = dict.fromkeys(graph.nodes(about, stated), "")
    for assertion in graph.subjects(crm.P140_assigned_attribute_to, about):
        if stated not in graph.nodes(assertion, crm.P177_assigned_property_of_type):
            continue
        kinds = " ".join(graph.nodes(assertion, crm.P2_has_type))
        for value in graph.nodes(assertion, crm.P141_assigned):
            if "assertion-uncertain" in kinds:
                found[value] = ' cert="low"'
            elif "assertion-inferred" in kinds:
                found[value] = ' evidence="conjecture"'
    return list(found.items())


def _date(graph: Indexed, about: Iri) -> str:
    """The date of a writing or receipt in CMIF's attributes."""
    for span, sure in _said(graph, about, crm.P4_has_time_span):
        edtf = next(map(lexical, graph.values(span, crm.P82_at_some_time_within)), "")
        bounds = [
            next(map(lexical, graph.values(span, term)), "")[:10]
            for term in (crm.P82a_begin_of_the_begin, crm.P82b_end_of_the_end)
        ]
        doubt = "?" in edtf or "%" in edtf or "~" in edtf
        words = next(map(lexical, graph.values(span, crm.P3_has_note)), "")
        attributes = _attributes(edtf, bounds) + (' cert="low"' if doubt else sure)
        return (
            f"          <date{attributes}>{_escaped(words)}</date>\n" if words else f"          <date{attributes}/>\n"
        )
    return ""


def _attributes(edtf: str, bounds: list[str]) -> str:
    """`@when`, `@from @to` or `@notBefore @notAfter`: the day or days themselves when EDTF gives them, else the bounds."""
    plain = re.sub(r"[?~%]", "", edtf)
    if _DAY.fullmatch(plain):
        return f' when="{plain}"'
    names, ends = ("notBefore", "notAfter"), list(bounds)
    if "/" in plain:
        names = ("from", "to")
        ends = [end if _DAY.fullmatch(end) else "" for end in plain.split("/", 1)]
    elif plain.startswith("[") and "," not in plain:
        ends = [end if _DAY.fullmatch(end) else "" for end in plain[1:-1].split("..", 1)]
    return "".join(f' {name}="{end}"' for name, end in zip(names, ends, strict=True) if end)


def _key(graph: Indexed, node: Iri, path: str) -> str:
    """The key as the source writes it, where it is not the IRI's."""
    for identifier in graph.nodes(node, crm.P1_is_identified_by):
        for words in graph.values(identifier, crm.P190_has_symbolic_content):
            return lexical(words)
    return path.partition("/")[2]


def _rank(pointer: str, order: tuple[str, ...]) -> tuple[int, str]:
    scheme = (authorities.recognise(pointer) or ("", ""))[0]
    return (order.index(scheme) if scheme in order else len(order)), pointer


def _uuid(name: str) -> str:
    """A lasting id that is one for XML: a UUID of the name, after a letter."""
    return f"b{uuid5(NAMESPACE_URL, name)}"
