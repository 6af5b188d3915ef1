"""A `correspDesc` as a letter, in CMIF and in TEI editions alike: who did what to it, where, when; what its note says.

Text Encoding Initiative, P5 Guidelines, 2.4.6 (correspondence description);
CMIF: https://github.com/TEI-Correspondence-SIG/CMIF, version 2's vocabulary: https://lod.academy/cmif/vocab/terms.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from lod import authorities
from lod.iris import slug
from lod.model import Action, Dating, Letter, Link, Note
from lod.readers import dating, remaining, tongues
from lod.readers.files import Description
from lod.readers.index import Index
from lod.readers.references import References, Sorted
from lod.readers.xml import TEI, Element, Place, words
from lod.report import Report

_BASES = {"sent": ("sender", "place", "date"), "received": ("addressee", "place", "date")}
_ANY = f"{TEI}*"
_SAME = {
    "sent": "sent", "sender": "sent", "sending": "sent", "send": "sent", "written": "sent", "created": "sent", "from": "sent",
    "received": "received", "receiver": "received", "receive": "received", "recipient": "received",
    "addressee": "received", "addressed": "received", "to": "received",
}  # fmt: skip
_OF_DESCRIPTIONS = tuple(f"{TEI}{name}" for name in ("correspAction", "correspContext", "note"))
_ACTION, _DATE, _NOTE, _REF = (f"{TEI}{name}" for name in ("correspAction", "date", "note", "ref"))
_OF_ACTIONS = (_DATE, _NOTE)
_NO_REFS = Sorted()
_COPIES = ("to", "cc", "bcc")
_OLD = {
    "sender": "sent", "addressee": "received", "placeSender": "sent", "placeAddressee": "received",
    "dateSender": "sent", "dateAddressee": "received",
}  # fmt: skip


Naming = list[tuple[Element, str]]
"""The elements directly in an action, each with the kind of thing it names."""


class Told(NamedTuple):
    """What a `correspAction` tells. `action` is None when it says not what was done; `undated`: dates kept as printed."""

    action: Action | None
    undated: tuple[Note, ...]
    main: bool = False
    """Whether it is a sending or receipt by the letter's senders and addressees; a redirection on the way is none."""


class LetterReader:
    """Reads the letters of one file."""

    def __init__(self, here: Place, index: Index) -> None:
        self.here = here
        self.index = index
        self._printed: dict[str, tuple[Link, ...]] = {}

    def letter(self, description: Description, key: str) -> Letter:
        """One letter. What cannot be used is a finding; the letter goes on without it."""
        element, given, others = description.element, description.given, description.others
        path = f"letter/{key}"
        source = self.index.source
        reader = References(self.here, self.index, path, source.id, source.prefix, apart=source.apart)
        told = self._told(description, reader)
        same = [authorities.resolved(pointer) for pointer in given["sameAs"].split()] if "sameAs" in given else ()
        unknown = " ".join([pointer for pointer in same if not authorities.is_address(pointer)])
        for name, left in (("corresp", given.get("corresp", "")), ("sameAs", unknown)):
            if left:
                message = f"@{name}='{left}' does not say how it belongs to the letter, and was left out"
                hint = "@sameAs with an address, if it is the same"
                self.here.report.note("part-left-out", message, self.here.source(element), path, hint)
        self._left_out_of(others, path)
        main = [each.action for each in told if each.main and each.action]
        sent, received = self._main("sent", main, element, path), self._main("received", main, element, path)
        if not sent.agents:
            self._without_sender(element, path)
        refs = reader.sorted_refs(element) if others else _NO_REFS
        printed = "source" in given or not self.index.edition.printed
        places = tuple([place.removeprefix("book:") for place in refs.values.get("book-place", ())])
        if printed and not places and self.index.edition.printed:
            places = (f"letter-{key}",)
        identifier = given.get("key", "").strip()
        return Letter(
            key=key,
            source=self.here.source(element),
            kind=given.get("type", "").strip() or "letter",
            printed=printed,
            sent=sent,
            received=received,
            context=(*reader.context(description), *refs.pointers.get("context", ())),
            published=(
                *refs.pointers.get("published-in", ()),
                *self._printed_in(given.get("source", ""), element, reader),
            ),
            places=places,
            notes=(
                *(self._notes(element, path) if others else ()),
                *(Note(f"Edition of {urn}") for urn in refs.values.get("urn", ())),
                *[note for each in told for note in each.undated],
            ),
            url=given.get("ref", ""),
            identifier=identifier if identifier != key else "",
            actions=tuple([each.action for each in told if each.action and not each.main]),
            same_as=(*refs.values.get("isEditionOf", ()), *filter(authorities.is_address, same)),
            **_noted(refs),
        )

    # ------------------------------------------------------------------ actions
    def _told(self, description: Description, reader: References) -> list[Told]:
        """What was done to the letter."""
        once, report = self.index.once, self.here.report
        told = [once(how, report, self._action, action, reader) for action, how in description.actions]
        return [*told, *self._old(description.element, reader)] if description.others else told

    def _left_out(self, element: Element, path: str) -> None:
        message = f"<{str(element.tag).removeprefix(TEI)}> ({_said(element) or 'no words'}) is not understood and was left out"
        self.here.report.note("part-left-out", message, self.here.source(element), path)

    def _left_out_of(self, others: Iterable[Element], path: str) -> None:
        for part in others:
            name = str(part.tag)
            if name.startswith(TEI) and name not in _OF_DESCRIPTIONS and name.removeprefix(TEI) not in _OLD:
                self._left_out(part, path)

    def _notes(self, element: Element, path: str) -> Iterable[Note]:
        """The remarks of a description: its comments; of other notes, and of those with pointers, the words outside of these."""
        yield from self.here.notes(element, path, ("comment",))
        others = [note for note in element.iterchildren(_NOTE) if (note.get("type") or "comment") != "comment"]
        mixed = [note for note in element.iterchildren(_NOTE) if note.find(_REF) is not None and note not in others]
        yield from remaining.kept([note for note in (*others, *mixed) if _outside_of_refs(note)], path, self.here)

    def _old(self, element: Element, reader: References) -> Iterable[Told]:
        """The form before TEI 2.8: `sender`, `addressee`, `placeSender`, `dateSender` … directly in `correspDesc`."""
        children: dict[str, list[Element]] = {}
        for child in element:
            name = str(child.tag).removeprefix(TEI)
            if name in _OLD:
                children.setdefault(_OLD[name], []).append(child)
        for kind, several in children.items():
            self.here.report.note(
                "form-old", "correspDesc in the form before TEI 2.8", self.here.source(element), reader.path
            )
            naming = [each for child in several for each in _naming_of_old(child, reader)]
            dates = [date for child in several for date in _dates_of_old(child)]
            for other in dates[1:]:
                self._second_date(other, reader)
            when = self._date(dates[0], None, reader) if dates else None
            agents = tuple(self._agents(several[0], naming, kind, None, reader))
            action = Action(kind, agents, tuple(self._places(naming, kind, None, reader)), when)
            yield Told(action, () if when or not dates else self._undated(kind, dates[0]), _is_main(action))

    def _main(self, kind: str, main: list[Action], element: Element, path: str) -> Action:
        """What all sendings, or all receipts, of a letter say together; the first place and date given count."""
        same = [action for action in main if action.kind == kind]
        if len(same) == 1 and not same[0].manner and len(same[0].agents) < 2:
            return same[0]
        places = [action.places for action in same if action.places]
        dates = [action.dating for action in same if action.dating]
        for several, what in ((places, "places"), (dates, "dates")):
            if len(several) > 1 and len(set(several)) > 1:
                message = f"several {kind} actions with different {what}: those of the first count"
                self.here.report.warning("action-several", message, self.here.source(element), path)
        agents = tuple(dict.fromkeys(agent for action in same for agent in action.agents))
        return Action(kind, agents, next(iter(places), ()), next(iter(dates), None))

    def _action(self, action: Element, reader: References) -> Told:
        given = (action.get("type") or "").strip().lower()
        kind = _SAME.get(given, given)
        date = next(action.iterchildren(_DATE), None)
        if not kind:
            message = "a correspAction without @type was left out"
            self.here.report.warning(
                "action-unknown", message, self.here.source(action), reader.path, "type='sent' or 'received'"
            )
            return Told(None, self._undated("", date))
        notes = [child for child in action if child.tag == _NOTE]
        bases = {note.get("type"): note for note in notes if note.get("type")}
        known = _BASES.get(kind, _BASES["sent"])
        for name in bases:
            if name not in known:
                message = f"a note of type '{name}' says nothing about '{kind}'"
                self.here.report.warning("note-unknown", message, self.here.source(bases[name]), reader.path)
        for note in notes:
            if not note.get("type") and words(note):
                message = f"the note '{words(note)}' was left out"
                self.here.report.note("note-left-out", message, self.here.source(note), reader.path)
        for other in date.itersiblings(_DATE) if date is not None else ():
            self._second_date(other, reader)
        _doubt(action)
        naming = _naming(action, reader)
        for child, named in naming:
            if child.tag not in _OF_ACTIONS and named not in ("person", "organisation", "place"):
                self._left_out(child, reader.path)
        agents = tuple(self._agents(action, naming, kind, bases.get(known[0]), reader))
        places = tuple(self._places(naming, kind, bases.get("place"), reader))
        when = self._date(date, bases.get("date"), reader) if date is not None else None
        manner = (action.get("subtype") or "").strip().lower()
        found = Action(kind, agents, places, when, manner)
        return Told(found, () if when else self._undated(action.get("type") or "", date), _is_main(found))

    def _second_date(self, date: Element, reader: References) -> None:
        message = f"more than one date: the first is taken, '{_said(date)}' is left out"
        self.here.report.warning("date-several", message, self.here.source(date), reader.path)

    def _agents(
        self, action: Element, naming: Naming, kind: str, basis: Element | None, reader: References
    ) -> Iterable[Link]:
        manner = (action.get("subtype") or "").strip().lower()
        role = {"sent": "sender", "received": "addressee"}.get(kind, kind)
        if manner not in ("", *_COPIES):
            # whoever sends it on is not the letter's sender, least of all when nobody knows either
            role = slug(f"{manner} {kind}")
        for child, named in naming:
            if named not in ("person", "organisation"):
                continue
            for link in self._named(child, named, basis, role, reader):
                yield replace(link, kind=manner) if manner in ("cc", "bcc") else link

    def _places(self, naming: Naming, kind: str, basis: Element | None, reader: References) -> Iterable[Link]:
        for child, named in naming:
            if named == "place":
                yield from self._named(child, "place", basis, f"{kind}-place", reader)

    def _named(
        self, child: Element, named: str, basis: Element | None, role: str, reader: References
    ) -> tuple[Link, ...]:
        own = child.get("ref") or ""
        if own and self.index.is_own(own):
            link = reader.link(child, own, basis)
            return (link,) if link else ()
        return reader.links(child, named, basis, "", role)

    # ------------------------------------------------------------------ dates
    def _date(self, element: Element, basis: Element | None, reader: References) -> Dating | None:
        found = self.here.dating(element, reader.path, basis)
        said = words(element)
        if found is not None or dating.says_nothing(said):
            return found
        if any(element.get(name) for name in ("when", "from", "to", "notBefore", "notAfter", "when-iso")):
            return None
        date = dating.from_words(said)
        if date is None:
            message = f"'{said}' has no value a machine can read: it is kept as printed"
            self.here.report.note(
                "date-text-only",
                message,
                self.here.source(element),
                reader.path,
                "add @when, or @notBefore and @notAfter",
            )
            return None
        self.here.report.note(
            "date-from-words", f"'{said}' is read as {date.edtf}", self.here.source(element), reader.path, "add @when"
        )
        self.here.dated(date, element, reader.path)
        return Dating(date)

    def _undated(self, action: str, date: Element | None) -> tuple[Note, ...]:
        """A date that no machine can read, kept as printed."""
        said = words(date)
        if date is None or not said or dating.says_nothing(said):
            return ()
        if self._readable(date) or dating.from_words(said) is not None:
            return ()
        return (Note(f"Date as printed ({action}): {said}" if action else f"Date as printed: {said}"),)

    def _readable(self, element: Element) -> bool:
        return Place(self.here.file, Report(), cited=False).dating(element, "") is not None

    # ------------------------------------------------------------------ where it is printed
    def _printed_in(self, given: str, element: Element, reader: References) -> tuple[Link, ...]:
        """`@source`: the edition, described in the header, that the description was taken from."""
        if self.index.edition.printed:
            return ()
        known = self._printed.get(given)
        if known is not None:
            return known
        tokens = given.split()
        found = tuple(link for token in tokens if (link := self._book(token, element, reader)))
        if len(found) == len(tokens):
            self._printed[given] = found
        return found

    def _book(self, token: str, element: Element, reader: References) -> Link | None:
        identifier = token.lstrip("#")
        book = self.index.books.get(identifier)
        if book is not None:
            return Link(self.index.book(f"{reader.file_key}-{identifier}", book))
        message = f"@source '{token}' leads to no bibl in the header"
        self.here.report.warning(
            "source-unknown", message, self.here.source(element), reader.path, "add the bibl with this xml:id"
        )
        return None

    def _without_sender(self, element: Element, path: str) -> None:
        self.here.report.error(
            "sender-missing",
            "nobody is named as sender",
            self.here.source(element),
            path,
            "add a persName or orgName to correspAction type='sent'",
        )


def _noted(refs: Sorted) -> dict[str, Any]:
    """The fields of a letter that nothing but the references of its note fill."""
    if refs is _NO_REFS:
        return {}
    values, pointers = refs.values, refs.pointers
    languages = map(tongues.normal, values.get("hasLanguage", ()))
    return {
        "languages": tuple(filter(None, languages)),
        "mentions": tuple(refs.mentions),
        "translators": tuple(pointers.get("translated-by", ())),
        "forwarders": tuple(pointers.get("forwarded-by", ())),
        "holdings": tuple(pointers.get("isEditionOf", ())),
        "text_bases": tuple(values.get("hasTextBase", ())),
        "offers": tuple(values.get("isPublishedWith", ())),
        "tei": tuple(values.get("isAvailableAsTEIfile", ())),
    }


def _naming(action: Element, reader: References) -> Naming:
    return [(child, reader.kind_of_name(child)) for child in action.iterchildren(_ANY)]


def _naming_of_old(child: Element, reader: References) -> Naming:
    """What is named in a part of the old form; where nothing is marked up, the part itself is the name."""
    name = str(child.tag).removeprefix(TEI)
    kinds = () if name.startswith("date") else ("place",) if name.startswith("place") else ("person", "organisation")
    naming = [each for each in _naming(child, reader) if each[1] in kinds]
    return naming or [(child, kinds[0])] if kinds and (naming or words(child) or child.get("ref")) else []


def _dates_of_old(child: Element) -> list[Element]:
    """The dates in a part of the old form; where none is marked up, the part is the date itself."""
    found = list(child.iter(_DATE))
    return found or [child] if str(child.tag).removeprefix(TEI).startswith("date") else []


def _doubt(action: Element) -> None:
    """What is doubtful of an action is doubtful of all that it names."""
    for name in ("cert", "evidence"):
        given = action.get(name)
        for child in action.iterchildren(_ANY) if given else ():
            if child.get(name) is None:
                child.set(name, given or "")


def _outside_of_refs(note: Element) -> bool:
    """True when a note says something beside what its references say; they are read for themselves."""
    pieces = [note.text or "", *(child.tail or "" for child in note)]
    pieces += [words(child) for child in note.iterchildren(_ANY) if child.tag != _REF]
    return any(char.isalnum() for piece in pieces for char in piece)


def _is_main(action: Action) -> bool:
    """True for a sending or receipt by the letter's senders and addressees; a redirection on the way is none."""
    return action.kind in ("sent", "received") and action.manner in ("", *_COPIES)


def _said(element: Element) -> str:
    values = [f"{name}={value}" for name, value in element.attrib.items()]
    return words(element) or " ".join(str(value) for value in values)
