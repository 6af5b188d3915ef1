"""Statement 79: identifiers look as their authority writes them, and their check digits are right."""

import pytest

from lod.authorities import recognise
from lod.build import Built
from lod.linking.checks import possible
from lod.linking.lookup import canonical
from lod.terms import Iri, address
from lod.vocab import schema


@pytest.mark.statement(79)
def test_every_link_of_the_shipped_edition_can_be_one(shipped: Built) -> None:
    links = {address(Iri(node)) for _, block in shipped.blocks for _, said, node in block if said == schema.sameAs}
    known = {link for link in links if recognise(link)}
    assert len(known) > 250
    assert {link for link in links if not possible(link)} == set()
    hosts = ("d-nb.info", "viaf.org", "wikidata.org", "geonames.org")
    assert {link for link in links - known if any(host in link for host in hosts)} == set()


@pytest.mark.statement(79)
def test_a_wrong_digit_is_seen() -> None:
    right = [
        "https://d-nb.info/gnd/118642979", "https://d-nb.info/gnd/4008460-7", "https://d-nb.info/gnd/2022139-3",
        "https://isni.org/isni/0000000121032683", "https://orcid.org/0000-0002-1825-0097", "http://www.idref.fr/026927608/id",
    ]  # fmt: skip
    wrong = [
        "https://d-nb.info/gnd/118642978", "https://d-nb.info/gnd/4008460-8", "https://d-nb.info/gnd/2022139-4",
        "https://isni.org/isni/0000000121032684", "https://orcid.org/0000-0002-1825-0098", "http://www.idref.fr/026927609/id",
    ]  # fmt: skip
    assert [link for link in right if not possible(link)] == []
    assert [link for link in wrong if possible(link)] == []


def test_one_address_in_every_form() -> None:
    forms = (
        "https://d-nb.info/gnd/118642979", "http://d-nb.info/gnd/118642979/", "http://d-nb.info/gnd/118642979/about/lds",
        "https://d-nb.info/gnd/118642979/about", "https://www.d-nb.info/gnd/118642979#x",
    )  # fmt: skip
    assert {canonical(form) for form in forms} == {"gnd:118642979"}
    assert canonical("https://www.wikidata.org/wiki/Q33391") == canonical("http://www.wikidata.org/entity/Q33391")
    assert canonical("https://example.org/person/x.html") == canonical("http://www.example.org/person/x")
    assert canonical("https://example.org/person/x") != canonical("https://example.org/person/xy")
