"""Diff, event stream, OAI-PMH and the deletions file tell the same: what the plain difference of two dumps tells."""

import random
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from lod.build import examine, material
from lod.check.published import check_published
from lod.cli import app
from lod.dumps import write
from lod.errors import ReleaseError
from lod.release import Made, Material, make
from lod.release.change import Kind, Table
from lod.report import Source
from lod.web import Published, create_app
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


@pytest.mark.statement(65, 70, 71)
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


@pytest.mark.statement(65)
def test_what_the_shapes_refuse_is_not_released(tmp_path: Path) -> None:
    stuff = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}}).material()
    stuff.report.error("shape-person", "A person has a name.", Source("people.xml", 3), "person/a")
    with pytest.raises(ReleaseError, match="level error"):
        make(stuff, tmp_path / "r", date="2026-01-02", version="1")
    assert not (tmp_path / "r").exists()


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
    with pytest.raises(ReleaseError, match="--date"):
        make(small.material(), tmp_path / "r", date="", version="2")


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


def test_a_trial_leaves_releases_as_they_are_and_goes_away(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}})
    made = make(small.material(), tmp_path / "r", date="2026-01-02", version="1")
    before = {file: file.read_bytes() for file in made.folder.rglob("*") if file.is_file()}
    small.people["a"]["born"] = 1901
    trial = make(small.material(), tmp_path / "r", date="2026-01-01", version="trial", trial=True)
    assert (trial.manifest.trial, trial.manifest.date, trial.manifest.changes) == (True, "2026-01-02", {"updated": 1})
    assert not (tmp_path / "corpus" / "releases" / "trial.json").exists()
    assert {file: file.read_bytes() for file in made.folder.rglob("*") if file.is_file()} == before
    small.people["a"]["born"] = 1902
    make(small.material(), tmp_path / "r", date="2026-01-03", version="trial", trial=True)
    second = make(small.material(), tmp_path / "r", date="2026-01-03", version="2")
    assert second.manifest.changes == {"updated": 1} and not trial.folder.exists()
    assert Table.read(tmp_path / "r" / "small" / "changes.tsv").versions().keys() == {"1", "2"}
    assert {file.name for file in (tmp_path / "r" / "small" / "log").iterdir()} == {"1", "2"}


def test_without_changes_a_trial_is_the_last_release_again(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {"a": {"name": "A", "born": 1900, "knows": set()}})
    make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    small.people["a"]["born"] = 1901
    made = make(small.material(), tmp_path / "r", date="2026-01-02", version="2")
    for _ in range(2):
        again = make(small.material(), tmp_path / "clone", date="2026-01-09", version="trial", trial=True)
        assert (again.new, again.manifest) == (False, made.manifest)
    client = views.server(small.edition, tmp_path / "clone", tmp_path / "dumps")
    assert client.get("/dumps/latest.nt").headers["location"] == "http://testserver/dumps/2/small.nt"
    assert "immutable" in client.get("/dumps/2/small.nt").headers["cache-control"]
    assert views.of_stream(client, BASE)[1] == views.documents(made.folder / "small.nt", BASE)
    # Another lod writes other bytes of the same statements: not the release, and said so.
    record = tmp_path / "corpus" / "releases" / "2.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"size": ', '"size": 1'), encoding="utf-8")
    other = make(small.material(), tmp_path / "other", date="2026-01-09", version="trial", trial=True)
    assert (other.manifest.version, other.manifest.trial) == ("2", True)


def test_what_was_changed_since_the_release_is_served_and_said_to_be_in_none(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {key: {"name": key, "born": 1900, "knows": set()} for key in "ab"})
    made = make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    client = views.server(small.edition, tmp_path / "r", tmp_path / "dumps")
    released = client.get("/dataset?format=nt").text
    assert '<http://www.w3.org/ns/dcat#version> "1"' in released
    assert "<http://testserver/dumps/small.ttl>" not in released
    small.people["a"]["born"] = 1901
    small.people["a"]["modified"] = "2026-03-01"
    dump = tmp_path / "dumps" / "small" / "small.ttl"
    write((triples for _, triples in small.blocks()), BASE, dump, "ttl")
    app = create_app([Published(small.edition, dump.parent, tmp_path / "r")], public_url="http://testserver")
    now = TestClient(app, follow_redirects=False)
    said = now.get("/dataset?format=nt").text
    assert f"<{BASE}dataset> <http://www.w3.org/ns/dcat#version>" not in said
    dumped = [
        line for line in said.splitlines() if "<http://rdfs.org/ns/void#dataDump>" in line and "links" not in line
    ]
    assert [line.split()[2] for line in dumped] == ["<http://testserver/dumps/small.ttl>"]
    assert f"/dumps/1/{made.manifest.files[0].name}" in said
    assert (
        '"1901"' in now.get("/person/a.nt").text
        and '"1900"' in now.get("/release/1/person/a", headers={"Accept": "text/turtle"}).text
    )
    assert now.get("/person/a.nt").headers["last-modified"] == "Sun, 01 Mar 2026 00:00:00 GMT"
    assert now.get("/person/b.nt").headers["last-modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"


def test_a_new_day_of_the_source_is_no_change_of_what_stands_in_it(tmp_path: Path) -> None:
    small = Small(tmp_path / "corpus", {key: {"name": key, "born": 1900, "knows": set()} for key in "ab"})
    make(small.material(), tmp_path / "r", date="2026-01-01", version="1")
    for said in small.people.values():
        said["modified"] = "2026-03-01"
    with pytest.raises(ReleaseError, match="nothing has changed"):
        make(small.kept(), tmp_path / "r", date="2026-03-01", version="2")
    small.people["a"]["born"] = 1901
    second = make(small.kept(), tmp_path / "r", date="2026-03-01", version="2")
    assert [change.path for change in second.changes] == ["person/a"]
    days = dict(re.findall(r'person/(\w)\.ttl> \S+modified> "([^"]*)"', (second.folder / "small.nt").read_text()))
    assert days == {"a": "2026-03-01", "b": "2020-01-01"}
    # The same again with a later day: still the days of the releases.
    for said in small.people.values():
        said["modified"] = "2026-04-01"
    with pytest.raises(ReleaseError, match="nothing has changed"):
        make(small.kept(), tmp_path / "r", date="2026-04-01", version="3")


# --- the shipped edition: one added, one corrected, one merged, one withdrawn

ADDED = """<person xml:id="newcomer"><persName type="preferred">A Newcomer</persName></person>"""


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Material]:
    """The shipped edition with four people more, released, and a state after it: every file has a new day."""
    first = tmp_path_factory.mktemp("first")
    shutil.copytree(
        ROOT / "corpus" / "serge-trotsky", first, dirs_exist_ok=True, ignore=shutil.ignore_patterns("releases")
    )
    (first / "published.txt").unlink(missing_ok=True)
    put(first, '<person xml:id="ghost"><persName type="preferred">Ghost</persName></person>')
    put(first, '<person xml:id="double"><persName type="preferred">Double</persName></person>')
    put(first, '<person xml:id="single"><persName type="preferred">Single</persName></person>')
    put(first, '<person xml:id="wrong"><persName type="preferred">Wrong</persName><sex value="1">male</sex></person>')
    made = make(material(examine(first)), tmp_path_factory.mktemp("r"), date="2026-11-30", version="1.0")
    second = tmp_path_factory.mktemp("second")
    shutil.copytree(first, second, dirs_exist_ok=True)
    for file in second.glob("*.xml"):
        text = file.read_text(encoding="utf-8")
        dated = re.sub(r'(<publicationStmt>.*?<date when=")[^"]*', r"\g<1>2026-12-01", text, count=1, flags=re.DOTALL)
        assert dated != text, file.name
        file.write_text(dated, encoding="utf-8")
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
    return made, material(examine(second))


def put(folder: Path, person: str) -> None:
    file = folder / "people.xml"
    people = file.read_text(encoding="utf-8")
    file.write_text(people.replace("</listPerson>", f"{person}\n</listPerson>", 1), encoding="utf-8")


def test_four_edits_of_the_shipped_edition_are_told_and_nothing_else(
    edited: tuple[Made, Material], tmp_path: Path
) -> None:
    first, new = edited
    assert [f.message for f in new.report if f.level == "error"] == []
    releases = first.folder.parents[1]
    second = make(new, releases, date="2026-12-01", version="1.1")
    told = views.Told({"person/newcomer"}, {"person/wrong", "person/single"}, {"person/ghost", "person/double"})
    table = Table.read(releases / "serge-trotsky" / "changes.tsv")
    assert {(row.path, row.kind.value) for row in table.of("1.1")} == {
        ("person/newcomer", "created"), ("person/wrong", "updated"), ("person/single", "updated"),
        ("person/ghost", "withdrawn"), ("person/double", "merged"),
    }  # fmt: skip
    assert diff(first.folder, second.folder) == told
    client = views.server(new.edition, releases, tmp_path / "dumps")
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
    # Pages tell of incoming links too, so they are as new as the release.
    assert client.get("/person/serge.html").headers["last-modified"] == "Tue, 01 Dec 2026 00:00:00 GMT"
    assert client.get("/release/1.1/person/ghost").status_code == 410
    before = client.get("/release/1.0/person/ghost")
    assert before.status_code == 200 and "Ghost" in before.text and "immutable" in before.headers["cache-control"]
    check_published((triple[0] for _, triples in new.blocks for triple in triples), new.edition, new.report)
    assert [f.key for f in new.report if f.code == "iri-lost"] == []
