"""Statements 24, 25, 33–37 and 60–65 on the shipped edition: profiles, Signposting, codings, releases."""

import gzip

import brotli
import httpx
import pytest
import rdflib
from harvested import NAME, Harvested
from signposting import find_signposting_http

# --- 24: profiles


@pytest.mark.statement(24)
def test_a_document_by_profile(shipped_site: Harvested) -> None:
    cidoc = "https://w3id.org/correspondence-lod/profile/cidoc"
    seen = shipped_site.get("/letter/1", "text/turtle", Accept_Profile=f"<{cidoc}>")
    assert seen.headers["location"].endswith("/letter/1.ttl?profile=cidoc")
    assert "Accept-Profile" in seen.headers["vary"]
    document = shipped_site.get("/letter/1.ttl?profile=cidoc")
    assert document.headers["content-profile"] == f"<{cidoc}>"
    assert f'<{cidoc}>; rel="profile"' in document.headers["link"]
    assert "schema:" not in document.text.partition("\n\n")[2] and "crm:P14_carried_out_by" in document.text
    direct = shipped_site.get("/letter/1.ttl", None, Accept_Profile=f"<https://other.example/x>, <{cidoc}>;q=0.5")
    assert direct.content == document.content
    whole, schema = shipped_site.get("/letter/1.nt"), shipped_site.get("/letter/1.nt?profile=schema-org")
    assert set(schema.text.splitlines()) < set(whole.text.splitlines())
    art = 'application/ld+json;profile="https://linked.art/ns/v1/linked-art.json"'
    target = shipped_site.get("/letter/1", art).headers["location"]
    record = shipped_site.get(target.removeprefix(shipped_site.url))
    assert record.json()["type"] == "LinguisticObject" and record.headers["content-type"] == "application/ld+json"
    fallback = shipped_site.get("/letter/1.ttl", None, Accept_Profile="<https://other.example/x>")
    assert fallback.headers["content-profile"] == "<https://w3id.org/correspondence-lod/profile/1.0>"
    assert shipped_site.get("/letter/1.ttl?profile=zzz").status_code == 400
    assert shipped_site.get("/type/letter.jsonld?profile=linked-art").status_code == 406


# --- 25: Signposting


@pytest.mark.statement(25)
@pytest.mark.parametrize("suffix", ["html", "ttl", "jsonld"])
def test_signposting_reads_every_document(shipped_site: Harvested, suffix: str) -> None:
    found = find_signposting_http(f"{shipped_site.url}/person/serge.{suffix}")
    assert str(found.citeAs.target) == f"{shipped_site.base}person/serge"
    assert {link.type for link in found.describedBy} == {
        "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"
    }  # fmt: skip
    assert str(found.license.target) == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert str(found.collection.target) == f"{shipped_site.url}/dataset"
    assert "https://schema.org/Person" in {str(link.target) for link in found.types}


@pytest.mark.statement(25)
def test_signposting_leads_from_the_data_set_to_its_files(shipped_site: Harvested) -> None:
    found = find_signposting_http(f"{shipped_site.url}/dataset?format=html")
    items = {str(link.target) for link in found.items}
    assert f"{shipped_site.url}/dumps/1.0/{NAME}.nt.gz" in items
    for item in items:
        assert shipped_site.served.client.head(item).status_code == 200


# --- 33 to 37: codings


@pytest.mark.statement(35, 37)
@pytest.mark.parametrize("path", ["/person/serge.ttl", "/person/serge.jsonld", "/dataset", "/ldes", "/cmif.xml"])
def test_codings_have_tags_of_their_own(shipped_site: Harvested, path: str) -> None:
    plain = shipped_site.get(path, None, Accept_Encoding="identity")
    tags = {plain.headers["etag"]}
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        request = shipped_site.served.client.build_request("GET", path, headers={"Accept-Encoding": coding})
        request.headers.pop("accept")
        response = shipped_site.served.client.send(request, stream=True)
        raw = b"".join(response.iter_raw())
        response.close()
        assert response.headers["content-encoding"] == coding
        assert "Accept-Encoding" in response.headers["vary"]
        assert unpack(raw) == plain.content and len(raw) < len(plain.content)
        tags.add(response.headers["etag"])
        again = shipped_site.get(path, None, Accept_Encoding=coding, If_None_Match=response.headers["etag"])
        assert (again.status_code, again.headers["etag"]) == (304, response.headers["etag"])
    assert len(tags) == 3
    only = shipped_site.get(path, None, Accept_Encoding="identity;q=0, gzip")
    assert only.headers["content-encoding"] == "gzip"


@pytest.mark.statement(37)
def test_packed_files_are_never_packed_twice(shipped_site: Harvested) -> None:
    response = shipped_site.get(f"/dumps/1.0/{NAME}.nt.gz", None, Accept_Encoding="gzip, br")
    assert "content-encoding" not in response.headers
    assert response.headers["content-type"] == "application/gzip"
    assert gzip.decompress(response.content).count(b"\n") == shipped_site.made.manifest.triples


@pytest.mark.statement(35, 37, 63)
def test_plain_dumps_come_packed_to_clients_that_take_gzip(shipped_site: Harvested) -> None:
    path = f"/dumps/1.0/{NAME}.nt"
    client, packed = shipped_site.served.client, (shipped_site.made.folder / f"{NAME}.nt.gz").read_bytes()
    plain = shipped_site.get(path, None, Accept_Encoding="identity")
    assert plain.headers["vary"] == "Accept-Encoding" and "content-encoding" not in plain.headers

    def raw(**headers: str) -> tuple[httpx.Response, bytes]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with client.stream("GET", path, headers=given) as response:
            return response, b"".join(response.iter_raw())

    response, body = raw(Accept_Encoding="gzip, br")
    assert (response.headers["content-encoding"], response.headers["content-type"]) == ("gzip", "application/n-triples")
    assert body == packed and gzip.decompress(body) == plain.content
    assert int(response.headers["content-length"]) == len(packed)
    tag = response.headers["etag"]
    assert tag != plain.headers["etag"]
    head = client.head(path, headers={"Accept-Encoding": "gzip"})
    assert (head.headers["etag"], head.headers["content-length"]) == (tag, str(len(packed)))
    assert raw(Accept_Encoding="gzip", If_None_Match=tag)[0].status_code == 304
    # A range is one of the plain bytes; a client that goes on with the packed ones says so by their tag.
    part, some = raw(Accept_Encoding="gzip", Range="bytes=0-99")
    assert (part.status_code, some) == (206, plain.content[:100]) and "content-encoding" not in part.headers
    part, some = raw(Accept_Encoding="gzip", Range="bytes=100-199", If_Range=tag)
    assert (part.status_code, some, part.headers["content-encoding"]) == (206, packed[100:200], "gzip")
    assert "content-encoding" not in raw(Accept_Encoding="gzip;q=0, br")[0].headers


# --- 60 to 65: releases


@pytest.mark.statement(60)
@pytest.mark.parametrize("suffix", ["ttl.gz", "nt.gz", "jsonld.gz", "nq.gz", "rdf.gz", "nt", "-schema-org.ttl.gz"])
def test_stable_names_lead_to_the_newest_release(shipped_site: Harvested, suffix: str) -> None:
    path = f"/dumps/latest{suffix}" if suffix.startswith("-") else f"/dumps/latest.{suffix}"
    response = shipped_site.get(path)
    assert response.status_code == 302
    target = response.headers["location"]
    assert target.startswith(f"{shipped_site.url}/dumps/1.0/{NAME}")
    file = shipped_site.served.client.head(target)
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shipped_site.get("/dumps/latest/tables/letters.csv").status_code == 302
    assert shipped_site.get("/dumps/latest.zip").status_code == 404


@pytest.mark.statement(33, 36, 63, 64)
def test_files_of_a_release_in_ranges_and_conditions(shipped_site: Harvested) -> None:
    path = f"/dumps/1.0/{NAME}.nt"
    head = shipped_site.served.client.head(path, headers={"Accept-Encoding": "identity"})
    assert head.headers["accept-ranges"] == "bytes" and head.headers["last-modified"] and head.headers["etag"]
    size = int(head.headers["content-length"])
    part = shipped_site.get(path, None, Range="bytes=0-99")
    assert (part.status_code, part.headers["content-range"], len(part.content)) == (206, f"bytes 0-99/{size}", 100)
    assert shipped_site.get(path, None, Range=f"bytes={size}-").status_code == 416
    assert shipped_site.get(path, None, Range="bytes=0-9", If_Range='"old"').status_code == 200
    assert (
        shipped_site.get(path, None, If_None_Match=head.headers["etag"], Accept_Encoding="identity").status_code == 304
    )
    assert shipped_site.get(path, None, If_Modified_Since=head.headers["last-modified"]).status_code == 304


@pytest.mark.statement(62)
def test_only_files_of_the_release_are_served(shipped_site: Harvested) -> None:
    for path in (
        "1.0/../../changes.tsv",
        "1.0/nothing.ttl",
        "2.0/SHA256SUMS",
        "1.0/%2e%2e/changes.tsv",
        "log/1.0.nq.gz",
    ):
        assert shipped_site.get(f"/dumps/{path}").status_code == 404, path
    sums = shipped_site.get("/dumps/1.0/SHA256SUMS").text
    for line in sums.splitlines():
        assert shipped_site.served.client.head(f"/dumps/1.0/{line.split('  ')[1]}").status_code == 200


@pytest.mark.statement(65)
def test_a_release_has_its_report_and_its_deletions_with_it(shipped_site: Harvested) -> None:
    report = rdflib.Graph().parse(data=shipped_site.get("/dumps/1.0/shacl-report.ttl").content, format="turtle")
    (made,) = report.subjects(rdflib.RDF.type, rdflib.SH.ValidationReport)
    assert report.value(made, rdflib.SH.conforms) == rdflib.Literal(True)
    gone = shipped_site.get("/dumps/1.0/deletions.tsv")
    assert gone.status_code == 200 and gone.text.startswith("iri\t")
