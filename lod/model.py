"""Records: what readers hand over and mappers are handed. Plain values, no XML and no RDF in them.

A **path** names a thing of the edition without its base: `person/serge`, `person/solntsev/death`. Where somebody else's
thing can stand, an absolute IRI may stand instead. A **place in the edition** is a citable part of the printed book, as
its key: `note-2-150`, `letter-12`. Fields that hold none are empty, never None, so that mappers need no questions.
"""

from dataclasses import field
from enum import StrEnum

from lod.dates import Date
from lod.report import Source
from lod.spool import Value, frozen


class Standing(StrEnum):
    """How far a statement holds: told plainly, concluded, corrected, doubted, or contradicted elsewhere."""

    STATED = "stated"
    CORRECTED = "corrected"
    INFERRED_BY_EDITION = "inferred-by-edition"
    INFERRED_BY_DATA = "inferred-by-data"
    UNCERTAIN = "uncertain"
    DISPUTED = "disputed"

    holds: bool
    """True when the statement may be made directly; otherwise it only lives in an attribute assignment."""

    def __init__(self, value: str) -> None:
        # no property: it is asked for with every pointer
        self.holds = value not in ("uncertain", "disputed")


@frozen()
class Claim(Value):
    """How a statement is known: its standing, the places in the edition it rests on, and our words on it."""

    standing: Standing = Standing.STATED
    places: tuple[str, ...] = ()
    note: str = ""


STATED = Claim()


@frozen()
class Note(Value):
    """A remark of ours. `kind` is the TEI type: `comment`, `cause`."""

    text: str
    kind: str = "comment"
    places: tuple[str, ...] = ()
    doubtful: bool = False


@frozen()
class Link(Value):
    """A pointer to a thing, as written there (`form`, may be empty), and how it is known."""

    target: str
    form: str = ""
    claim: Claim = STATED
    kind: str = ""
    """What sort of pointer: `reply-to`, `published-in`, a role … ; empty for a plain one."""
    times: int = 0
    """How often the text names it in this form; 0 where nobody counted, because no text was read."""


@frozen()
class Dating(Value):
    """A date, how it is known, and the value as printed where somebody corrects it."""

    date: Date
    claim: Claim = STATED
    printed: Date | None = None


@frozen()
class Name(Value):
    """One name: `kind` as in TEI (`preferred`, `pseudonym`, `acronym`, `as-written` …), language tag if known.

    `descriptive` labels somebody whose name nobody gives. `letters` are paths of the letters that use just this form.
    """

    text: str
    kind: str = "preferred"
    language: str = ""
    places: tuple[str, ...] = ()
    dating: Dating | None = None
    letters: tuple[str, ...] = ()
    spelling_only: bool = False
    """True for a form met only where a text mentions the thing: how it was spelt there, not a name it bears."""


@frozen()
class Action(Value):
    """What a `correspAction` tells: `sent` or `received`, by or for whom, where, when. `manner` is its subtype."""

    kind: str
    agents: tuple[Link, ...] = ()
    places: tuple[Link, ...] = ()
    dating: Dating | None = None
    manner: str = ""


@frozen()
class Carrier(Value):
    """The object that carries a text: its archive's collection, shelf mark, and whether it is a draft, a copy …"""

    key: str
    holding: str
    shelfmark: str = ""
    kind: str = ""
    further: tuple[tuple[str, str], ...] = ()
    """Other marks that it has or had, each with what is said of it: its kind, another archive."""


@frozen()
class Letter(Value):
    """Whatever somebody sent or meant to send. `printed` is False for one known only from a mention."""

    key: str
    source: Source
    kind: str
    printed: bool
    sent: Action
    received: Action
    languages: tuple[str, ...] = ()
    context: tuple[Link, ...] = ()
    mentions: tuple[Link, ...] = ()
    published: tuple[Link, ...] = ()
    translators: tuple[Link, ...] = ()
    forwarders: tuple[Link, ...] = ()
    holdings: tuple[Link, ...] = ()
    """Collections that its original lies in; `Link.form` is the shelf mark there, as written."""
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    url: str = ""
    identifier: str = ""
    """The key as the source writes it, when an IRI writes it otherwise."""
    actions: tuple[Action, ...] = ()
    """What else happened to it: redirected, forwarded, transmitted, read, further receipts."""
    carriers: tuple[Carrier, ...] = ()
    text_bases: tuple[str, ...] = ()
    """What the edited text rests on: `draft`, `copy`, `print` …"""
    offers: tuple[str, ...] = ()
    """What its edition offers: `transcription`, `comment`, `facsimile` …"""
    same_as: tuple[str, ...] = ()
    """Addresses of the same letter in catalogues and other editions."""
    tei: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    abstract: tuple[tuple[str, str], ...] = ()
    """Summaries: words and language tag."""

    @property
    def own_places(self) -> tuple[str, ...]:
        """Where the edition prints it, or mentions it when it does not print it."""
        return self.places

    @property
    def path(self) -> str:
        """`letter/12`."""
        return f"letter/{self.key}"


@frozen()
class Document(Value):
    """A text of the edition that is no letter: article, extract, obituary, notebook entry."""

    key: str
    source: Source
    kind: str
    titles: tuple[Name, ...]
    authors: tuple[Link, ...] = ()
    addressees: tuple[Link, ...] = ()
    translators: tuple[Link, ...] = ()
    written_at: tuple[Link, ...] = ()
    dating: Dating | None = None
    languages: tuple[str, ...] = ()
    context: tuple[Link, ...] = ()
    mentions: tuple[Link, ...] = ()
    published: tuple[Link, ...] = ()
    part_of: tuple[Link, ...] = ()
    holdings: tuple[Link, ...] = ()
    """Collections that its original lies in; `Link.form` is the shelf mark there, as written."""
    own_places: tuple[str, ...] = ()
    """Where the edition prints it; `places` are all that tell of it."""
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def path(self) -> str:
        """`document/a-goodbye-to-andreu-nin`."""
        return f"document/{self.key}"


@frozen()
class Event(Value):
    """Something that happened. `path` is `event/…`, or a part of its owner (`person/solntsev/death`)."""

    path: str
    source: Source
    kind: str
    label: str
    dating: Dating | None = None
    rivals: tuple[Dating, ...] = ()
    """Dates told differently in different places: none of them holds."""
    sites: tuple[Link, ...] = ()
    participants: tuple[Link, ...] = ()
    """Who and what took part; `Link.kind` is the role: `accused`, `arrested-by`, `formed-from`, `from`, `to` …"""
    subject: str = ""
    """The person or body in whose entry the event is told."""
    claim: Claim = STATED
    """How the event itself is known; a doubtful date is no doubt about the event."""
    deaths: tuple[str, ...] = ()
    """For a killing: the victims' deaths, as far as they are told."""
    description: str = ""
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    same_as: tuple[Link, ...] = ()


@frozen()
class Affiliation(Value):
    """Membership of a person: `kind` is empty, `joining` or `leaving`; `path` the part that a joining or leaving is."""

    person: str
    body: str
    role: str = ""
    kind: str = ""
    path: str = ""
    label: str = ""
    dating: Dating | None = None
    claim: Claim = STATED
    source: Source = field(default_factory=lambda: Source(""))


@frozen()
class Stay(Value):
    """A residence, dated or not."""

    place: Link
    dating: Dating | None = None


@frozen()
class Person(Value):
    """Somebody. `kin` is mirrored: what one entry says of two people stands with both."""

    key: str
    source: Source
    names: tuple[Name, ...]
    sex: str = ""
    events: tuple[Event, ...] = ()
    """Birth and death: parts of the person."""
    nationalities: tuple[Link, ...] = ()
    occupations: tuple[Link, ...] = ()
    """`Link.form` is the occupation; it points nowhere."""
    stays: tuple[Stay, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    kin: tuple[Link, ...] = ()
    """`Link.kind`: `parent`, `child`, `spouse`, `sibling`, `relative`."""
    kin_told: tuple[Link, ...] = ()
    """Those of `kin` whose doubt or inference is stated with this person (each statement has one owner)."""
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    same_as: tuple[Link, ...] = ()
    """IRIs that authorities give it; a doubtful one is only an assertion."""
    identity: str = ""
    """`identity-name-only` or `identity-placeholder` when nothing but words say who it is."""

    @property
    def path(self) -> str:
        """`person/serge`."""
        return f"person/{self.key}"


@frozen()
class Organisation(Value):
    """A body of people. `members`, `parts` and `wholes` are mirrored."""

    key: str
    source: Source
    names: tuple[Name, ...]
    kind: str = ""
    events: tuple[Event, ...] = ()
    """Formation and dissolution: parts of the organisation."""
    seats: tuple[Link, ...] = ()
    members: tuple[str, ...] = ()
    parts: tuple[Link, ...] = ()
    wholes: tuple[Link, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    same_as: tuple[Link, ...] = ()
    identity: str = ""

    @property
    def path(self) -> str:
        """`organisation/poum`."""
        return f"organisation/{self.key}"


@frozen()
class Place(Value):
    """Somewhere. `coordinates` are (latitude, longitude) as decimal text, or empty."""

    key: str
    source: Source
    names: tuple[Name, ...]
    kind: str = ""
    within: str = ""
    coordinates: tuple[str, str] | tuple[()] = ()
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    same_as: tuple[Link, ...] = ()
    identity: str = ""

    @property
    def path(self) -> str:
        """`place/brussels`."""
        return f"place/{self.key}"


@frozen()
class Voice(Value):
    """Who speaks in a stretch of the printed edition: its `unit` (`note`, `introduction`), first and last, the speaker."""

    unit: str
    first: str
    last: str
    speaker: str


@frozen()
class Work(Value):
    """A work, edition, article, periodical, issue, translation or object; `kind` says which."""

    key: str
    source: Source
    kind: str
    titles: tuple[Name, ...]
    contributors: tuple[Link, ...] = ()
    """`Link.kind`: `author`, `editor`, `translator`, `publisher`, `artist` …"""
    published_at: tuple[Link, ...] = ()
    dating: Dating | None = None
    language: str = ""
    issue: str = ""
    volume: str = ""
    isbn: str = ""
    parent: str = ""
    """The work that an edition is of, the periodical that an issue is of."""
    related: tuple[Link, ...] = ()
    """`Link.kind`: `published-in`, `translation-of`, `part-of`, `review-of`, `organ-of`."""
    voices: tuple[Voice, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    same_as: tuple[Link, ...] = ()
    written_at: tuple[Link, ...] = ()
    """Where a text was written, by its own words."""

    @property
    def path(self) -> str:
        """`work/the-revolution-betrayed`."""
        return f"work/{self.key}"


@frozen()
class Holding(Value):
    """A collection in an archive. `keepers`: who looks after it, the nearest first; `settlement` in words."""

    key: str
    source: Source
    label: str
    keepers: tuple[Link, ...] = ()
    settlement: str = ""
    places: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def path(self) -> str:
        """`holding/trotsky-archive`."""
        return f"holding/{self.key}"


Record = Letter | Document | Person | Organisation | Place | Event | Work | Holding


@frozen()
class SourceDescription(Value):
    """A source file's own words about itself: title, licence, last change (`YYYY-MM-DD`, from the file)."""

    file: str
    title: str = ""
    modified: str = ""
    licence: str = ""
    url: str = ""
