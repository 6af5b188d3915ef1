"""Documents by profile: everything, schema.org only, CIDOC CRM only, or Linked Art (W3C's Content Negotiation by Profile).

A profile is asked for with `?profile=`, with `Accept-Profile`, or with the parameter `profile` of `application/ld+json`.
An unknown one in a header is passed over: the answer says in `Content-Profile` what it is.
"""

import json
import re

from starlette.requests import Request

from lod.dumps.index import Index
from lod.dumps.linkedart import LinkedArt
from lod.dumps.profiles import FULL, LINKED_ART, PROFILES, Profile
from lod.formats import JSON_LD, Format
from lod.web import render
from lod.web.problems import Problem
from lod.web.site import Room

_BY_NAME = {profile.name: profile for profile in PROFILES}
_BY_IRI = {profile.iri: profile for profile in PROFILES}
_WISH = re.compile(r"<([^<>]*)>\s*(?:;\s*q\s*=\s*([0-9.]+))?", re.IGNORECASE)
_PARAMETER = re.compile(r'application/ld\+json[^,]*;\s*profile="([^"]*)"', re.IGNORECASE)


def choose(request: Request, form: Format) -> Profile | None:
    """The profile that a client wants and this format has; None when `?profile=` names none there is."""
    named = request.query_params.get("profile")
    if named is not None:
        return _BY_NAME.get(named) or _BY_IRI.get(named)
    for iri in _wishes(request, form):
        profile = _BY_IRI.get(iri)
        if profile is not None and (profile is not LINKED_ART or form is JSON_LD):
            return profile
    return FULL


def _wishes(request: Request, form: Format) -> list[str]:
    """IRIs of profiles, the dearest first."""
    asked = _WISH.findall(request.headers.get("accept-profile", ""))
    ranked = sorted(asked, key=lambda wish: -_weight(wish[1]))
    found = [iri for iri, weight in ranked if _weight(weight) > 0]
    if form is JSON_LD:
        for several in _PARAMETER.findall(request.headers.get("accept", "")):
            found += several.split()
    return found


def _weight(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 1.0


def body(room: Room, thing: str, form: Format, profile: Profile) -> bytes | None:
    """The document; None when the profile has nothing for this thing or not in this format."""
    triples = room.documents.document(thing)
    base = room.documents.iris.base
    if profile is LINKED_ART:
        record = LinkedArt(Index(triples, base)).record(room.documents.iris.of(thing)) if form is JSON_LD else None
        return None if record is None else (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
    return render.rdf(triples if profile is FULL else list(profile.select(triples)), form, base)


def unknown() -> Problem:
    """The answer to `?profile=` with a name that nobody has."""
    names = ", ".join(_BY_NAME)
    return Problem(
        400, f"There is no such profile; there are {names}.", "unknown-profile", facts={"profiles": list(_BY_IRI)}
    )


def without(profile: Profile) -> Problem:
    """The answer when a thing or a format has no such profile."""
    detail = f"{profile.label} has no record of this: it is JSON-LD, for people, groups, places, sets, texts, events."
    return Problem(406, detail, "not-acceptable")
