"""Pointers and names of one record: to whom they lead, and how that is known."""

import re

from lod import authorities
from lod.iris import slug
from lod.model import Claim, Link
from lod.readers import tongues
from lod.readers.files import Description
from lod.readers.index import Index, kind_named
from lod.readers.kinds import kinds_of_path
from lod.readers.xml import TEI, Element, Place, name_words, words

_REFS = (f"{TEI}ref", f"{TEI}ptr")
_DESCRIBING = tuple(f"{TEI}{name}" for name in ("rs", "nationality", "residence", "affiliation"))
"""Elements whose words need not name what they point to: `he`, `French`, `since 1899 in Vienna`."""
_CONTEXT = f"{TEI}correspContext"
_ANSWERS = dict.fromkeys(("replyto", "reply_to", "isreplyto", "in-reply-to", "inreplyto", "answer-to"), "reply-to")
CONTEXT = ("reply-to", "acknowledges", "encloses", "cites", "forwards")
MENTIONS = {
    "mentionsPerson": "person",
    "mentionsOrg": "organisation",
    "mentionsPlace": "place",
    "mentionsEvent": "event",
    "mentionsBibl": "work",
    "mentionsObject": "object",
}
_POINTERS = ("published-in", "translated-by", "forwarded-by", "isEditionOf")
_VALUES = ("hasLanguage", "hasTextBase", "isPublishedWith", "isAvailableAsTEIfile", "book-place")
_TERMS = frozenset((*MENTIONS, *_POINTERS, *_VALUES))
_CMIF = re.compile(r"(?:cmif:|https?://lod\.academy/cmif/vocab/terms[#/])(\w+)", re.IGNORECASE)
_MAKERS = tuple(f"{TEI}{name}" for name in ("author", "editor", "publisher"))
"""People and bodies alike."""
_FITTING = dict.fromkeys(("work", "object"), ("work", "document", "letter", "holding"))
"""What titles and citations may point to: any text, and where it lies."""
_ORDER = (
    *("prev", "next", "previous", "previous_letter", "next_letter"),
    *("belongsToCorrespondence", "withinCollection", "withinCorrespondence"),
)
"""Kinds of context that only put letters in order."""


def cmif_term(value: str) -> str:
    """The name of a term of CMIF 2, however it is written: `cmif:x`, `…/terms#x`, `…/terms/x`; other values as they are."""
    match = _CMIF.fullmatch(value.strip())
    return match[1] if match else value.strip()


class Sorted:
    """The references of a letter's note by what they are."""

    __slots__ = ("mentions", "pointers", "values")

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self.pointers: dict[str, list[Link]] = {}
        self.mentions: list[Link] = []


class References:
    """Reads the pointers of one letter (or document, or entry), in the context of its file.

    `file_key` is the file's name in keys of people known only by name; `apart` keeps equal names apart.
    """

    __slots__ = ("apart", "file_key", "here", "index", "path", "prefix")

    def __init__(
        self, here: Place, index: Index, path: str, file_key: str = "", prefix: str = "", *, apart: bool = False
    ) -> None:
        self.here = here
        self.index = index
        self.path = path
        self.file_key = file_key or slug(here.file.rpartition("/")[2].rpartition(".")[0])
        self.prefix = prefix
        self.apart = apart

    # ------------------------------------------------------------------ one link
    def link(self, element: Element, pointer: str | None, basis: Element | None = None, kind: str = "") -> Link | None:
        """A pointer with its form and claim; None, with a finding, when it leads nowhere."""
        named = kind_named(element)
        if named and not (pointer and self.index.is_own(pointer)):
            found = self.links(element, named, basis, kind)
            return found[0] if found else None
        if not pointer:
            self._missing(element)
            return None
        target = self.index.resolve(pointer, self.here, element, self.path)
        self.expect(named, target, element)
        return Link(target, words(element), self._claim(element, basis), kind) if target else None

    def links(
        self, element: Element, named: str, basis: Element | None = None, kind: str = "", role: str = ""
    ) -> tuple[Link, ...]:
        """What a naming element leads to: as a rule one thing, several when it holds pointers to several."""
        if basis is not None or len(element):
            return self._links(element, named, basis, kind, role)
        # without a finding, of the role counts only that there is one
        written = ("link", self.file_key, named, kind, bool(role), element.tag, element.text, *element.items())
        return self.index.once(written, self.here.report, self._links, element, named, None, kind, role)

    def _links(self, element: Element, named: str, basis: Element | None, kind: str, role: str) -> tuple[Link, ...]:
        form = name_words(element)
        # what stands in a correspAction names who acts, whatever it is called
        described = element.tag in _DESCRIBING and not role
        pointers = [
            pointer
            for pointer in self.index.pointers(element, self.here.file)
            if not authorities.is_empty_address(pointer)
        ]
        claim = self._claim(element, basis)
        targets = []
        for group in self.index.groups(pointers, self.here.file):
            tokens = list(dict.fromkeys(each for token in group for each in self.index.same(_kind(named), token)))
            target = self._plain(element, tokens, named, form, described=described)
            target = target or self._doubtful(element, tokens, named, form, described=described)
            if target:
                targets.append(target)
        if not pointers:
            target = self._by_name(element, named, form, role)
            targets = [target] if target else []
        if len(targets) > 1 and role:
            message = f"one name, '{form}', points to {len(targets)}: {', '.join(targets)}"
            self.here.report.warning("pointers-several", message, self.here.source(element), self.path)
        named_so = "" if described and pointers else form
        return tuple(Link(target, named_so, claim, kind) for target in dict.fromkeys(targets))

    def expect(self, named: str, target: str, element: Element) -> None:
        """Tell of a pointer to an entry of another kind than the element names; it is followed all the same."""
        kinds = kinds_of_path(target)
        # a table's column does not say whether people or bodies stand in it
        either = element.tag in _MAKERS or (self.index.source.format == "table" and named == "person")
        fitting = ("person", "organisation") if either else _FITTING.get(named, (named,))
        if not named or not kinds or not set(kinds).isdisjoint(fitting):
            return
        message = f"<{_tag(element)}> '{words(element)}' names a thing of kind {named}, but points to {target}"
        hint = "mend the pointer, or the element: the entry counts"
        self.here.report.warning("pointer-of-kind", message, self.here.source(element), self.path, hint)

    def _claim(self, element: Element, basis: Element | None) -> Claim:
        weighs = (
            basis
            if element.get("evidence")
            or element.get("cert")
            or (basis is not None and basis.get("subtype") == "corrected")
            else None
        )
        return self.here.claim(element, self.path, weighs)

    def _plain(self, element: Element, tokens: list[str], named: str, form: str, *, described: bool) -> str:
        """The path of the one thing that pointers name, when an entry or an authority knows it; `""` when none does."""
        known = next((path for token in tokens if (path := self.index.known(token))), "")
        addresses = [token for token in tokens if "://" in token]
        key = authorities.key(addresses[0]) if addresses and not known and not _own(tokens) else ""
        if not key:
            self.expect(named, known, element)
            return known
        shown = "" if authorities.is_placeholder(form) else form
        sort, source = "object" if named == "object" else "", self.here.source(element)
        by_pointer = self.index.met.by_pointer
        return by_pointer(_kind(named), key, shown, source, tuple(addresses), sort, described=described)

    def _doubtful(self, element: Element, tokens: list[str], named: str, form: str, *, described: bool) -> str:
        """The path of something that no entry and no authority knows, with a finding; `""` when there is none."""
        own = _own(tokens)
        if own:
            self.index.lost(self.index.edition.base + own, own, self.here, element, self.path)
            return ""
        kind = _kind(named)
        identifier = next((token.removeprefix("local:") for token in tokens if token.startswith("local:")), "")
        key = slug(f"{self.prefix}{identifier}")
        if not key:
            return self._by_name(element, named, form, "")
        source = self.here.source(element)
        self.here.report.warning(
            "pointer-without-entry",
            f"'{identifier}' has no entry in a register: it is published under its name as written",
            source,
            f"{kind}/{key}",
            "add the register, or the entry to it",
        )
        shown = "" if authorities.is_placeholder(form) else form
        sort = "object" if named == "object" else ""
        return self.index.met.by_pointer(kind, key, shown, source, (), sort, described=described)

    def _by_name(self, element: Element, named: str, form: str, role: str) -> str:
        kind = _kind(named)
        source = self.here.source(element)
        if not form or (kind != "person" and kind != "organisation" and authorities.is_placeholder(form)):
            if role:
                message = (
                    f"<{_tag(element)}> says '{form}': nobody and nothing is named"
                    if form
                    else f"<{_tag(element)}> is empty"
                )
                self.here.report.note("name-empty", message, source, self.path)
            else:
                self._missing(element)
            return ""
        letter = self.path.rpartition("/")[2]
        if authorities.is_placeholder(form):
            return self.index.met.placeholder(kind, form, letter, role or "mention", source)
        if kind == "person" and authorities.is_somebody(form):
            return self.index.met.placeholder(kind, form, letter, f"{role or 'mention'}-{slug(form)}", source)
        if kind == "person" and authorities.names_several(form):
            message = f"'{form}' may be several people: it is kept as one"
            self.here.report.note("name-of-several", message, source, self.path, "one persName each, or @ref")
        return self.index.met.by_name(kind, form, self.file_key, source, letter=letter, apart=self.apart)

    def _missing(self, element: Element) -> None:
        self.here.report.error(
            "pointer-missing",
            f"<{_tag(element)}> '{words(element)}' has no @ref or @target",
            self.here.source(element),
            self.path,
            "point to an entry of a register",
        )

    # ------------------------------------------------------------------ many links
    def context(self, description: Description) -> tuple[Link, ...]:
        """`correspContext`: what the letter answers, acknowledges, encloses, cites or forwards."""
        found = []
        contexts = [part for part in description.others if part.tag == _CONTEXT]
        if any(each.get("prev") or each.get("next") for each in (description.element, *contexts)):
            self._order(description.element)
        for child in (child for each in contexts for child in each.iterchildren(f"{TEI}*")):
            found += [self._context(ref) for ref in child.iter(*_REFS)]
            told = words(child) if child.tag not in _REFS else ""
            if told:
                self.here.report.note("context-words", f"'{told}' was left out", self.here.source(child), self.path)
        return tuple(filter(None, found))

    def _order(self, element: Element) -> None:
        message = "the order of letters (previous, next, correspondence) was left out: it follows from dates and people"
        self.here.report.note("order-left-out", message, self.here.source(element), self.path)

    def _context(self, ref: Element) -> Link | None:
        kind = _ANSWERS.get((ref.get("type") or "").lower(), ref.get("type") or "")
        if kind in _ORDER or ref.get("subtype") in _ORDER:
            self._order(ref)
            return None
        if kind not in CONTEXT:
            self._unknown(ref, kind, CONTEXT)
            return None
        pointer = ref.get("target") or ""
        if pointer and not self.index.is_own(pointer):
            letter = self._letter(pointer, ref)
            if letter:
                return Link(letter, words(ref), self._claim(ref, None), kind)
            known = self.index.known(self.index.token(pointer, self.here.file))
            if not known:
                message = f"'{pointer}' ({kind}) is no letter of this edition and was left out"
                self.here.report.warning("context-elsewhere", message, self.here.source(ref), self.path)
                return None
        return self.link(ref, pointer, None, kind)

    def _letter(self, pointer: str, ref: Element) -> str:
        """The letter of this edition that a pointer means: by its key, its file, or an address beside this letter's own."""
        address, _, identifier = pointer.partition("#") if "://" not in pointer else (pointer, "", "")
        folder, _, name = address.rstrip("/").rpartition("/")
        stem = name.removesuffix(".xml")
        if "://" in pointer:
            described = next(ref.iterancestors(f"{TEI}correspDesc"), None)
            own = (described.get("ref") or "") if described is not None else ""
            if own.rstrip("/").rpartition("/")[0] != folder:
                return ""
        for key in (identifier, f"{stem} {identifier}" if identifier else "", stem):
            path = f"letter/{slug(f'{self.prefix}{key}')}" if key else ""
            told = self.index.paths.get(path) if path else None
            there = told is not None and (not name.endswith(".xml") or told.file.rpartition("/")[2] == name)
            if there and path != self.path:
                return path
        return ""

    def sorted_refs(self, element: Element) -> Sorted:
        """The `ref`s of the notes directly inside an element."""
        found = Sorted()
        for note in element.iterchildren(f"{TEI}note"):
            for ref in note.iter(f"{TEI}ref"):
                if ref.getparent() is note or cmif_term(ref.get("type") or "") in _TERMS:
                    self._sort(ref, found)
        return found

    def _sort(self, ref: Element, found: Sorted) -> None:
        kind, target = cmif_term(ref.get("type") or ""), ref.get("target") or ""
        if kind in _VALUES:
            found.values.setdefault(kind, []).extend(self._values(ref, kind, target))
        elif kind in MENTIONS:
            found.mentions += self.mention(ref, target, MENTIONS[kind])
        elif kind == "isEditionOf" and target.startswith("urn:"):
            found.values.setdefault(*self._urn(ref, target)).append(authorities.resolved(target))
        elif kind == "isEditionOf" and authorities.is_address(target) and not self.index.is_own(target):
            found.values.setdefault("isEditionOf", []).append(target)
        elif kind in _POINTERS:
            link = self.link(ref, target, None, ref.get("subtype") or "")
            if link:
                found.pointers.setdefault(kind, []).append(link)
        elif kind in CONTEXT:
            link = self._context(ref)
            if link:
                found.pointers.setdefault("context", []).append(link)
        else:
            self._unknown(ref, kind, (*_VALUES, *_POINTERS, *MENTIONS))

    def _values(self, ref: Element, kind: str, target: str) -> list[str]:
        """What a `ref` says with words or addresses: languages, text bases, files. What is none of these is told."""
        if kind == "book-place":
            return [target]
        values = [cmif_term(value) for value in target.split()]
        wrong = [value for value in values if kind == "hasLanguage" and not tongues.is_tag(value)]
        wrong += [value for value in values if kind == "isAvailableAsTEIfile" and not authorities.is_address(value)]
        for value in wrong or ([] if values else [""]):
            message = f"a ref of type '{kind}' says '{value or words(ref)}', which is not understood and was left out"
            hint = {"hasLanguage": "a tag: de, en-GB", "isAvailableAsTEIfile": "an address"}.get(
                kind, "say it in @target"
            )
            self.here.report.warning("ref-unknown", message, self.here.source(ref), self.path, hint)
        return [value for value in values if value not in wrong]

    def _urn(self, ref: Element, target: str) -> tuple[str, list[str]]:
        """Under which values a URN counts: a link where its resolver is known, because a link is an address; else words."""
        if authorities.is_address(authorities.resolved(target)):
            return "isEditionOf", []
        message = f"'{target}' is kept as words: a link is an address"
        hint = "the address of its resolver; an ISBN belongs to a bibl in the header"
        self.here.report.note("kept-as-words", message, self.here.source(ref), self.path, hint)
        return "urn", []

    def mention(self, ref: Element, target: str, named: str) -> tuple[Link, ...]:
        """Whom or what a `ref` of a note says the letter mentions."""
        if target and self.index.is_own(target):
            link = self.link(ref, target, None, named)
            self.expect(named, link.target if link else "", ref)
            return (link,) if link else ()
        if not target and not words(ref):
            self._missing(ref)
            return ()
        return self.links(ref, named, None, named)

    def kind_of_name(self, element: Element) -> str:
        """The kind of thing that an element names, by its tag, its type, or the entry that it points to."""
        named = kind_named(element)
        if named or element.tag not in (f"{TEI}rs", f"{TEI}name"):
            return named
        pointers = self.index.pointers(element, self.here.file)
        return next(filter(None, map(self.kind_of, pointers)), "")

    def kind_of(self, pointer: str) -> str:
        """The kind of the entry that a pointer leads to; `""` when it leads to none."""
        return self.index.known(self.index.token(pointer, self.here.file)).partition("/")[0]

    def _unknown(self, ref: Element, kind: str, known: tuple[str, ...]) -> None:
        self.here.report.warning(
            "ref-unknown",
            f"a ref of type '{kind}' is not understood and was left out",
            self.here.source(ref),
            self.path,
            f"known are {', '.join(known)}",
        )


def _kind(named: str) -> str:
    """The kind of record that something named has: objects are works."""
    return "work" if named == "object" else named


def _own(tokens: list[str]) -> str:
    """The first token that is a path of ours; `""` for none."""
    return next((token for token in tokens if "://" not in token and not token.startswith("local:")), "")


def _tag(element: Element) -> str:
    return str(element.tag).removeprefix(TEI)
