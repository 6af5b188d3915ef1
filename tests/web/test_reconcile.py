"""Statements 73 to 76: the reconciliation service, held to the schemas of both versions, and asked by a client of others."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from jsonschema import Draft7Validator
from reconciler import reconcile
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from serving import Served, published, serving

from lod.store import Limits
from tests.conftest import shared
from tests.linking.table import rows

SPECS = "suites/reconciliation-specs"
DRAFT = "/reconcile/1.0"


def validator(version: str, name: str) -> Draft7Validator:
    """A schema of the suite with all that it refers to."""
    folder = shared(f"{SPECS}/{version}/schemas")
    registry: Registry[Any] = Registry()
    for file in folder.glob("*.json"):
        schema = json.loads(file.read_text(encoding="utf-8"))
        resource = Resource.from_contents(schema, default_specification=DRAFT7)
        registry = registry.with_resource(schema["$id"], resource)
        registry = registry.with_resource(
            f"https://reconciliation-api.github.io/specs/{version}/schemas/{file.name}", resource
        )
        registry = registry.with_resource(
            f"https://reconciliation-api.github.io/specs/draft/schemas/{file.name}", resource
        )
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Draft7Validator(schema, registry=registry)


def valid(version: str, name: str, content: Any) -> None:
    errors = [f"{list(error.path)}: {error.message}" for error in validator(version, name).iter_errors(content)]
    assert errors == []


def ask(site: Served, queries: Any, path: str = "/reconcile") -> Any:
    response = site.client.post(path, data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    return response.json()


def match(site: Served, *queries: Any) -> Any:
    response = site.client.post(f"{DRAFT}/match", json={"queries": queries})
    assert response.status_code == 200, response.text
    return response.json()


def examples(version: str, kind: str, validity: str) -> list[Path]:
    return sorted(shared(f"{SPECS}/{version}/examples/{kind}/{validity}").glob("*.json"))


# --- 73


@pytest.mark.statement(73)
def test_the_manifest(papers: Served) -> None:
    response = papers.get("/reconcile")
    assert response.headers["access-control-allow-origin"] == "*"
    manifest = response.json()
    valid("0.2", "manifest", manifest)
    assert manifest["identifierSpace"] == "https://w3id.org/serge-trotsky/"
    assert [each["id"] for each in manifest["defaultTypes"]] == [
        "Person",
        "Organization",
        "Place",
        "CreativeWork",
        "Event",
    ]


@pytest.mark.statement(73)
@pytest.mark.parametrize("identifier", ["person/serge", "person%2Fserge"])
def test_the_view_of_an_id_leads_to_its_page(papers: Served, identifier: str) -> None:
    view = papers.get("/reconcile").json()["view"]["url"].replace("{{id}}", identifier)
    response = papers.client.get(view, headers={"Accept": "text/html"}, follow_redirects=True)
    assert (response.status_code, "Victor Serge" in response.text) == (200, True)


@pytest.mark.statement(39, 73)
def test_other_sites_may_post(papers: Served) -> None:
    for path in ("/reconcile", f"{DRAFT}/match", f"{DRAFT}/extend", "/extend", "/lookup"):
        allowed = papers.client.options(path, headers={"Origin": "https://example.org"}).headers
        assert "POST" in allowed["access-control-allow-methods"], path
        assert "Content-Type" in allowed["access-control-allow-headers"]
    assert "POST" not in papers.client.options("/preview").headers["allow"]


# --- 74


@pytest.mark.statement(74)
def test_a_batch_by_post_and_by_get(papers: Served) -> None:
    queries = {
        "a": {"query": "Victor Serge", "type": "Person"},
        "b": {"query": "Kronstadt", "type": "Place", "limit": 1},
    }
    answer = ask(papers, queries)
    valid("0.2", "reconciliation-result-batch", answer)
    assert answer == papers.client.get("/reconcile", params={"queries": json.dumps(queries)}).json()
    best = answer["a"]["result"][0]
    assert (best["id"], best["score"], best["match"]) == ("person/serge", 100, True)
    assert best["type"] == [{"id": "Person", "name": "Person"}]
    assert len(answer["b"]["result"]) == 1


@pytest.mark.statement(74)
def test_an_exact_name_that_several_bear_is_no_match(papers: Served) -> None:
    found = ask(papers, {"q": {"query": "Rosmer", "type": "Person"}})["q"]["result"]
    assert {each["id"] for each in found[:2]} == {"person/rosmer-alfred", "person/rosmer-marguerite"}
    assert not any(each["match"] for each in found)


@pytest.mark.statement(74)
def test_a_year_of_birth_raises_and_lowers(papers: Served) -> None:
    def score(*properties: dict[str, Any]) -> float:
        found = ask(
            papers, {"q": {"query": "Serge, V.", "type": "Person", "limit": 20, "properties": list(properties)}}
        )["q"]["result"]
        return next(float(each["score"]) for each in found if each["id"] == "person/serge")

    assert score({"pid": "birthDate", "v": "1925"}) < score() < score({"pid": "birthDate", "v": 1890})
    assert score({"pid": "birthDate", "v": ["1890", "1891"]}) > score()


@pytest.mark.statement(74)
def test_the_type_filters(papers: Served) -> None:
    for kind, wanted in (("Person", "person/gorky-writer"), ("Place", "place/gorky"), ("place", "place/gorky")):
        found = ask(papers, {"q": {"query": "Gorky", "type": kind}})["q"]["result"]
        assert found[0]["id"] == wanted
        assert {each["id"].split("/")[0] for each in found} == {wanted.split("/")[0]}
    assert ask(papers, {"q": {"query": "Gorky", "type": "Comet"}})["q"]["result"] == []
    both = ask(papers, {"q": {"query": "Gorky", "type": ["Person", "Place"], "type_strict": "any"}})["q"]["result"]
    assert {each["id"] for each in both[:2]} == {"person/gorky-writer", "place/gorky"}


@pytest.mark.statement(74)
@pytest.mark.parametrize("file", range(9))
def test_valid_examples_are_answered_and_invalid_ones_refused_02(papers: Served, file: int) -> None:
    good, bad = (examples("0.2", "reconciliation-query-batch", each) for each in ("valid", "invalid"))
    if file < len(good):
        valid("0.2", "reconciliation-result-batch", ask(papers, json.loads(good[file].read_text(encoding="utf-8"))))
    if file < len(bad):
        response = papers.client.post("/reconcile", data={"queries": bad[file].read_text(encoding="utf-8")})
        assert response.status_code == 400, bad[file].name
        assert response.json()["detail"]


@pytest.mark.statement(76)
@pytest.mark.parametrize("file", range(9))
def test_valid_examples_are_answered_and_invalid_ones_refused_10(papers: Served, file: int) -> None:
    good, bad = (examples("1.0-draft", "reconciliation-query-batch", each) for each in ("valid", "invalid"))
    if file < len(good):
        response = papers.client.post(f"{DRAFT}/match", json=json.loads(good[file].read_text(encoding="utf-8")))
        assert response.status_code == 200
        valid("1.0-draft", "reconciliation-result-batch", response.json())
    if file < len(bad):
        response = papers.client.post(f"{DRAFT}/match", json=json.loads(bad[file].read_text(encoding="utf-8")))
        assert response.status_code == 400, bad[file].name
        assert response.json()["detail"]


@pytest.mark.statement(74)
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"data": {"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(51)})}}, 413),
        ({"data": {"queries": "{"}}, 400),
        ({"data": {"queries": "[" * 100_000}}, 400),
        ({"data": {"queries": "[]"}}, 400),
        ({"data": {"queries": json.dumps({"q": {"query": "x" * 501}})}}, 400),
        ({"data": {"queries": json.dumps({"q": {"query": "x", "limit": -1}})}}, 400),
        ({"data": {"queries": json.dumps({"q": {"query": 7}})}}, 400),
        ({"data": {"queries": '{"q": {"query": "x", "limit": NaN}}'}}, 400),
        ({"data": {"queries": json.dumps({"q": {"query": "x", "properties": [{"pid": "a", "v": None}]}})}}, 400),
        ({"data": {"other": "x"}}, 400),
        ({"content": b"queries=\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 400),
        ({"content": b"x" * (1 << 20) + b"x", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 413),
        ({"json": {}}, 415),
    ],
)
def test_what_is_no_batch_is_refused_with_a_sentence(papers: Served, given: Any, status: int) -> None:
    response = papers.client.post("/reconcile", **given)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["detail"]


@pytest.mark.parametrize("name", ["", "?!", "(((", "/", ", ,", "a" * 500, "' OR 1=1", "\u0000", "李白", "-–-"])
def test_strange_names_are_answered(papers: Served, name: str) -> None:
    valid("0.2", "reconciliation-result-batch", ask(papers, {"q": {"query": name}}))


# --- 75


@pytest.mark.statement(75)
def test_suggestions(papers: Served) -> None:
    names = papers.client.get("/suggest/entity", params={"prefix": "Vlad"}).json()
    valid("0.2", "suggest-entities-response", names)
    assert "person/kibalchich-vlady" in [each["id"] for each in names["result"]]
    own = papers.client.get("/suggest/entity", params={"prefix": "person/serge"}).json()["result"]
    assert own[0]["id"] == "person/serge"
    more = papers.client.get("/suggest/entity", params={"prefix": "s", "cursor": "20", "type": "Person"}).json()[
        "result"
    ]
    first = papers.client.get("/suggest/entity", params={"prefix": "s", "type": "Person"}).json()["result"]
    assert (len(first), {each["id"] for each in first} & {each["id"] for each in more}) == (20, set())
    types = papers.client.get("/suggest/type", params={"prefix": "p"}).json()
    valid("0.2", "suggest-types-response", types)
    assert [each["id"] for each in types["result"]] == ["Person", "Place"]
    properties = papers.client.get("/suggest/property", params={"prefix": "birth"}).json()
    valid("0.2", "suggest-properties-response", properties)
    assert [each["id"] for each in properties["result"]] == ["birthDate"]
    assert [papers.get(path).status_code for path in ("/suggest/entity", "/suggest/nothing?prefix=a")] == [400, 404]
    for cursor in ("²", "9" * 5000, "-1"):
        assert papers.client.get("/suggest/entity", params={"prefix": "a", "cursor": cursor}).status_code == 400


@pytest.mark.statement(75)
def test_the_preview_is_small_escaped_and_may_be_framed(papers: Served, site: Served) -> None:
    response = papers.get("/preview?id=person/serge")
    assert len(response.content) < 4000
    assert ("Victor Serge" in response.text, "frame-ancestors *" in response.headers["content-security-policy"]) == (
        True,
        True,
    )
    for other in ("/", "/person/serge.html", "/reconcile", "/lookup?uri=x"):
        assert "frame-ancestors 'self'" in papers.get(other).headers["content-security-policy"]
    mallory = site.get("/preview?id=person/mallory").text
    assert "<script" not in mallory and "onmouseover=" not in mallory.replace("&#34;", "'").split('"')[0]
    assert papers.get("/preview?id=person/nobody").status_code == 404


EXTEND = {
    "ids": ["person/blum", "place/berlin", "person/nobody"],
    "properties": [
        {"id": name}
        for name in ("gnd", "viaf", "wikidata", "geonames", "letters", "memberOf", "birthDate", "geo", "sameAs")
    ]
    + [{"id": "alternateName", "settings": {"limit": "1"}}],
}


@pytest.mark.statement(75)
def test_data_extension(papers: Served) -> None:
    valid("0.2", "data-extension-query", EXTEND)
    answer = papers.client.post("/extend", json=EXTEND).json()
    valid("0.2", "data-extension-response", answer)
    assert answer == papers.client.post("/reconcile", data={"extend": json.dumps(EXTEND)}).json()
    assert answer == papers.client.get("/extend", params={"extend": json.dumps(EXTEND)}).json()
    blum, berlin = answer["rows"]["person/blum"], answer["rows"]["place/berlin"]
    assert blum["viaf"] == [{"str": "34453242"}] and blum["wikidata"] == [{"str": "Q18434"}]
    assert berlin["gnd"] == [{"str": "4005728-8"}] and berlin["geonames"] == [{"str": "2950159"}]
    assert len(blum["alternateName"]) == 1 and answer["rows"]["person/nobody"]["gnd"] == []
    serge = papers.client.post("/extend", json={"ids": ["person/serge"], "properties": [{"id": "letters"}]}).json()
    assert serge["rows"]["person/serge"]["letters"][0]["int"] > 20
    proposed = papers.client.get("/extend/propose", params={"type": "Place", "limit": "3"}).json()
    valid("0.2", "data-extension-property-proposal", proposed)
    assert (len(proposed["properties"]), proposed["limit"], proposed["type"]) == (3, 3, "Place")
    assert "limit" not in papers.client.get("/extend/propose", params={"limit": "9" * 5000}).json()
    odd = {"ids": ["person/blum"], "properties": [{"id": "alternateName", "settings": {"limit": "²"}}]}
    assert papers.client.post("/extend", json=odd).status_code == 200
    for wrong in ({"ids": "x", "properties": []}, {"ids": ["a"], "properties": [{"id": "shoe-size"}]}, []):
        assert papers.client.post("/extend", json=wrong).status_code == 400
    assert papers.client.post("/extend", json={"ids": ["a"] * 501, "properties": []}).status_code == 413


# --- 76


@pytest.mark.statement(76)
def test_the_draft_of_version_1(papers: Served) -> None:
    manifest = papers.get(DRAFT).json()
    valid("1.0-draft", "manifest", manifest)
    assert manifest == papers.get(f"{DRAFT}/").json()
    name = {"matchType": "name", "propertyValue": "Троцкий"}
    answer = match(
        papers,
        {"conditions": [name], "type": "Person", "limit": 2},
        {"conditions": [{**name, "matchType": "id", "propertyValue": "person/serge"}]},
    )
    valid("1.0-draft", "reconciliation-result-batch", answer)
    assert [each["candidates"][0]["id"] for each in answer["results"]] == ["person/trotsky", "person/serge"]
    born = {"matchType": "property", "propertyId": "gender", "propertyValue": "female", "required": True}
    sedova = match(papers, {"conditions": [{"matchType": "name", "propertyValue": "Sedov"}, born]})["results"][0][
        "candidates"
    ]
    assert sedova[0]["id"] == "person/sedova-natalia" and "person/sedov" not in [each["id"] for each in sedova]
    extended = papers.client.post(f"{DRAFT}/extend", json=EXTEND).json()
    valid("1.0-draft", "data-extension-response", extended)
    suggestions = {
        "entity": "suggest-entities-response",
        "type": "suggest-types-response",
        "property": "suggest-properties-response",
    }
    for what, schema in suggestions.items():
        valid("1.0-draft", schema, papers.get(f"{DRAFT}/suggest/{what}?prefix=p").json())
    assert papers.get(f"{DRAFT}/preview?id=person/serge").status_code == 200
    valid("1.0-draft", "data-extension-property-proposal", papers.get(f"{DRAFT}/extend/propose?type=Person").json())
    assert papers.client.post(f"{DRAFT}/match", json={"queries": [{"conditions": [name]}] * 51}).status_code == 413
    assert papers.client.post(f"{DRAFT}/match", content=b"{").status_code == 400


# --- shares


@pytest.mark.statement(53)
def test_batches_count_against_a_clients_share(tmp_path: Path) -> None:
    """One at once: while a query runs, and while a batch does, there is no second."""
    with (
        serving([published(tmp_path)], limits=Limits(seconds=1), client_queries=1) as site,
        ThreadPoolExecutor(1) as pool,
    ):
        assert ask(site, {"q": {"query": "Ida Berg"}})["q"]["result"], "made, so that a batch is quick"
        running = pool.submit(
            site.sparql, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l"
        )
        time.sleep(0.3)
        for path in ("/reconcile", f"{DRAFT}/match", "/extend"):
            refused = site.client.post(path, data={"queries": "{}"})
            assert refused.status_code == 429, path
            assert refused.json()["type"].endswith("#too-many-queries") and int(refused.headers["retry-after"]) > 0
        assert running.result().status_code == 503
        assert ask(site, {"q": {"query": "Ida Berg"}})["q"]["result"]


# --- the client that others use


@pytest.fixture
def answered(papers: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, list[tuple[str, bool]]]]:
    """Row number of the table → ids with `match`, the first three, as `reconciler` gets them."""
    monkeypatch.setattr(numpy, "NaN", numpy.nan, raising=False)  # reconciler 0.2.2 asks for its old name
    found: dict[int, list[tuple[str, bool]]] = {}
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    table = rows()
    for number, row in enumerate(table):
        groups.setdefault((row.kind, tuple(name for name, _ in row.properties)), []).append(number)
    for (kind, names), numbers in groups.items():
        frame = pandas.DataFrame({"name": [table[number].form for number in numbers]})
        for place, name in enumerate(names):
            frame[name] = [table[number].properties[place][1] for number in numbers]
        mapping = {name: frame[name] for name in names} or None
        for place, number in enumerate(numbers):
            one = frame.iloc[[place]]
            asked = None if mapping is None else {name: one[name] for name in names}
            result = reconcile(one["name"], kind, 3, asked, f"{papers.url}/reconcile")
            found[number] = [(str(each["id"]), bool(each["match"])) for _, each in result.iterrows()]
    yield found


def test_reconciler_finds_what_it_should_and_nothing_wrong_is_sure(answered: dict[int, list[tuple[str, bool]]]) -> None:
    table = rows()
    wrong = [
        (table[n].form, ids)
        for n, ids in answered.items()
        if any(sure and name != table[n].expected for name, sure in ids)
    ]
    assert wrong == []
    wanted = [n for n, row in enumerate(table) if row.expected]
    missed = [table[n].form for n in wanted if table[n].expected not in [name for name, _ in answered[n]]]
    assert len(missed) <= len(wanted) // 10, missed
