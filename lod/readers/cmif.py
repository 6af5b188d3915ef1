"""Letters from CMIF: the Correspondence Metadata Interchange Format, versions 1 and 2, with our typed notes and references.

https://github.com/TEI-Correspondence-SIG/CMIF; version 2's vocabulary: https://lod.academy/cmif/vocab/terms.
"""

from lod.model import Action, Letter, Link
from lod.readers.index import Index, letter_key
from lod.readers.xml import TEI, Element, Place, words
from lod.report import Report

_CONTEXT = ("reply-to", "acknowledges", "encloses", "cites", "forwards")
_MENTIONS = {
    "cmif:mentionsPerson": "person",
    "cmif:mentionsOrg": "organisation",
    "cmif:mentionsPlace": "place",
    "cmif:mentionsEvent": "event",
    "cmif:mentionsBibl": "work",
    "cmif:mentionsObject": "object",
}
_POINTERS = ("published-in", "translated-by", "forwarded-by", "cmif:isEditionOf")
_VALUES = ("cmif:hasLanguage", "cmif:hasTextBase", "book-place")
_BASES = {"sent": ("sender", "place", "date"), "received": ("addressee", "place", "date")}


def read(root: Element, file: str, index: Index, report: Report) -> list[Letter]:
    """Every `correspDesc` of a CMIF file as a letter. What cannot be used is a finding; the letter goes on without it."""
    here = Place(file, report)
    letters: dict[str, Letter] = {}
    for element in root.iter(f"{TEI}correspDesc"):
        key = letter_key(element)
        if not key:
            report.error(
                "letter-without-key",
                "this correspDesc has neither @key nor xml:id nor @ref",
                here.source(element),
                "",
                "give it a @key",
            )
        elif key not in letters:
            letters[key] = _letter(element, key, here, index)
    return list(letters.values())


def _letter(element: Element, key: str, here: Place, index: Index) -> Letter:
    path = f"letter/{key}"
    reader = References(here, index, path)
    sent = _action(element, "sent", reader)
    if not sent.agents:
        here.report.error(
            "sender-missing",
            "nobody is named as sender",
            here.source(element),
            path,
            "add a persName or orgName to correspAction type='sent'",
        )
    refs = reader.sorted_refs(element)
    places = tuple(place.removeprefix("book:") for place in refs.values.get("book-place", ()))
    printed = element.get("source") is not None
    if printed and not places:
        places = (f"letter-{key}",)
    return Letter(
        key=key,
        source=here.source(element),
        kind=element.get("type") or "letter",
        printed=printed,
        sent=sent,
        received=_action(element, "received", reader),
        languages=tuple(refs.values.get("cmif:hasLanguage", ())),
        context=reader.context(element),
        mentions=tuple(refs.mentions),
        published=tuple(refs.pointers.get("published-in", ())),
        translators=tuple(refs.pointers.get("translated-by", ())),
        forwarders=tuple(refs.pointers.get("forwarded-by", ())),
        holdings=tuple(refs.pointers.get("cmif:isEditionOf", ())),
        text_base=next(iter(refs.values.get("cmif:hasTextBase", ())), "").removeprefix("cmif:"),
        places=places,
        notes=here.notes(element, path, ("comment",)),
        url=element.get("ref") or "",
    )


def _action(letter: Element, kind: str, reader: "References") -> Action:
    found = [action for action in letter.findall(f"{TEI}correspAction") if action.get("type") == kind]
    if not found:
        return Action(kind)
    action, here, path = found[0], reader.here, reader.path
    bases = {note.get("type"): note for note in action.findall(f"{TEI}note")}
    for name in bases:
        if name not in _BASES[kind]:
            here.report.warning(
                "note-unknown", f"a note of type '{name}' says nothing about '{kind}'", here.source(bases[name]), path
            )
    agents = [
        reader.link(agent, agent.get("ref"), bases.get(_BASES[kind][0]))
        for agent in action
        if agent.tag in (f"{TEI}persName", f"{TEI}orgName")
    ]
    places = [reader.link(place, place.get("ref"), bases.get("place")) for place in action.findall(f"{TEI}placeName")]
    dates = action.findall(f"{TEI}date")
    if len(dates) > 1:
        here.report.warning("date-several", "more than one date: the first is taken", here.source(dates[1]), path)
    dating = here.dating(dates[0], path, bases.get("date")) if dates else None
    return Action(kind, tuple(filter(None, agents)), tuple(filter(None, places)), dating)


class _Sorted:
    """The references of a letter's note by what they are."""

    __slots__ = ("mentions", "pointers", "values")

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.pointers: dict[str, list[Link]] = {}
        self.mentions: list[Link] = []


class References:
    """Reads the pointers of one letter (or document), in the context of its file."""

    __slots__ = ("here", "index", "path")

    def __init__(self, here: Place, index: Index, path: str) -> None:
        self.here = here
        self.index = index
        self.path = path

    def link(self, element: Element, pointer: str | None, basis: Element | None = None, kind: str = "") -> Link | None:
        """A pointer with its form and claim; None, with a finding, when it leads nowhere."""
        if not pointer:
            self.here.report.error(
                "pointer-missing",
                f"<{str(element.tag).removeprefix(TEI)}> '{words(element)}' has no @ref or @target",
                self.here.source(element),
                self.path,
                "point to an entry of a register",
            )
            return None
        target = self.index.resolve(pointer, self.here, element, self.path)
        weighs = (
            basis
            if element.get("evidence")
            or element.get("cert")
            or (basis is not None and basis.get("subtype") == "corrected")
            else None
        )
        return Link(target, words(element), self.here.claim(element, self.path, weighs), kind) if target else None

    def context(self, element: Element) -> tuple[Link, ...]:
        """`correspContext`: what the letter answers, acknowledges, encloses, cites or forwards."""
        found = []
        for ref in element.findall(f"{TEI}correspContext/{TEI}ref"):
            found.append(self._context(ref))
        return tuple(filter(None, found))

    def _context(self, ref: Element) -> Link | None:
        kind = ref.get("type") or ""
        if kind not in _CONTEXT:
            self._unknown(ref, kind, _CONTEXT)
            return None
        return self.link(ref, ref.get("target"), None, kind)

    def sorted_refs(self, element: Element) -> _Sorted:
        """The `ref`s of the notes directly inside an element."""
        found = _Sorted()
        for ref in element.findall(f"{TEI}note/{TEI}ref"):
            kind, target = ref.get("type") or "", ref.get("target") or ""
            if kind in _VALUES:
                found.values.setdefault(kind, []).append(target)
            elif kind in _MENTIONS:
                link = self.link(ref, target, None, _MENTIONS[kind])
                if link:
                    found.mentions.append(link)
            elif kind in _POINTERS:
                link = self.link(ref, target, None, ref.get("subtype") or "")
                if link:
                    found.pointers.setdefault(kind, []).append(link)
            elif kind in _CONTEXT:
                link = self._context(ref)
                if link:
                    found.pointers.setdefault("context", []).append(link)
            else:
                self._unknown(ref, kind, (*_VALUES, *_POINTERS, *_MENTIONS))
        return found

    def _unknown(self, ref: Element, kind: str, known: tuple[str, ...]) -> None:
        self.here.report.warning(
            "ref-unknown",
            f"a ref of type '{kind}' is not understood and was left out",
            self.here.source(ref),
            self.path,
            f"known are {', '.join(known)}",
        )
