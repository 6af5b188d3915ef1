"""Mutants of sources, thrown at the readers: `python -m tests.readers.fuzz KIND COUNT SEED`.

Each mutant must end in records and findings, within 5 seconds and 300 MB, and nothing from outside the folder may be read.
Prints one JSON object with figures; any exception, hang or leak is an exit code that is not 0.
"""

import json
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lod import config, mapping, readers
from lod.report import Report

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "sample" / "edition"
CANARY = "canary-that-nobody-may-read"
SECONDS, MEGABYTES = 5, 300
TOML = (SAMPLE / "edition.toml").read_text(encoding="utf-8").partition("printed =")[0]
TEI_LETTER = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="L1"><teiHeader><fileDesc><titleStmt><title>A letter</title></titleStmt>
<publicationStmt><date when="2020-01-31"/><idno type="URL">https://example.com/L1</idno></publicationStmt>
<sourceDesc><msDesc><msIdentifier><settlement>Wien</settlement><repository>Archiv</repository><idno>A 1</idno></msIdentifier></msDesc>
</sourceDesc></fileDesc><profileDesc><langUsage><language ident="de"/></langUsage>
<correspDesc><correspAction type="sent"><persName ref="https://d-nb.info/gnd/118560107">Karl</persName><date when="1720-04-10"/>
<placeName ref="#p1">Wien</placeName></correspAction>
<correspAction type="received"><persName key="b">Ahmed</persName><date from="1720" notAfter="1721-02-30">im Mai</date></correspAction>
<correspContext><ref type="reply-to" target="#L0">x</ref></correspContext><note><ref type="cmif:hasLanguage" target="de"/></note>
</correspDesc></profileDesc></teiHeader>
<text><body><p>Dear <persName ref="#b #c">friend</persName>, in <rs type="place" ref="#p1">town</rs></p></body></text>
<standOff><listPerson><person xml:id="b"><persName>Ahmed</persName><birth when="1673"/><idno type="VIAF">12345</idno></person></listPerson>
<listPlace><place xml:id="p1"><placeName>Wien</placeName><location><geo>48,2 16,3</geo></location></place></listPlace></standOff></TEI>
"""
TABLE = (
    "key,sender,senderID,senderDate,addressee,addresseePlace,note\n"
    "1,Anna,https://d-nb.info/gnd/118560107,1720-04-10,[Boris] | N.N.,Wien,x\n"
    '2,"Carl, jun.",,[1720-03..1720-06?],Anna,,"two\nlines"\n'
)
KINDS: dict[str, tuple[str, str, bytes]] = {
    "cmif": ("letters.xml", "cmif", (SAMPLE / "letters.xml").read_bytes()),
    "registers": ("registers.xml", "registers", (SAMPLE / "registers.xml").read_bytes()),
    "tei": ("letter.xml", "tei", TEI_LETTER.encode()),
    "table": ("letters.csv", "table", TABLE.encode()),
}
INCLUDE = (
    b'<?xml-stylesheet href="file:../secret.txt"?><xi:include xmlns:xi="http://www.w3.org/2001/XInclude"'
    b' href="../secret.txt" parse="text"/>'
)
Mutator = Callable[[bytes, random.Random], bytes]


def _somewhere(data: bytes, rng: random.Random, piece: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + piece + data[at:]


def _entities(data: bytes, rng: random.Random) -> bytes:
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 9))
    doctype = b'<!DOCTYPE TEI [<!ENTITY e0 "ha"><!ENTITY x SYSTEM "../secret.txt">' + bomb + b"]>"
    head, mark, rest = data.partition(b"?>")
    return head + mark + doctype + rest.replace(b"</", rng.choice([b"&e8;</", b"&x;</"]), 3) if mark else doctype + data


def _swap(data: bytes, rng: random.Random) -> bytes:
    values = data.split(b'"')
    if len(values) < 4:
        return data
    one, other = rng.randrange(1, len(values), 2), rng.randrange(1, len(values), 2)
    values[one], values[other] = values[other], values[one]
    return b'"'.join(values)


def _odd_value(data: bytes, rng: random.Random) -> bytes:
    values = data.split(b'"')
    odd = [
        *(
            b"",
            b"#",
            b" ",
            b"../../etc/passwd",
            b"http://[",
            b"https://d-nb.info/gnd/",
            b"9999-99-99",
            b"-0000",
            b"Y9E99",
        ),
        *(b"[..]", b"x" * 100_000, b"\xf0\x9f\x98\x80", b"javascript:alert(1)", b"1936-02-30", b"#a #b #c", b"%zz"),
        *(b"P1Y", b"{1,2", b"2001-21", b"{", b"{0}"),
    ]
    if len(values) > 2:
        values[rng.randrange(1, len(values), 2)] = rng.choice(odd)
    return b'"'.join(values)


def _cut(data: bytes, rng: random.Random) -> bytes:
    start, end = sorted((rng.randrange(len(data)), rng.randrange(len(data))))
    return data[:start] + data[end:] if rng.random() < 0.5 else data[:start]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = data.find(b"<", rng.randrange(len(data)))
    end = data.find(b">", start + rng.randrange(1, 400))
    return (
        data[: end + 1] + data[start : end + 1] * rng.choice([1, 2, 50]) + data[end + 1 :] if 0 <= start < end else data
    )


MUTATORS: tuple[Mutator, ...] = (
    _entities,
    _swap,
    _odd_value,
    _odd_value,
    _cut,
    _repeat,
    lambda data, rng: bytes(byte ^ (1 << rng.randrange(8)) if rng.random() < 0.002 else byte for byte in data),
    lambda data, rng: b"\xef\xbb\xbf" * rng.choice([1, 2]) + data,
    lambda data, rng: data.decode("utf-8", "replace").encode(rng.choice(["utf-16", "latin-1", "utf-32", "cp037"]), "replace"),
    lambda data, rng: _somewhere(data, rng, rng.choice([b"\0", b"\0" * 1000, b"\x08", b"\xff\xfe"])),
    lambda data, rng: _somewhere(data, rng, b"<p>" * rng.choice([300, 5000])),
    lambda data, rng: data.replace(b"\n", b" " * rng.choice([1, 2_000_000 // max(1, data.count(b"\n"))])),
    lambda data, rng: data.replace(b'xml:id="', b'xml:id="a" xml:base="../" n="', rng.choice([1, 9])),
    lambda data, rng: data.replace(b"http://www.tei-c.org/ns/1.0", rng.choice([b"", b"urn:x", b"http://www.tei-c.org/ns/2.0"])),
    lambda data, rng: _somewhere(data, rng, INCLUDE),
    lambda data, rng: bytes(rng.randrange(256) for _ in range(rng.randrange(2000))),
)  # fmt: skip


def _rename(data: bytes, rng: random.Random) -> bytes:
    """Another known element or attribute in the place of one."""
    names = [
        b"persName",
        b"orgName",
        b"placeName",
        b"date",
        b"note",
        b"ref",
        b"person",
        b"place",
        b"bibl",
        b"event",
        b"correspAction",
    ]
    attributes = [
        b"when=",
        b"from=",
        b"to=",
        b"notBefore=",
        b"ref=",
        b"key=",
        b"type=",
        b"target=",
        b"source=",
        b"when-iso=",
        b"cert=",
    ]
    pool = names if rng.random() < 0.5 else attributes
    return data.replace(rng.choice(pool), rng.choice(pool))


GENTLE: tuple[Mutator, ...] = (_swap, _odd_value, _odd_value, _rename)
"""Those that leave a file well-formed, so that what it says is read."""


def mutant(data: bytes, rng: random.Random) -> bytes:
    """Some mutations, one after the other: half of the mutants stay well-formed as a rule."""
    pool = GENTLE if rng.random() < 0.6 else MUTATORS
    for _ in range(rng.choice([1, 2, 3, 5]) if pool is GENTLE else rng.choice([1, 1, 2])):
        data = rng.choice(pool)(data, rng) or b" "
    return data


def run(kind: str, count: int, seed: int) -> dict[str, object]:
    """Read `count` mutants; figures. Raises what the readers raise."""
    name, form, data = KINDS[kind]
    rng = random.Random(seed)
    folder = Path(tempfile.mkdtemp())
    (folder / "secret.txt").write_text(CANARY, encoding="utf-8")
    inside = folder / "edition"
    inside.mkdir()
    (inside / "edition.toml").write_text(f'{TOML}[[source]]\nfile = "{name}"\nformat = "{form}"\n', encoding="utf-8")
    codes: Counter[str] = Counter()
    slowest, letters = 0.0, 0
    try:
        for number in range(count):
            (inside / name).write_bytes(mutant(data, rng))
            signal.alarm(SECONDS)
            begun = time.perf_counter()
            report = Report()
            corpus = readers.read(config.load(inside), report)
            blocks = list(mapping.map_edition(corpus.edition, corpus.records, corpus.sources))
            slowest = max(slowest, time.perf_counter() - begun)
            signal.alarm(0)
            assert blocks and CANARY not in f"{list(corpus.records)} {list(report)}", (
                f"mutant {number} of seed {seed} leaks"
            )
            codes.update({finding.code for finding in report})
            letters += sum(path.startswith("letter/") for path, _ in blocks)
    except BaseException as error:
        shutil.copy(inside / name, Path(tempfile.gettempdir()) / f"mutant-{kind}-{seed}{Path(name).suffix}")
        raise AssertionError(f"mutant {number} of {kind}, seed {seed}: {type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "kind": kind,
        "mutants": count,
        "slowest": round(slowest, 3),
        "peak": peak,
        "letters": letters,
        "codes": dict(codes),
    }


if __name__ == "__main__":
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEGABYTES * 2**20, -1))
    sys.stdout.write(json.dumps(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
