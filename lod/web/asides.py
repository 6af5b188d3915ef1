"""What stands beside a name in a list, to tell it from others of that name: years, authors, the place around a place."""

from collections.abc import Mapping

from lod.terms import Iri, Literal, Node
from lod.vocab import crm, schema
from lod.web.deeds import when
from lod.web.site import Room
from lod.web.texts import bounds
from lod.web.values import Value, plain

_BESIDE: Mapping[str, tuple[Iri, ...]] = {
    "person": (),
    "organisation": (crm.P2_has_type,),
    "place": (schema.containedInPlace,),
    "event": (crm.P7_took_place_at,),
    "work": (schema.author, schema.datePublished, schema.dateCreated),
}
"""The properties whose values are shown, in this order; of the dates only the first there is."""


def beside(room: Room, path: str) -> tuple[Value, ...]:
    """A few words about the thing at `path`."""
    kind, thing = path.split("/")[0], room.documents.iris.of(path)
    said: dict[Iri, list[Node]] = {}
    for subject, predicate, node in room.documents.own(path):
        if subject == thing:
            said.setdefault(predicate, []).append(node)
    if kind == "person":
        return _life(said)
    found: list[Value] = []
    for term in _BESIDE.get(kind, ()):
        for node in said.get(term, ())[:3]:
            if node[0] == "<":
                target = room.documents.iris.path(Iri(node))
                words, language = room.names.label(target) if target else ("", "")
                found += [Value(words, language)] if words else []
            elif not any(one.dated for one in found) and (date := when(plain(Literal(node))[0])):
                found.append(date)
    return tuple(found)


def _life(said: Mapping[Iri, list[Node]]) -> tuple[Value, ...]:
    """`1890–1947`, as far as the years are known."""
    ends = ["", ""]
    for place, term in enumerate((schema.birthDate, schema.deathDate)):
        for node in said.get(term, ())[:1]:
            earliest, latest = bounds(plain(Literal(node))[0])
            ends[place] = earliest[:-6] if earliest[:-6] == latest[:-6] else ""
    return (Value("–".join(ends)),) if any(ends) else ()
