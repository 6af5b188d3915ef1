"""`/search` over HTTP."""

import json
import time

from serving import BROWSER, Served, wait_ready


def found(site: Served, **params: str) -> dict[str, object]:
    end = time.monotonic() + 10
    while True:
        response = site.client.get("/search", params=params, headers={"Accept": "application/json"})
        if response.status_code != 503 or time.monotonic() > end:
            break
        assert int(response.headers["retry-after"]) > 0
        time.sleep(0.05)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    answer: dict[str, object] = response.json()
    return answer


def test_json_names_things_and_where_they_are(site: Served) -> None:
    wait_ready(site.client)
    answer = found(site, q="berg")
    assert answer["total"] == sum(answer["kinds"].values())  # type: ignore[attr-defined]
    first = answer["results"][0]  # type: ignore[index]
    assert first["iri"] == "https://example.org/harbour/person/berg"
    assert first["url"] == f"{site.url}/person/berg"
    assert (first["kind"], first["edition"]) == ("person", "harbour")
    assert site.client.get(first["url"] + ".ttl").status_code == 200


def test_pages_lead_on(site: Served) -> None:
    seen, address = [], f"{site.url}/search?q=letter&limit=1"
    while address:
        answer = site.client.get(address, headers={"Accept": "application/json"}).json()
        seen += [result["iri"] for result in answer["results"]]
        address = answer["next"]
    assert len(seen) == len(set(seen)) == answer["total"] > 1


def test_people_get_a_page(site: Served) -> None:
    found(site, q="berg")
    page = site.client.get("/search", params={"q": "berg"}, headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="/person/berg"' in page.text
    inert = site.client.get("/search", params={"q": '"><script>alert(1)</script>'}, headers={"Accept": BROWSER}).text
    assert "<script>alert" not in inert
    assert site.client.get("/search", headers={"Accept": BROWSER}).status_code == 200


def test_words_too_many_are_told_in_both_languages(site: Served) -> None:
    words = " ".join(["berg"] * 12 + ["superfluous"])
    assert found(site, q=words)["unused"] == ["superfluous"]
    assert found(site, q="berg")["unused"] == []
    for language, said in (("en", "not looked for"), ("fr", "n’ont pas été cherchés")):
        page = site.client.get("/search", params={"q": words, "lang": language}, headers={"Accept": BROWSER}).text
        assert said in page and "superfluous</p>" in page
        usual = site.client.get("/search", params={"q": "berg", "lang": language}, headers={"Accept": BROWSER}).text
        assert said not in usual


def test_what_is_no_question_is_refused(site: Served) -> None:
    for params in (
        {"kind": "gods"},
        {"page": "0"},
        {"limit": "1000"},
        {"page": "²"},
        {"q": "x" * 501},
        {"format": "xls"},
    ):
        assert site.client.get("/search", params=params).status_code == 400, params
    assert site.client.get("/search", headers={"Accept": "image/png"}).status_code == 406


def test_two_editions_are_searched_at_once(two: Served) -> None:
    answer = found(two, q="berg", limit="50")
    assert {result["edition"] for result in answer["results"]} == {"harbour", "lighthouse"}  # type: ignore[attr-defined]
    assert json.dumps(answer)
