"""The data set described for machines (VoID, DCAT, schema.org) and people."""

from starlette.requests import Request
from starlette.responses import Response

from lod.formats import HTML, RDF_FORMATS, TURTLE, Format
from lod.terms import Iri, Triple, iri, text, typed
from lod.vocab import dcat, dcterms, foaf, rdf, schema, void, xsd
from lod.web import negotiate, problems, render
from lod.web.conditional import Representation, respond
from lod.web.site import Room, Site

PROFILE = "https://w3id.org/correspondence-lod/profile/1.0"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def description(site: Site, room: Room) -> list[Triple]:
    """The triples about one edition's data set; names from its base, places from the server's address."""
    name = room.documents.iris.of("dataset")
    edition = room.edition
    said: list[Triple] = [
        *((name, rdf.type, kind) for kind in (void.Dataset, dcat.Dataset, schema.Dataset)),
        *(
            (name, term, text(words, tag))
            for tag, words in edition.title.items()
            for term in (dcterms.title, schema.name)
        ),
        *(
            (name, term, text(words, tag))
            for tag, words in edition.description.items()
            for term in (dcterms.description, schema.description)
        ),
        (name, dcterms.license, iri(edition.licence)),
        (name, schema.license, iri(edition.licence)),
        (name, dcterms.rights, text(edition.rights)),
        *((name, dcterms.language, text(tag)) for tag in edition.languages),
        *_publisher(room, name),
        (name, dcterms.conformsTo, iri(PROFILE)),
        (name, foaf.homepage, iri(room.address(""))),
        (name, dcat.landingPage, iri(room.address(""))),
        (name, void.sparqlEndpoint, iri(f"{site.public_url}/sparql")),
        *_numbers(room, name),
        *_dumps(room, name),
    ]
    return said


def _publisher(room: Room, name: Iri) -> list[Triple]:
    publisher = room.documents.iris.of("dataset/publisher")
    said: list[Triple] = [
        (name, dcterms.publisher, publisher),
        (name, schema.publisher, publisher),
        (publisher, rdf.type, foaf.Agent),
        (publisher, rdf.type, schema.Organization),
        (publisher, foaf.name, text(room.edition.publisher)),
        (publisher, schema.name, text(room.edition.publisher)),
    ]
    for number, editor in enumerate(room.edition.editors, 1):
        person = room.documents.iris.of(f"dataset/editor-{number}")
        said += [
            (name, dcterms.creator, person),
            (person, rdf.type, foaf.Agent),
            (person, foaf.name, text(editor)),
        ]
    return said


def _numbers(room: Room, name: Iri) -> list[Triple]:
    documents = room.documents
    counts = documents.counts()
    said: list[Triple] = [
        (name, void.triples, typed(str(documents.triples), xsd.integer)),
        (name, void.entities, typed(str(sum(counts.values())), xsd.integer)),
        (name, void.uriSpace, text(documents.iris.base)),
        *((name, void.vocabulary, iri(space)) for space in sorted(documents.namespaces())),
    ]
    examples = (f"{kind}/{documents.keys(kind)[0]}" for kind in counts)
    return [*said, *((name, void.exampleResource, documents.iris.of(path)) for path in examples)]


def _dumps(room: Room, name: Iri) -> list[Triple]:
    said: list[Triple] = []
    for form, file in files(room):
        place, distribution = iri(room.address(f"dumps/{file}")), room.documents.iris.of(f"dataset/{form.name}")
        size = typed(str((room.dumps / file).stat().st_size), xsd.integer)
        said += [
            (name, void.dataDump, place),
            (name, dcat.distribution, distribution),
            (distribution, rdf.type, dcat.Distribution),
            (distribution, rdf.type, schema.DataDownload),
            (distribution, dcterms.title, text(f"{form.label} dump", "en")),
            (distribution, dcat.downloadURL, place),
            (distribution, dcat.accessURL, place),
            (distribution, schema.contentUrl, place),
            (distribution, dcat.mediaType, iri(_MEDIA_TYPES + form.media_type)),
            (distribution, schema.encodingFormat, text(form.media_type)),
            (distribution, dcat.byteSize, size),
            (distribution, dcterms.license, iri(room.edition.licence)),
        ]
    return said


def files(room: Room) -> list[tuple[Format, str]]:
    """The dumps there are, with their formats."""
    names = ((form, f"{room.edition.id}.{form.name}") for form in RDF_FORMATS)
    return [(form, name) for form, name in names if (room.dumps / name).is_file()]


class Datasets:
    """`/dataset` in every RDF format and as a page; with several editions the one at the root tells of all."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def answer(self, request: Request, rooms: tuple[Room, ...]) -> Response:
        """Negotiated, at one address."""
        wanted = request.query_params.get("format")
        offered = (*RDF_FORMATS, HTML)
        if wanted is not None:
            form = next((form for form in offered if form.name == wanted), None)
            if form is None:
                return problems.respond(request, problems.Problem(400, "There is no such format.", "unknown-format"))
        else:
            form = negotiate.choose(request.headers.get("accept"), offered)
        if form is None:
            kinds = [form.media_type for form in offered]
            problem = problems.Problem(
                406, f"This comes as {', '.join(kinds)}.", "not-acceptable", facts={"offered": kinds}
            )
            return problems.respond(request, problem)
        return respond(request, Representation(self._body(form, rooms), form.content_type), {"Vary": "Accept"})

    def _body(self, form: Format, rooms: tuple[Room, ...]) -> bytes:
        if form is HTML:
            sizes = {
                room.edition.id: [(kind, name, (room.dumps / name).stat().st_size) for kind, name in files(room)]
                for room in rooms
            }
            room = rooms[0] if len(rooms) == 1 else None
            template = self._site.templates.get_template("dataset.html")
            return template.render(
                site=self._site, room=room, rooms=rooms, sizes=sizes, profile=PROFILE, formats=RDF_FORMATS
            ).encode()
        triples = [triple for room in rooms for triple in description(self._site, room)]
        base = rooms[0].documents.iris.base
        return render.rdf(triples, form if form in RDF_FORMATS else TURTLE, base)
