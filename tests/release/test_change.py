"""Diff, event stream, OAI-PMH and the deletions file tell the same: what the plain difference of two dumps tells."""

import random
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lod.build import Built, examine, material
from lod.check.published import check_published
from lod.cli import app
from lod.errors import ReleaseError
from lod.release import Material, make
from lod.release.change import Kind, Table
from tests.conftest import ROOT
from tests.release import views
from tests.release.conftest import BASE, Small

EDITS = 50
RELEASES = 10


def edit(small: Small, rng: random.Random, number: int) -> None:
    """One edit that an editor might make."""
    keys = sorted(small.people)
    one = rng.choice(keys)
    match rng.choice(["add", "add", "correct", "rename", "meet", "merge", "withdraw", "bring-back"]):
        case "add":
            small.people[f"new-{number}"] = {"name": f"New {number}", "born": 1900, "knows": {one}}
        case "correct":
            small.people[one]["born"] = rng.randrange(1850, 1920)
        case "rename":
            small.people[one]["name"] = f"Renamed {number}"
        case "meet":
            small.people[one]["knows"] = {rng.choice(keys)}
        case "merge":
            other = rng.choice([key for key in keys if key != one])
            take_away(small, one, other)
        case "withdraw":
            take_away(small, one, "")
        case "bring-back":
            for key in sorted(small.gone)[:1]:
                del small.gone[key]
                small.people[key] = {"name": f"Back {number}", "born": 1901, "knows": set()}


def take_away(small: Small, key: str, instead: str) -> None:
    del small.people[key]
    small.gone[key] = ("the same person" if instead else "no person", instead)
    for said in small.people.values():
        known = said["knows"]
        assert isinstance(known, set)
        if key in known:
            known.remove(key)
            if instead:
                known.add(instead)


def diff(old: Path, new: Path) -> views.Told:
    return views.of_diff(CliRunner().invoke(app, ["diff", str(old), str(new)]).output)


def test_fifty_edits_are_told_alike_by_all_four(tmp_path: Path) -> None:
    rng = random.Random(20261123)
    small = Small(tmp_path / "corpus")
    for number in range(30):
        small.people[f"p{number}"] = {
            "name": f"Person {number}",
            "born": 1880 + number,
            "knows": {f"p{(number * 7) % 30}"},
        }
    releases = tmp_path / "releases"
    made = [make(small.material(), releases, date="2026-01-01", version="r0")]
    ever = {f"person/{key}" for key in small.people}
    for release in range(1, RELEASES + 1):
        for number in range(EDITS // RELEASES):
            edit(small, rng, release * 100 + number)
        ever |= {f"person/{key}" for key in small.people}
        # Two releases a day: their order must still be told.
        made.append(make(small.material(), releases, date=f"2026-02-{(release + 1) // 2:02}", version=f"r{release}"))
    states = [views.documents(each.folder / "small.nt", BASE) for each in made]
    expected = [views.plain(old, new) for old, new in pairwise(states)]
    assert sum(len(told.created) + len(told.updated) + len(told.gone) for told in expected) > EDITS
    assert all(any(getattr(told, word) for told in expected) for word in ("created", "updated", "gone"))

    table = Table.read(releases / "small" / "changes.tsv")
    for each, told in zip(made[1:], expected, strict=True):
        rows = table.of(each.manifest.version)
        assert {row.path for row in rows if row.kind is Kind.CREATED} == told.created
        assert {row.path for row in rows if row.kind is Kind.UPDATED} == told.updated
        assert {row.path for row in rows if row.kind.gone} == told.gone
    for old, new, told in zip(made, made[1:], expected, strict=False):
        assert diff(old.folder, new.folder) == told
    assert diff(made[0].folder, made[-1].folder) == views.plain(states[0], states[-1])

    client = views.server(small.edition, releases, tmp_path / "dumps")
    events, state = views.of_stream(client, BASE)
    assert [told for _, told in events[1:]] == expected
    assert events[0][1] == views.Told(created=set(states[0]))
    assert state == states[-1]

    here, gone = views.of_oai(client, BASE)
    assert (here, gone) == (set(states[-1]), ever - set(states[-1]))
    last_day = dict.fromkeys(states[0], made[0].manifest.date)
    for each, told in zip(made[1:], expected, strict=True):
        last_day |= dict.fromkeys(told.created | told.updated | told.gone, each.manifest.date)
    for date in sorted({each.manifest.date for each in made}):
        of_day = {path for path, day in last_day.items() if day == date}
        listed = views.of_oai(client, BASE, **{"from": date, "until": date})
        assert listed == (of_day & set(states[-1]), of_day - set(states[-1]))

    for each, old in zip(made, states, strict=True):
        told_gone = views.of_deletions(each.folder / "deletions.tsv", BASE)
        assert not told_gone.keys() & old.keys()
    told_gone = views.of_deletions(made[-1].folder / "deletions.tsv", BASE)
    assert told_gone.keys() == ever - set(states[-1])
    for path in sorted(ever):
        answer = client.get(f"/{path}", headers={"Accept": "text/turtle"})
        if path in states[-1]:
            assert client.get(answer.headers["location"]).status_code == 200
            continue
        status, instead = told_gone[path]
        assert answer.status_code == int(status), path
        if status == "301":
            assert answer.headers["location"] == f"http://testserver/{instead}"


def test_a_patch_turns_one_state_into_the_other(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}})
    old = make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    small.people["b"] = {"name": "B", "born": 1901, "knows": {"a"}}
    small.people["a"]["born"] = 1899
    new = make(small.material(), tmp_path / "r", date="2026-01-02", version="2")
    patch = CliRunner().invoke(app, ["diff", "--patch", str(old.folder), str(new.folder)]).output.splitlines()
    assert patch[0] == f"H id <urn:sha256:{new.manifest.canonical}> ."
    assert patch[1] == f"H prev <urn:sha256:{old.manifest.canonical}> ."
    lines = set((old.folder / "small.nt").read_text(encoding="utf-8").splitlines())
    lines -= {line[2:] for line in patch if line.startswith("D ")}
    lines |= {line[2:] for line in patch if line.startswith("A ")}
    assert sorted(lines) == (new.folder / "small.nt").read_text(encoding="utf-8").splitlines()


def test_nothing_that_was_released_can_be_lost(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {key: {"name": key, "born": 1900, "knows": set()} for key in "ab"})
    make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    del small.people["a"]
    with pytest.raises(ReleaseError, match="person/a"):
        make(small.material(), tmp_path / "r", date="2026-01-02", version="2")
    small.gone["a"] = ("no person", "")
    made = make(small.material(), tmp_path / "r", date="2026-01-02", version="2")
    assert made.manifest.changes == {"withdrawn": 1}


def test_a_release_never_changes(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}})
    made = make(small.material(), tmp_path / "r", date="2026-01-02", version="1")
    again = make(small.material(), tmp_path / "r", date="2026-01-02", version="1")
    assert (again.new, again.manifest) == (False, made.manifest)
    with pytest.raises(ReleaseError, match="nothing has changed"):
        make(small.material(), tmp_path / "r", date="2026-01-03", version="2")
    small.people["a"]["born"] = 1901
    with pytest.raises(ReleaseError, match="other content"):
        make(small.material(), tmp_path / "r", date="2026-01-03", version="1")
    with pytest.raises(ReleaseError, match="lies before"):
        make(small.material(), tmp_path / "r", date="2026-01-01", version="2")
    with pytest.raises(ReleaseError, match="a day such as"):
        make(small.material(), tmp_path / "r", date="yesterday", version="2")
    with pytest.raises(ReleaseError, match="trial"):
        make(small.material(), tmp_path / "r", date="2026-01-03", version="2", trial=True)


def test_the_record_with_the_edition_goes_on_where_the_folder_is_new(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}})
    make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    assert (tmp_path / "corpus" / "releases" / "1.json").is_file()
    small.people["b"] = {"name": "B", "born": 1900, "knows": set()}
    made = make(small.material(), tmp_path / "elsewhere", date="2026-01-02", version="2")
    assert made.manifest.changes == {"created": 1}
    client = views.server(small.edition, tmp_path / "elsewhere", tmp_path / "dumps")
    _, state = views.of_stream(client, BASE)
    assert state == views.documents(made.folder / "small.nt", BASE)


# --- the shipped edition: one added, one corrected, one merged, one withdrawn

ADDED = """<person xml:id="newcomer"><persName type="preferred">A Newcomer</persName></person>"""


@pytest.fixture(scope="module")
def edited(shipped: Built, tmp_path_factory: pytest.TempPathFactory) -> tuple[Material, Material]:
    """The shipped edition with two people more, and a state after it."""
    first = tmp_path_factory.mktemp("first")
    shutil.copytree(
        ROOT / "corpus" / "serge-trotsky", first, dirs_exist_ok=True, ignore=shutil.ignore_patterns("releases")
    )
    (first / "published.txt").unlink(missing_ok=True)
    put(first, '<person xml:id="ghost"><persName type="preferred">Ghost</persName></person>')
    put(first, '<person xml:id="double"><persName type="preferred">Double</persName></person>')
    put(first, '<person xml:id="single"><persName type="preferred">Single</persName></person>')
    put(first, '<person xml:id="wrong"><persName type="preferred">Wrong</persName><sex value="1">male</sex></person>')
    second = tmp_path_factory.mktemp("second")
    shutil.copytree(first, second, dirs_exist_ok=True)
    people = (second / "people.xml").read_text(encoding="utf-8")
    for key in ("ghost", "double"):
        start = people.index(f'<person xml:id="{key}">')
        people = people[:start] + people[people.index("</person>", start) + len("</person>") :]
    people = people.replace(
        '<sex value="1">male</sex></person>', '<note>Corrected.</note><sex value="1">male</sex></person>', 1
    )
    (second / "people.xml").write_text(people, encoding="utf-8")
    put(second, ADDED)
    with (second / "withdrawn.tsv").open("a", encoding="utf-8") as rows:
        rows.write("person/ghost\t2026-12-01\tnever lived\t\nperson/double\t2026-12-01\tthe same\tperson/single\n")
    return material(examine(first)), material(examine(second))


def put(folder: Path, person: str) -> None:
    file = folder / "people.xml"
    people = file.read_text(encoding="utf-8")
    file.write_text(people.replace("</listPerson>", f"{person}\n</listPerson>", 1), encoding="utf-8")


def test_four_edits_of_the_shipped_edition_are_told_and_nothing_else(
    edited: tuple[Material, Material], tmp_path: Path
) -> None:
    old, new = edited
    assert [f.message for f in new.report if f.level == "error"] == []
    first = make(old, tmp_path / "r", date="2026-11-30", version="1.0")
    second = make(new, tmp_path / "r", date="2026-12-01", version="1.1")
    told = views.Told({"person/newcomer"}, {"person/wrong", "person/single"}, {"person/ghost", "person/double"})
    table = Table.read(tmp_path / "r" / "serge-trotsky" / "changes.tsv")
    assert {(row.path, row.kind.value) for row in table.of("1.1")} == {
        ("person/newcomer", "created"), ("person/wrong", "updated"), ("person/single", "updated"),
        ("person/ghost", "withdrawn"), ("person/double", "merged"),
    }  # fmt: skip
    assert diff(first.folder, second.folder) == told
    client = views.server(new.edition, tmp_path / "r", tmp_path / "dumps")
    base = new.edition.base
    events, state = views.of_stream(client, base)
    assert events[-1][1] == told
    assert state == views.documents(second.folder / "serge-trotsky.nt", base)
    assert views.of_oai(client, base, **{"from": "2026-12-01"}) == (told.created | told.updated, told.gone)
    assert views.of_deletions(second.folder / "deletions.tsv", base) == {
        "person/ghost": ("410", ""), "person/double": ("301", "person/single")
    }  # fmt: skip
    replaces = f"<{base}person/single> <http://purl.org/dc/terms/replaces> <{base}person/double> ."
    assert replaces in client.get("/person/single.nt").text
    for path in ("person/ghost", "person/ghost.ttl", "person/ghost/name-ghost"):
        assert client.get(f"/{path}").status_code == 410
    assert client.get("/person/double").headers["location"] == "http://testserver/person/single"
    assert client.get("/person/wrong.ttl").headers["last-modified"] == "Tue, 01 Dec 2026 00:00:00 GMT"
    assert client.get("/person/serge.ttl").headers["last-modified"] == "Mon, 30 Nov 2026 00:00:00 GMT"
    assert client.get("/release/1.1/person/ghost").status_code == 410
    before = client.get("/release/1.0/person/ghost")
    assert before.status_code == 200 and "Ghost" in before.text and "immutable" in before.headers["cache-control"]
    check_published((triple[0] for _, triples in new.blocks for triple in triples), new.edition, new.report)
    assert [f.key for f in new.report if f.code == "iri-lost"] == []
