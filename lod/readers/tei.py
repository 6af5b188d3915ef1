"""Letters from a TEI edition: a file for each, or many in a `teiCorpus`, with header, body and what registers they hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lod import authorities
from lod.config import SourceFile
from lod.iris import slug
from lod.model import Carrier, Holding, Letter, Link, Record
from lod.readers import registers, tongues
from lod.readers.addresses import abstract, addresses, pictures
from lod.readers.files import described
from lod.readers.index import Index
from lod.readers.kinds import kind_named
from lod.readers.letters import LetterReader
from lod.readers.manuscripts import manuscripts
from lod.readers.printed import is_publication, printed, sources
from lod.readers.references import References
from lod.readers.relations import Relation
from lod.readers.shares import Share, Shares
from lod.readers.xml import TEI, XML, Element, words
from lod.report import Report

_NOT_BODY = tuple(
    f"{TEI}{name}"
    for name in (
        "opener",
        "closer",
        "head",
        "salute",
        "signed",
        "dateline",
        "address",
        "note",
        "postmark",
        "fw",
        "bibl",
    )
)
"""Where a letter names nobody it speaks of: heading, salutation, signature; and the editors' notes."""
_NOT_BODY_DIVISIONS = ("address", "envelope", "heading", "dateline", "datum", "salutation", "closing", "signature")
"""The same where an edition marks them by `div/@type`."""
_NAMED_IN_TEXT = (
    *("persName", "orgName", "placeName", "rs", "name", "title", "bibl", "objectName", "eventName"),
    *("geogName", "settlement", "district", "region", "country"),
)
_BIBL = f"{TEI}bibl"


def read(source: SourceFile, index: Index, report: Report) -> Iterator[Record | Relation]:
    """Every letter of a file, its archive, and the entries of the registers that the file holds."""
    here = index.place(source.file, report)
    reader = LetterReader(here, index)
    texts = index.files.texts(source, Report())
    shared = ((root, Shares(root)) for root in texts)
    descriptions = ((description, shares) for root, shares in shared for description in described(root))
    for (description, shares), (key, left_out, _) in zip(descriptions, index.letters, strict=True):
        if left_out:
            continue
        letter, element = reader.letter(description, key), description.element
        refs = References(here, index, letter.path, source.id, source.prefix, apart=source.apart)
        yield from _with_text(letter, element, shares.of(element), refs)
    entries = registers.read(texts, source, index, report)
    yield from entries
    if not index.letters and not entries:
        hint = "nothing of this file is published"
        report.note("file-without-letters", "holds no correspDesc and no register", here.source(texts.head), "", hint)


def _with_text(letter: Letter, element: Element, share: Share, refs: References) -> Iterator[Record]:
    """The letter with what header and body add, and the holdings it lies in."""
    holdings = list(_holdings(share, refs))
    body = _body(element, share, refs)
    prints = [] if refs.index.edition.printed else list(printed(share, refs))
    if not share.whole and share.first:
        _tell_of_shared(share, refs)
    yield replace(
        letter,
        published=tuple(dict.fromkeys((*letter.published, *(each.link for each in prints)))),
        notes=(*letter.notes, *(note for each in prints for note in each.notes)),
        languages=letter.languages or _languages(share, refs),
        mentions=(*letter.mentions, *(_mentions(body, refs) if body is not None else ())),
        carriers=tuple(carrier for _, carrier in holdings),
        **_found_at(letter, share),
    )
    yield from (holding for holding, _ in holdings)


def _found_at(letter: Letter, share: Share) -> dict[str, Any]:
    """The fields of a letter that say where it stands on the web, and its abstract; of one among several its pictures."""
    if not share.whole:
        return {"images": pictures(share.part, share.text) if share.part is not None else ()}
    found = addresses(share.text)
    elsewhere = found.elsewhere if letter.url in ("", found.page) else (found.page, *found.elsewhere)
    return {
        "url": letter.url or found.page,
        "tei": tuple(dict.fromkeys((*letter.tei, *found.files))),
        "images": found.images,
        "same_as": tuple(dict.fromkeys(filter(None, (*letter.same_as, *elsewhere)))),
        "abstract": tuple(abstract(share.text)),
    }


def _tell_of_shared(share: Share, refs: References) -> None:
    """Tell what a header with several letters says, and nobody knows of which."""
    found = addresses(share.text)
    everything = share._replace(whole=True)
    told = {
        "its page": found.page,
        "TEI files": found.files,
        "abstract": any(abstract(share.text)),
        "manuscripts": not all(share.is_claimed(each.description) for each in manuscripts(everything)),
        "bibliography": not all(share.is_claimed(each) for each in sources(share.text) if is_publication(each)),
        "pictures": share.part is None and found.images,
    }
    said = ", ".join(name for name, there in told.items() if there)
    if said:
        message = f"the header describes several letters, and which of them these are of is not said: {said}"
        hint = "a TEI element with a header for each letter; or name msDesc and bibl in the @decls of its part"
        refs.here.report.warning("header-shared", message, refs.here.source(share.text), refs.path, hint)


# ---------------------------------------------------------------------- header
def _languages(share: Share, refs: References) -> tuple[str, ...]:
    """The languages of the letter: of its manuscript, of its text, else those that the header says it is in."""
    text, part = share.text, share.part
    manuscript = next((each for each in text.iterfind(f"{TEI}teiHeader//{TEI}textLang") if _is_of(each, share)), None)
    where: Element | None = manuscript
    if not share.whole and part is not None and part.get(f"{XML}lang"):
        where, tags = part, [part.get(f"{XML}lang") or ""]
    elif manuscript is not None:
        tags = [manuscript.get("mainLang") or "", *(manuscript.get("otherLangs") or "").split()]
    else:
        body = text.find(f"{TEI}text")
        own = body.get(f"{XML}lang") if body is not None else ""
        header = list(text.iterfind(f"{TEI}teiHeader/{TEI}profileDesc/{TEI}langUsage/{TEI}language"))
        tags = [own] if own else [language.get("ident") or "" for language in header]
        where = body if own or not header else header[0]
    for tag in tags:
        if tag and not tongues.is_tag(tag) and where is not None:
            message = f"'{tag}' is no tag of a language, and was left out"
            refs.here.report.warning("language-unknown", message, refs.here.source(where), refs.path, "de, en-GB, grc")
    return tuple(dict.fromkeys(tag for each in tags if (tag := tongues.normal(each))))


def _is_of(language: Element, share: Share) -> bool:
    """Whether a language of a manuscript is that of a letter's: where none is declared, all in the header may be."""
    manuscript = next(language.iterancestors(f"{TEI}msDesc"), None)
    return manuscript is None or share.has(manuscript) or not any(manuscripts(share))


def _holdings(share: Share, refs: References) -> Iterator[tuple[Holding, Carrier]]:
    """The archive, collection and shelf mark of each manuscript."""
    taken: set[str] = set()
    for description, identifier, parts, key in manuscripts(share):
        told = (parts["repository"], parts["institution"], parts["collection"], parts["settlement"])
        label = ", ".join(dict.fromkeys(filter(None, told)))
        keepers = tuple(_keepers(identifier, parts, refs))
        holding = Holding(key, refs.here.source(description), label, keepers, parts["settlement"])
        witness = description.getparent()
        named = witness is not None and witness.tag == f"{TEI}witness"
        kind = (witness.get("type") or witness.get(f"{XML}id") or "") if witness is not None and named else ""
        marks: dict[str, str] = {}
        for idno in identifier.iter(f"{TEI}idno"):
            marks.setdefault(_mark(idno), _about(idno))
        mark, *others = list(filter(None, marks)) or [""]
        part = slug(kind) or "original"
        if part in taken:
            part = f"{part}-{slug(mark) or key}"
        taken.add(part)
        further = tuple((other, marks[other]) for other in others)
        yield holding, Carrier(part, holding.path, mark, kind if part != "original" else "", further)


def _mark(idno: Element) -> str:
    """A shelf mark; an address is one of the letter in a catalogue."""
    return "" if authorities.is_address(words(idno)) else words(idno)


def _about(idno: Element) -> str:
    """What is said of a shelf mark: of what kind it is, and where it is, or was, that of the manuscript."""
    around = idno.getparent()
    other = around if around is not None and around.tag == f"{TEI}altIdentifier" else None
    if other is None:
        return idno.get("type") or ""
    where = [words(part) for part in other.iterchildren(f"{TEI}*") if part.tag not in (f"{TEI}idno", f"{TEI}note")]
    return ", ".join(filter(None, (other.get("type") or idno.get("type") or "", *where)))


def _keepers(identifier: Element, parts: dict[str, str], refs: References) -> Iterator[Link]:
    """Who looks after a manuscript, the nearest first: the department, and the institution that it is of."""
    institution = parts["institution"] if parts["institution"] != parts["repository"] else ""
    where = {"repository": f"{parts['settlement']} {institution}".strip(), "institution": parts["settlement"]}
    for name in ("repository", "institution") if institution else ("repository",):
        archive = identifier.find(f"{TEI}{name}") if parts[name] else None
        keeper = _keeper(archive, where[name], refs) if archive is not None else None
        if keeper:
            yield keeper


def _keeper(archive: Element, settlement: str, refs: References) -> Link | None:
    """The archive: by its pointer, else by its name and town, which identify it (`msIdentifier`)."""
    if archive.get("ref") or archive.get("key"):
        return refs.link(archive, archive.get("ref"))
    name = words(archive)
    key = slug(f"{settlement} {name}" if slug(settlement) not in slug(name) else name)
    return Link(refs.index.met.by_pointer("organisation", key, name, refs.here.source(archive))) if key else None


# ---------------------------------------------------------------------- body
def _body(element: Element, share: Share, refs: References) -> Element | None:
    """The part of the text that this description is of: what `@decls` points to it, else the whole body."""
    if share.part is not None or share.whole:
        return share.part if share.part is not None else share.text.find(f"{TEI}text/{TEI}body")
    message = "several letters in one text, and no @decls says which part is this one: its mentions were left out"
    refs.here.report.warning("text-unclear", message, refs.here.source(element), refs.path)
    return None


def _mentions(body: Element, refs: References) -> Iterable[Link]:
    """Whom and what the text names with a pointer; each form once, with how often it stands there."""
    found: dict[tuple[str, str], Link] = {}
    times: Counter[tuple[str, str]] = Counter()
    for name in body.iter(*(f"{TEI}{tag}" for tag in _NAMED_IN_TEXT)):
        pointers = _pointers(name)
        if not pointers or any(_is_frame(up) for up in _up_to(name, body)) or _is_part(name):
            continue
        kind = kind_named(name) or refs.kind_of(pointers[0])
        if not kind:
            message = f"<{str(name.tag).removeprefix(TEI)}> with @ref='{' '.join(pointers)}' does not say what it names"
            refs.here.report.note("mention-unclear", message, refs.here.source(name), refs.path, "add @type")
            continue
        for link in refs.links(name, kind, None, kind):
            found.setdefault((link.target, link.form), link)
            times[link.target, link.form] += 1
    return [replace(link, times=link.times + times[form]) for form, link in found.items()]


def _is_frame(element: Element) -> bool:
    """True for a heading, salutation, signature, address or note: names in it are no mentions."""
    return (element.tag in _NOT_BODY and not (element.tag == _BIBL and _pointers(element))) or (
        element.tag == f"{TEI}div" and (element.get("type") or "").lower() in _NOT_BODY_DIVISIONS
    )


def _pointers(name: Element) -> list[str]:
    attributes = ("ref", "key", "corresp", "sameAs") if name.tag == _BIBL else ("ref", "key")
    return [token for attribute in attributes for token in (name.get(attribute) or "").split()]


def _is_part(name: Element) -> bool:
    """True for a town or country that is a part of a place's name with a pointer of its own."""
    around = name.getparent()
    return around is not None and around.tag == f"{TEI}placeName" and name.tag != around.tag and bool(_pointers(around))


def _up_to(name: Element, body: Element) -> Iterator[Element]:
    for ancestor in name.iterancestors():
        if ancestor is body:
            return
        yield ancestor
