"""Links to authorities, one set for each: `owl:sameAs` for things, as VoID linksets and BEACON lists have them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lod.authorities import SCHEMES, recognise
from lod.terms import Iri, Triple, address, n_triples
from lod.vocab import owl, schema

_AUTHORITIES = {scheme.name: scheme for scheme in SCHEMES}
LABELS = {
    "gnd": "GND", "viaf": "VIAF", "wikidata": "Wikidata", "geonames": "GeoNames", "lccn": "Library of Congress",
    "bnf": "BnF", "isni": "ISNI", "orcid": "ORCID", "ndl": "NDL", "idref": "IdRef", "tgn": "TGN", "ulan": "ULAN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A thing of ours, the same thing at an authority, and its identifier there."""

    thing: Iri
    target: Iri
    identifier: str

    @property
    def triple(self) -> Triple:
        """As the linkset says it."""
        return self.thing, owl.sameAs, self.target


@dataclass(frozen=True, slots=True)
class Linkset:
    """All links to one authority, in the order of its identifiers."""

    name: str
    links: tuple[Link, ...]

    @property
    def label(self) -> str:
        """The authority's name for people."""
        return LABELS.get(self.name, self.name)

    @property
    def space(self) -> str:
        """What addresses at the authority begin with."""
        return _AUTHORITIES[self.name].form.partition("{}")[0]

    @property
    def form(self) -> str:
        """An address there, `{}` for the identifier."""
        return _AUTHORITIES[self.name].form


def linksets(triples: Iterable[Triple]) -> tuple[Linkset, ...]:
    """The linksets in a dump, in the order of `lod.authorities`. Addresses that no authority gives are left out."""
    found: dict[str, dict[tuple[str, Iri], Link]] = {name: {} for name in _AUTHORITIES}
    for thing, predicate, node in triples:
        if predicate == schema.sameAs and node[0] == "<":
            known = recognise(address(Iri(node)))
            if known is not None:
                name, identifier = known
                found[name][identifier, thing] = Link(thing, Iri(node), identifier)
    return tuple(
        Linkset(name, tuple(link for _, link in sorted(links.items()))) for name, links in found.items() if links
    )


def n_triples_lines(linkset: Linkset) -> Iterator[str]:
    """A linkset as sorted N-Triples."""
    yield from sorted(n_triples(link.triple) for link in linkset.links)


def beacon(linkset: Linkset, *, title: str, feed: str, timestamp: str, target: str) -> Iterator[str]:
    """A BEACON file: one line an identifier and, behind `||`, the address of its thing; no duplicates.

    `feed` is the file's own address, `timestamp` a day or `""`, `target` what the addresses of things are below (`…/`).
    Two things with one identifier are both told, a line each: the identifier is the same, the targets differ.
    """
    yield "#FORMAT: BEACON\n"
    prefix = linkset.form if "{}" in linkset.form and not linkset.form.endswith("{}") else linkset.space
    yield f"#PREFIX: {prefix.replace('{}', '{ID}')}\n"
    yield f"#TARGET: {target}\n"
    yield f"#RELATION: {address(owl.sameAs)}\n"
    yield f"#NAME: {title}\n#FEED: {feed}\n"
    if timestamp:
        yield f"#TIMESTAMP: {timestamp}\n"
    yield "\n"
    for link in _once(linkset.links):
        yield f"{link.identifier}||{address(link.thing).removeprefix(target)}\n"


def _once(links: Sequence[Link]) -> Iterator[Link]:
    yield from {(link.identifier, link.thing): link for link in links}.values()


def identifier(name: str, target: str) -> str:
    """The identifier in an authority's address; `""` when it is no address of that authority."""
    known = recognise(target)
    return known[1] if known is not None and known[0] == name else ""
