"""What things are called: their names as labels and as nodes, and what authorities call them."""

from collections.abc import Iterable, Iterator
from zlib import crc32

from lod.iris import slug
from lod.mapping.context import Context
from lod.model import Link, Name
from lod.terms import Iri, Triple, iri, text
from lod.vocab import crm, rdf, rdfs, schema

_PREFERRED = ("preferred", "translated")
"""Kinds of names that are labels and `schema:name`; all others are alternate names."""


def appellations(path: str, names: Iterable[Name], context: Context) -> Iterator[Triple]:
    """The names of a thing as nodes: kind, language, the letters that use the form, where it stands."""
    node = context.iris.of(path)
    by_text: dict[str, list[Name]] = {}
    for name in names:
        if name.kind != "descriptive" and slug(name.text):
            by_text.setdefault(name.text, []).append(name)
    taken: set[str] = set()
    for words, same in by_text.items():
        key = slug(words)
        if key in taken:
            key = f"{key}-{_fingerprint(words)}"
        taken.add(key)
        appellation = context.iris.of(f"{path}/name-{key}")
        yield node, crm.P1_is_identified_by, appellation
        yield from _appellation(appellation, same, context)


def _appellation(node: Iri, names: list[Name], context: Context) -> Iterator[Triple]:
    """One string as a name, in each of the ways it is one."""
    words, language = names[0].text, names[0].language
    yield node, rdf.type, crm.E33_E41_Linguistic_Appellation
    yield node, rdfs.label, text(words, language or context.language)
    for name in names:
        yield node, crm.P2_has_type, context.type(f"name-{name.kind}")
    yield node, crm.P190_has_symbolic_content, text(words, language)
    if language:
        yield node, crm.P72_has_language, context.tongue(language)
    for name in names:
        for letter in name.letters:
            yield node, crm.P106i_forms_part_of, context.iris.of(letter)
        if name.dating:
            yield node, crm.P3_has_note, text(f"in use {name.dating.date.phrase}", "en")
        yield from context.documented(node, name.places)


def named(path: str, names: Iterable[Name], context: Context) -> Iterator[Triple]:
    """Labels and schema.org names of a thing. A description is a label and no name; a mere spelling is neither."""
    node = context.iris.of(path)
    for name in names:
        if name.spelling_only:
            continue
        if name.kind == "descriptive":
            yield node, rdfs.label, context.words(name.text)
        elif name.kind in _PREFERRED:
            yield node, rdfs.label, text(name.text, name.language or context.language)
            yield node, schema.name, text(name.text, name.language)
        else:
            yield node, schema.alternateName, text(name.text, name.language)


def identified(node: Iri, authorities: Iterable[Link]) -> Iterator[Triple]:
    """What authorities call the thing, as far as the evidence holds."""
    for link in authorities:
        if link.claim.standing.holds:
            yield node, schema.sameAs, iri(link.target)


def perhaps_identified(path: str, authorities: Iterable[Link], context: Context) -> Iterator[Triple]:
    """What authorities may call the thing: an assertion only, in no linkset."""
    for link in authorities:
        if not link.claim.standing.holds:
            yield from context.assertion(
                f"{path}/assertion-same-as-{slug(link.target.partition('://')[2])}",
                f"Perhaps: the same as {link.target}",
                path,
                schema.sameAs,
                iri(link.target),
                link.claim,
            )


def _fingerprint(words: str) -> str:
    """Tells apart strings whose keys are the same; from the string alone, so that it lasts."""
    return f"{crc32(words.encode()):08x}"
