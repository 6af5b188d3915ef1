"""What a person's entry says of other entries: nationality, residence, affiliation, by pointer or by a name in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lod import authorities
from lod.model import STATED, Affiliation, Claim, Link, Standing, Stay
from lod.readers import location, remaining
from lod.readers.index import entry_path, kind_named
from lod.readers.references import References
from lod.readers.xml import TEI, Element, words

CHANGES = ("joining", "leaving")
"""Types of affiliations that are events; of another type nothing is known."""


def led(child: Element, kind: str, refs: References) -> list[Link]:
    """What a statement leads to: by its own pointer, else the one thing of a kind that it names."""
    own = _own(child, refs)
    if own and all(_is_of_authority(pointer, refs) for pointer in own.split()):
        found = list(refs.links(child, kind))
        _are_countries(child, found, refs)
        return found
    if own:
        link = refs.link(child, own)
        refs.expect(kind, link.target if link else "", child)
        return [link] if link else []
    inner = _inner(child, kind)
    claim = refs.here.claim(child, refs.path)
    found = list(refs.links(inner, kind)) if inner is not None else []
    _are_countries(child, found, refs)
    return [replace(link, claim=link.claim if claim is STATED else claim) for link in found]


def stays(element: Element, refs: References) -> Iterator[Stay]:
    """Where somebody lived, and when."""
    for stay in element.findall(f"{TEI}residence"):
        for link in led(stay, "place", refs):
            yield Stay(link, refs.here.dating_of(stay, refs.path))


def affiliations(element: Element, refs: References) -> Iterator[Affiliation]:
    """To what bodies somebody belonged: `@role`, `roleName` or `term` say as what."""
    for affiliation in element.findall(f"{TEI}affiliation"):
        dating = refs.here.dating_of(affiliation, refs.path)
        kind = affiliation.get("type") or ""
        role = next(affiliation.iterchildren(f"{TEI}roleName", f"{TEI}term"), None)
        for link in led(affiliation, "organisation", refs):
            claim = link.claim
            if dating is not None and claim.standing is Standing.UNCERTAIN:
                claim = Claim(Standing.STATED, claim.places, claim.note)
            yield Affiliation(
                person=refs.path,
                body=link.target,
                role=affiliation.get("role") or words(role),
                kind=kind if kind in CHANGES else "",
                path=entry_path(affiliation),
                label=words(affiliation),
                dating=dating,
                claim=claim,
                source=refs.here.source(affiliation),
            )


def _are_countries(child: Element, found: Iterable[Link], refs: References) -> None:
    for link in found if child.tag == f"{TEI}nationality" else ():
        refs.index.met.is_country(link.target)


def _is_of_authority(pointer: str, refs: References) -> bool:
    """True for an authority's address that no entry has."""
    token = refs.index.token(pointer, refs.here.file)
    return "://" in token and authorities.recognise(token) is not None and not refs.index.known(token)


def _own(element: Element, refs: References) -> str:
    """The pointer of a statement: `@ref`, or a `@key` that an entry has; other keys are codes and numbers."""
    key = element.get("key") or ""
    known = key and refs.index.known(refs.index.token(key, refs.here.file))
    return element.get("ref") or (key if known else "")


def _inner(element: Element, kind: str) -> Element | None:
    """The only thing of a kind that an element names, when it is a pointer or a plain name."""
    found = [each for each in element.iterdescendants(f"{TEI}*") if kind_named(each) == kind]
    return found[0] if len(found) == 1 and location.is_read(found[0]) else None


def says_only(element: Element, kind: str, refs: References) -> bool:
    """True when an element points somewhere itself, or says nothing but the name of one thing and a role."""
    if _own(element, refs):
        return True
    inner = _inner(element, kind)
    if inner is None:
        return not words(element)
    return not remaining.loose_words(element, inner)
