"""Statements 33–36, 38 and 39 of the HTTP contract: what is not sent again, and what every response says."""

from pathlib import Path

import pytest
from serving import Served, published, serving

# --- 33 to 36: validators


@pytest.mark.statement(34)
@pytest.mark.parametrize("path", ["/letter/1.ttl", "/letter/1.html", "/dataset", "/dumps/harbour.ttl", "/letter/"])
def test_an_unchanged_representation_is_not_sent_again(site: Served, path: str) -> None:
    first = site.get(path)
    tag = first.headers["etag"]
    for tags in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = site.get(path, headers={"If-None-Match": tags})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers.get("vary") == first.headers.get("vary")
    assert site.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.statement(33, 36)
def test_dates_are_the_records_and_count_only_without_tags(site: Served) -> None:
    response = site.get("/letter/1.ttl")
    assert response.headers["last-modified"] == "Mon, 03 Feb 2020 00:00:00 GMT"
    same = {"If-Modified-Since": "Mon, 03 Feb 2020 00:00:00 GMT"}
    assert site.get("/letter/1.ttl", headers=same).status_code == 304
    assert site.get("/letter/1.ttl", headers={"If-Modified-Since": "Sun, 02 Feb 2020 00:00:00 GMT"}).status_code == 200
    assert site.get("/letter/1.ttl", headers={**same, "If-None-Match": '"other"'}).status_code == 200
    for nonsense in ("yesterday", "Mon, 99 Feb 99999999999 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +9999"):
        assert site.get("/letter/1.ttl", headers={"If-Modified-Since": nonsense}).status_code == 200


@pytest.mark.statement(35)
def test_each_format_has_its_own_tag_that_survives_a_restart(site: Served, tmp_path: Path) -> None:
    paths = [f"/letter/1.{suffix}" for suffix in ("ttl", "jsonld", "nt", "rdf", "html")]
    tags = {path: site.get(path).headers["etag"] for path in paths}
    assert len(set(tags.values())) == len(paths)
    with serving([published(tmp_path)]) as other:
        for path in paths[:-1]:
            assert other.get(path).headers["etag"] == tags[path]


# --- 38, 39 and what is safe


@pytest.mark.statement(38)
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/letter/1", {}, 303),
        ("/letter/1.ttl", {}, 200),
        ("/letter/1.ttl", {"If-None-Match": "*"}, 304),
        ("/nowhere", {}, 404),
        ("/letter/1", {"Accept": "image/png"}, 406),
        ("/person/ghost", {}, 410),
        ("/dumps/harbour.ttl", {"Range": "bytes=0-9"}, 206),
        ("/sparql?query=x", {}, 400),
    ],
)
def test_every_response_is_open_and_safe(site: Served, path: str, headers: dict[str, str], status: int) -> None:
    response = site.client.get(path, headers=headers)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers["content-security-policy"].startswith("default-src 'self'")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "server" not in response.headers


@pytest.mark.statement(39)
def test_preflight_for_a_posted_query(site: Served) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = site.client.options("/sparql", headers=asked)
    assert response.is_success
    methods = set(response.headers["access-control-allow-methods"].split(", "))
    assert methods >= {"GET", "HEAD", "POST", "OPTIONS"}
    assert {"accept", "content-type"} <= set(response.headers["access-control-allow-headers"].lower().split(", "))
    exposed = set(site.get("/health").headers["access-control-expose-headers"].lower().split(", "))
    assert exposed >= {"link", "etag", "content-location", "retry-after"}
    for method in methods:
        assert site.client.request(method, "/sparql").status_code not in (404, 405, 501)
