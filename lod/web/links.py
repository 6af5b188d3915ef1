"""`Link` header fields: other formats, and what Signposting (https://signposting.org/) asks of a document."""

from collections.abc import Iterable
from dataclasses import dataclass

from lod.dumps.profiles import Profile
from lod.formats import DOCUMENT_FORMATS, HTML, RDF_FORMATS, Format
from lod.terms import address
from lod.vocab import PREFIXES, schema
from lod.web.site import Room


@dataclass(frozen=True, slots=True)
class Link:
    """One link: where to, with which relation, and what media type waits there."""

    target: str
    relation: str
    media_type: str = ""
    profile: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        profile = f'; profile="{self.profile}"' if self.profile else ""
        return f'<{self.target}>; rel="{self.relation}"{kind}{profile}'


def header(links: Iterable[Link]) -> str:
    """The field's value."""
    return ", ".join(map(str, links))


def alternates(room: Room, thing: str, but: Format | None = None) -> list[Link]:
    """The other formats of a document."""
    forms = [form for form in DOCUMENT_FORMATS if form is not but]
    return [Link(f"{room.address(thing)}.{form.name}", "alternate", form.media_type) for form in forms]


def of_document(room: Room, thing: str, form: Format, profile: Profile) -> str:
    """What a document says of itself: the thing's name, its kind, its data, its licence, its data set, its profile."""
    name = address(room.documents.iris.of(thing))
    found = alternates(room, thing, form)
    found += [Link(name, "describes"), Link(name, "cite-as")]
    found += [Link(f"{room.address(thing)}.{each.name}", "describedby", each.media_type) for each in RDF_FORMATS]
    found += [Link(kind, "type") for kind in _types(room, thing, form)]
    found += [Link(room.edition.licence, "license"), Link(room.address("dataset"), "collection")]
    found.append(Link(profile.iri, "profile"))
    return header(found)


def _types(room: Room, thing: str, form: Format) -> list[str]:
    """schema.org's words for the page and for what it is about."""
    kinds = [address(each) for each in room.documents.types(room.documents.iris.of(thing))]
    about = [kind for kind in kinds if kind.startswith(PREFIXES["schema"])]
    return [*([address(schema.AboutPage)] if form is HTML else []), *about]


def of_dataset(room: Room, form: Format, files: Iterable[tuple[str, str]]) -> str:
    """What a data set's description says: the set's name, its data, its files (name below `/dumps/` and media type)."""
    here = room.address("dataset")
    found = [
        Link(f"{here}?format={each.name}", "alternate", each.media_type)
        for each in (*RDF_FORMATS, HTML)
        if each is not form
    ]
    found += [Link(address(room.documents.iris.of("dataset")), "cite-as")]
    found += [Link(f"{here}?format={each.name}", "describedby", each.media_type) for each in RDF_FORMATS]
    found += [Link(room.address(f"dumps/{name}"), "item", media_type) for name, media_type in files]
    found += [Link(address(schema.Dataset), "type"), Link(room.edition.licence, "license")]
    return header(found)
