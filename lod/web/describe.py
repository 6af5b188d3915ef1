"""One edition's data set in triples: DCAT 3, VoID and schema.org on the same nodes.

Names come from the edition's base, places (downloads, the endpoint) from the server's address. Numbers are counted from
the dump that is served; files, sums and versions are those of the releases.
"""

from collections.abc import Iterator, Sequence

from lod.dumps.linksets import LABELS, Linkset, linksets
from lod.iris import source_file
from lod.mapping import PROFILE
from lod.release.files import GZIP, File
from lod.terms import Iri, Triple, iri, text, typed
from lod.vocab import PREFIXES, dcat, dcterms, foaf, owl, prov, rdf, rdfs, schema, spdx, void, xsd
from lod.web import census, files, modified
from lod.web.once import once_a_room
from lod.web.site import Room, Site
from lod.web.twins import Twins, pairs

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_IN_SHORT = frozenset(
    {
        schema.Dataset,
        schema.DataDownload,
        schema.Organization,
        schema.Person,
        schema.name,
        schema.description,
        schema.url,
        schema.license,
        schema.publisher,
        schema.creator,
        schema.version,
        schema.datePublished,
        schema.dateModified,
        schema.inLanguage,
        schema.keywords,
        schema.distribution,
        schema.contentUrl,
        schema.encodingFormat,
        schema.contentSize,
    }
)
"""Classes and properties that pages tell of a data set."""
_KEYWORDS = ("correspondence", "letters", "linked open data")


def description(site: Site, room: Room) -> list[Triple]:
    """Everything there is to say about the data set of one edition."""
    name = room.documents.iris.of("dataset")
    return [
        *_about(room, name),
        *_agents(room, name),
        *_rights(room, name),
        *_dates(room, name),
        *_access(site, room, name),
        *numbers(room, name),
        *_links(room, name),
        *_distributions(room, name),
    ]


def in_short(room: Room) -> list[Triple]:
    """What of it every page tells: schema.org's words, and of the files the dumps, packed where they are."""
    name = room.documents.iris.of("dataset")
    said = [*_about(room, name), *_agents(room, name), *_rights(room, name), *_dates(room, name), *_home(room, name)]
    dumps = [(path, file) for path, file in files.downloads(room, sums=False) if file.role == "dump"]
    dumps = [(path, file) for path, file in dumps if file.compressed] or dumps
    said += [triple for path, file in dumps for triple in _distribution(room, name, path, file)]
    # A file's licence is that of the data set, its description is its name.
    once = (schema.license, schema.description)
    return [
        (subject, term, node)
        for subject, term, node in said
        if (node if term == rdf.type else term) in _IN_SHORT and (subject == name or term not in once)
    ]


def catalogue(site: Site) -> list[Triple]:
    """What a server with several editions says at its root; the first edition's publisher stands for the catalogue."""
    name, publisher = iri(f"{site.public_url}/dataset"), site.rooms[0].documents.iris.of("dataset/publisher")
    words = text(", ".join(room.title for room in site.rooms), "en")
    said: list[Triple] = [(name, rdf.type, dcat.Catalog), (name, rdf.type, schema.DataCatalog)]
    said += [(name, term, words) for term in (dcterms.title, dcterms.description, schema.name, schema.description)]
    said += [(name, term, publisher) for term in (dcterms.publisher, schema.publisher)]
    for room in site.rooms:
        one = room.documents.iris.of("dataset")
        said += [(name, dcat.dataset, one), (name, schema.dataset, one)]
    return said


def _about(room: Room, name: Iri) -> Iterator[Triple]:
    edition = room.edition
    for kind in (void.Dataset, dcat.Dataset, schema.Dataset, prov.Entity):
        yield name, rdf.type, kind
    for tag, words in edition.title.items():
        for term in (dcterms.title, schema.name, rdfs.label):
            yield name, term, text(words, tag)
    for tag, words in edition.description.items():
        for term in (dcterms.description, schema.description):
            yield name, term, text(words, tag)
    for tag in edition.languages:
        language = iri(f"{_LANGUAGES}{tag.partition('-')[0]}")
        yield name, dcterms.language, language
        yield language, rdf.type, dcterms.LinguisticSystem
        yield name, schema.inLanguage, text(tag)
    for word in _KEYWORDS:
        yield name, dcat.keyword, text(word, "en")
        yield name, schema.keywords, text(word, "en")
    yield name, dcterms.conformsTo, iri(PROFILE)
    yield iri(PROFILE), rdf.type, dcterms.Standard
    yield iri(PROFILE), rdfs.label, text("Application profile for correspondence 1.0", "en")
    provenance = room.documents.iris.of("dataset/provenance")
    yield name, dcterms.provenance, provenance
    yield provenance, rdf.type, dcterms.ProvenanceStatement
    yield provenance, rdfs.label, text(f"Made from the edition's own files: {', '.join(_sources(room))}.", "en")
    for path in room.documents.below("source/"):
        yield name, prov.wasDerivedFrom, room.documents.iris.of(path)


def _sources(room: Room) -> list[str]:
    return [source_file(path) for path in room.documents.below("source/")]


def _agents(room: Room, name: Iri) -> Iterator[Triple]:
    publisher = room.documents.iris.of("dataset/publisher")
    for term in (dcterms.publisher, schema.publisher):
        yield name, term, publisher
    yield publisher, rdf.type, foaf.Agent
    yield publisher, rdf.type, schema.Organization
    for term in (foaf.name, schema.name):
        yield publisher, term, text(room.edition.publisher)
    for number, editor in enumerate(room.edition.editors, 1):
        person = room.documents.iris.of(f"dataset/editor-{number}")
        for term in (dcterms.creator, schema.creator):
            yield name, term, person
        yield person, rdf.type, foaf.Agent
        yield person, rdf.type, schema.Person
        for term in (foaf.name, schema.name):
            yield person, term, text(editor)


def _rights(room: Room, name: Iri) -> Iterator[Triple]:
    licence, rights = iri(room.edition.licence), room.documents.iris.of("dataset/rights")
    yield name, dcterms.license, licence
    yield name, schema.license, licence
    yield licence, rdf.type, dcterms.LicenseDocument
    yield name, dcterms.rights, rights
    yield rights, rdf.type, dcterms.RightsStatement
    yield rights, rdfs.label, text(room.edition.rights, "en")


def _dates(room: Room, name: Iri) -> Iterator[Triple]:
    """Issued with the first release, modified with the last; what no release holds has no version."""
    iris, versions = room.documents.iris, room.history.table.versions()
    days = sorted(versions.values())
    last = modified.of_all(room)
    if last is not None:
        yield name, dcterms.modified, typed(last.isoformat(), xsd.date)
        yield name, schema.dateModified, typed(last.isoformat(), xsd.date)
    if versions:
        yield name, dcterms.issued, typed(days[0], xsd.date)
        yield name, schema.datePublished, typed(days[0], xsd.date)
    if files.is_released(room):
        for term in (dcat.version, schema.version):
            yield name, term, text(list(versions)[-1])
    for version, date in versions.items():
        node = iris.of(f"release/{version}")
        yield name, dcat.hasVersion, node
        yield node, rdf.type, dcat.Dataset
        yield node, dcterms.isVersionOf, name
        yield node, dcat.version, text(version)
        yield node, dcterms.issued, typed(date, xsd.date)
        yield node, dcterms.license, iri(room.edition.licence)
        yield node, dcterms.publisher, iris.of("dataset/publisher")
        for tag, words in room.edition.title.items():
            yield node, dcterms.title, text(f"{words}, {version}", tag)
        for tag, words in room.edition.description.items():
            yield node, dcterms.description, text(words, tag)


def _access(site: Site, room: Room, name: Iri) -> Iterator[Triple]:
    yield from _home(room, name)
    endpoint = iri(f"{site.public_url}/sparql")
    yield name, void.sparqlEndpoint, endpoint
    service = room.documents.iris.of("dataset/sparql")
    yield service, rdf.type, dcat.DataService
    yield service, dcterms.title, text("SPARQL endpoint", "en")
    yield service, dcat.endpointURL, endpoint
    yield service, dcat.endpointDescription, endpoint
    yield endpoint, rdf.type, rdfs.Resource
    yield service, dcat.servesDataset, name
    yield service, dcterms.license, iri(room.edition.licence)


def _home(room: Room, name: Iri) -> Iterator[Triple]:
    home = iri(room.address(""))
    for term in (foaf.homepage, dcat.landingPage, schema.url):
        yield name, term, home
    yield home, rdf.type, foaf.Document


def numbers(room: Room, name: Iri) -> Iterator[Triple]:
    """VoID's counts, each exact for the default graph."""
    documents = room.documents
    counts = documents.counts()
    classes, properties, subjects, objects = census.partitions(room.index)
    for term, count in (
        (void.triples, documents.triples),
        (void.entities, sum(counts.values())),
        (void.documents, len(documents)),
        (void.classes, len(classes)),
        (void.properties, len(properties)),
        (void.distinctSubjects, subjects),
        (void.distinctObjects, objects),
    ):
        yield name, term, typed(str(count), xsd.integer)
    yield name, void.uriSpace, text(documents.iris.base)
    for space in sorted(documents.namespaces()):
        yield name, void.vocabulary, iri(space)
    for kind in counts:
        yield name, void.exampleResource, documents.iris.of(f"{kind}/{documents.first(kind)}")
    yield from _partitioned(room, name, classes, void.classPartition, void.class_, void.entities)
    yield from _partitioned(room, name, properties, void.propertyPartition, void.property, void.triples)


def _partitioned(
    room: Room, name: Iri, counts: Sequence[tuple[Iri, int]], partition: Iri, term: Iri, number: Iri
) -> Iterator[Triple]:
    for one, count in counts:
        node = room.documents.iris.of(f"dataset/{_short(one)}")
        yield name, partition, node
        yield node, rdf.type, void.Dataset
        yield node, term, one
        yield node, number, typed(str(count), xsd.integer)


def _short(term: Iri) -> str:
    """`crm-E21_Person`."""
    address = term[1:-1]
    prefix, start = next(((p, s) for p, s in PREFIXES.items() if address.startswith(s)), ("term", ""))
    return f"{prefix}-{address.removeprefix(start)}"


@once_a_room
def links(room: Room) -> tuple[Linkset, ...]:
    """The links of an edition to authorities."""
    return linksets(census.same(room.index))


def _links(room: Room, name: Iri) -> Iterator[Triple]:
    iris, latest = room.documents.iris, room.history.latest
    for each in links(room):
        node, target = iris.of(f"dataset/links-{each.name}"), iris.of(f"dataset/authority-{each.name}")
        yield name, void.subset, node
        yield node, rdf.type, void.Linkset
        yield node, dcterms.title, text(f"Links to {each.label}", "en")
        yield node, void.subjectsTarget, name
        yield node, void.objectsTarget, target
        yield node, void.linkPredicate, owl.sameAs
        yield node, void.triples, typed(str(len(each.links)), xsd.integer)
        yield target, rdf.type, void.Dataset
        yield target, dcterms.title, text(LABELS[each.name])
        yield target, void.uriSpace, text(each.space)
        if latest and latest.manifest.file(f"links/{each.name}.nt"):
            yield node, void.dataDump, iri(room.address(f"dumps/{latest.version}/links/{each.name}.nt"))


def between(rooms: Sequence[Room], twins: Twins) -> Iterator[Triple]:
    """The links from each edition to each other one: things that have an address in common, told in `/same-as`."""
    groups = twins.groups()
    for one in rooms:
        for other in rooms:
            count = len(pairs(groups, one, other)) if one is not other else 0
            if count:
                node = one.documents.iris.of(f"dataset/links-{other.edition.id}")
                yield node, rdf.type, void.Linkset
                yield node, dcterms.title, text(f"Links to {other.title}", "en")
                yield node, void.linkPredicate, owl.sameAs
                yield node, void.subjectsTarget, one.documents.iris.of("dataset")
                yield node, void.objectsTarget, other.documents.iris.of("dataset")
                yield node, void.triples, typed(str(count), xsd.integer)
                yield one.documents.iris.of("dataset"), void.subset, node


def _distributions(room: Room, name: Iri) -> Iterator[Triple]:
    released = files.is_released(room)
    for path, file in files.downloads(room):
        # Only what holds the statements that were counted: not a release from before the last changes.
        if file.role == "dump" and (released or "/" not in path):
            yield name, void.dataDump, _place(room, path)
        yield from _distribution(room, name, path, file)


def _place(room: Room, path: str) -> Iri:
    return iri(room.address(f"dumps/{path}"))


def _distribution(room: Room, name: Iri, path: str, file: File) -> Iterator[Triple]:
    node, place = room.documents.iris.of(f"dataset/download/{path}"), _place(room, path)
    yield name, dcat.distribution, node
    yield name, schema.distribution, node
    title = text(file.title + (", gzip" if file.compressed else ""), "en")
    media_type = iri(_MEDIA_TYPES + file.media_type)
    yield node, rdf.type, dcat.Distribution
    yield node, rdf.type, schema.DataDownload
    for term in (dcterms.title, schema.name, dcterms.description, schema.description):
        yield node, term, title
    for term in (dcat.accessURL, dcat.downloadURL, schema.contentUrl):
        yield node, term, place
    yield node, dcat.mediaType, media_type
    yield media_type, rdf.type, dcterms.MediaType
    yield node, schema.encodingFormat, text(file.media_type)
    if file.compressed:
        yield node, dcat.compressFormat, iri(_MEDIA_TYPES + GZIP)
        yield iri(_MEDIA_TYPES + GZIP), rdf.type, dcterms.MediaType
        yield node, schema.encodingFormat, text(GZIP)
    yield node, dcat.byteSize, typed(str(file.size), xsd.nonNegativeInteger)
    yield node, schema.contentSize, text(str(file.size))
    yield node, schema.sha256, text(file.sha256)
    checksum = Iri(f"{node[:-1]}/sha256>")
    yield node, spdx.checksum, checksum
    yield checksum, rdf.type, spdx.Checksum
    yield checksum, spdx.algorithm, spdx.checksumAlgorithm_sha256
    yield spdx.checksumAlgorithm_sha256, rdf.type, spdx.ChecksumAlgorithm
    yield checksum, spdx.checksumValue, typed(file.sha256, xsd.hexBinary)
    for term in (dcterms.license, schema.license):
        yield node, term, iri(room.edition.licence)
    if file.profile:
        yield node, dcterms.conformsTo, iri(file.profile)
        yield iri(file.profile), rdf.type, dcterms.Standard
