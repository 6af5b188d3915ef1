"""Words for people: what kinds, classes and properties are called on pages, from both ends.

A property that is not in the table still gets words, made from its name. Order in the table is order on the page.
"""

import re
from dataclasses import dataclass

from lod.terms import Iri
from lod.vocab import PREFIXES, crm, dcterms, lod, lrmoo, owl, prov, rdf, rdfs, schema, skos

KIND_WORDS = {
    "letter": ("Letter", "Letters"),
    "document": ("Document", "Documents"),
    "person": ("Person", "People"),
    "organisation": ("Organisation", "Organisations"),
    "place": ("Place", "Places"),
    "event": ("Event", "Events"),
    "work": ("Work", "Works"),
    "holding": ("Holding", "Holdings"),
    "correspondence": ("Correspondence", "Correspondences"),
    "type": ("Type", "Types"),
    "language": ("Language", "Languages"),
}
"""One and several of each kind."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a property is called when read from its subject, and from its object (`""`: told by another one)."""

    out: str
    back: str = ""


PROPERTIES: dict[Iri, Words] = {
    schema.sender: Words("Sent by", "Letters sent"),
    schema.author: Words("Author", "Writings"),
    schema.recipient: Words("Sent to", "Letters received"),
    schema.ccRecipient: Words("Copy to", "Copies received"),
    schema.bccRecipient: Words("Blind copy to", "Blind copies received"),
    lod.addressed_to: Words("Addressed to", "Addressed in"),
    schema.dateCreated: Words("Date"),
    schema.dateSent: Words("Sent on"),
    schema.dateReceived: Words("Received on"),
    schema.locationCreated: Words("Written at", "Letters written here"),
    crm.P72_has_language: Words("Language", "Written in this language"),
    crm.P2_has_type: Words("Kind", "Things of this kind"),
    schema.isPartOf: Words("Part of", "Parts"),
    schema.identifier: Words("Number"),
    lod.replies_to: Words("Replies to", "Answered by"),
    lod.encloses: Words("Encloses", "Enclosed with"),
    schema.mentions: Words("Mentions", "Mentioned in"),
    crm.P129_is_about: Words("About", "Written about in"),
    schema.workTranslation: Words("Translation", "Translation of"),
    lrmoo.R76_is_derivative_of: Words("Made from", "Basis of"),
    lrmoo.R4i_is_embodied_in: Words("Published in", "Contains"),
    schema.url: Words("In its own edition"),
    schema.encoding: Words("Encoded text"),
    schema.associatedMedia: Words("Picture"),
    schema.alternateName: Words("Also called"),
    schema.birthDate: Words("Born"),
    schema.birthPlace: Words("Born in", "Born here"),
    schema.deathDate: Words("Died"),
    schema.deathPlace: Words("Died in", "Died here"),
    schema.gender: Words("Sex"),
    schema.nationality: Words("Country", "People of this country"),
    schema.hasOccupation: Words("Occupation", "People with this occupation"),
    schema.homeLocation: Words("Lived in", "Lived here"),
    schema.parent: Words("Parent", "Parent of"),
    schema.children: Words("Children", "Child of"),
    schema.spouse: Words("Married to", "Married to"),
    schema.sibling: Words("Sibling of", "Sibling of"),
    schema.relatedTo: Words("Related to", "Related to"),
    schema.memberOf: Words("Member of", "Members"),
    schema.member: Words("Members", "Member of"),
    schema.subOrganization: Words("Parts", "Part of"),
    schema.parentOrganization: Words("Belongs to", "Branches"),
    schema.foundingDate: Words("Founded"),
    schema.foundingLocation: Words("Founded in", "Founded here"),
    schema.dissolutionDate: Words("Dissolved"),
    schema.startDate: Words("Began"),
    schema.endDate: Words("Ended"),
    schema.location: Words("Place", "Events here"),
    schema.organizer: Words("Organised by", "Organised"),
    crm.P11_had_participant: Words("Who took part", "Took part in"),
    crm.P14_carried_out_by: Words("Who acted", "Acted in"),
    crm.P9_consists_of: Words("Consists of", "Part of the event"),
    crm.P7_took_place_at: Words("Took place at", "Happened here"),
    crm.P4_has_time_span: Words("When"),
    schema.containedInPlace: Words("Lies in", "Places in it"),
    schema.latitude: Words("Latitude"),
    schema.longitude: Words("Longitude"),
    schema.editor: Words("Edited by", "Editor of"),
    schema.translator: Words("Translated by", "Translator of"),
    schema.publisher: Words("Published by", "Publisher of"),
    schema.datePublished: Words("Published in"),
    schema.isbn: Words("ISBN"),
    schema.issueNumber: Words("Issue"),
    schema.volumeNumber: Words("Volume"),
    schema.holdingArchive: Words("Held by", "Holds"),
    crm.P152_has_parent: Words("Parent", "Parent of"),
    crm.P16_used_specific_object: Words("What was used", "Used in"),
    crm.P17_was_motivated_by: Words("Because of", "Led to"),
    crm.P140_assigned_attribute_to: Words("Statement about", "Statements about it"),
    crm.P141_assigned: Words("Says", "Said of something"),
    crm.P177_assigned_property_of_type: Words("What is stated"),
    crm.P3_has_note: Words("Note"),
    lod.first_published_in: Words("First published in", "First published here"),
    schema.exampleOfWork: Words("Edition of", "Editions"),
    schema.contributor: Words("Contributor", "Contributed to"),
    schema.about: Words("About", "Written about in"),
    crm.P94i_was_created_by: Words("Created by", "Created"),
    crm.P25_moved: Words("Who moved", "Journeys"),
    crm.P26_moved_to: Words("To", "Journeys to here"),
    crm.P27_moved_from: Words("From", "Journeys from here"),
    lrmoo.R17_created: Words("Created", "Made by"),
    lrmoo.R16_created: Words("Created", "Made by"),
    lrmoo.R24_created: Words("Created", "Made by"),
    crm.P98_brought_into_life: Words("Whose birth"),
    crm.P100_was_death_of: Words("Whose death"),
    crm.P95_has_formed: Words("What was formed"),
    crm.P99_dissolved: Words("What was dissolved"),
    crm.P143_joined: Words("Who joined"),
    crm.P144_joined_with: Words("Joined", "People who joined"),
    crm.P145_separated: Words("Who left"),
    crm.P146_separated_from: Words("Left", "People who left"),
    crm.P151_was_formed_from: Words("Formed from", "Became part of"),
    crm.P109_has_current_or_former_curator: Words("Kept by", "Keeper of"),
    crm.P50_has_current_keeper: Words("Kept by", "Keeps"),
    crm.P82_at_some_time_within: Words("Date"),
    crm.P190_has_symbolic_content: Words("Form"),
    crm.P01_has_domain: Words("In", "Roles in it"),
    crm.P02_has_range: Words("Who", "Roles and references"),
    crm.P14_1_in_the_role_of: Words("As", "In this role"),
    crm.P107_1_kind_of_member: Words("As", "Members of this kind"),
    crm.P144_1_kind_of_member: Words("As", "Members of this kind"),
    crm.P67_1_has_type: Words("Kind of reference", "References of this kind"),
    lod.in_the_role_of: Words("As", "In this role"),
    crm.P182_ends_before_or_with_the_start_of: Words("Before", "After"),
    schema.description: Words("Description"),
    skos.definition: Words("Definition"),
    skos.scopeNote: Words("Scope"),
    skos.notation: Words("Code"),
    skos.broader: Words("Kind of", "Narrower kinds"),
    schema.sameAs: Words("Same as"),
    skos.exactMatch: Words("Same as"),
    rdfs.seeAlso: Words("See also"),
    crm.P70i_is_documented_in: Words("In the book", "Source for"),
    dcterms.replaces: Words("Replaces"),
    prov.wasDerivedFrom: Words("Made from", "Records made from it"),
}

BACK_FROM: dict[Iri, dict[str, str]] = {
    schema.location: {"organisation": "Organisations here"},
    crm.P7_took_place_at: {"receipt": "Letters received here", "publication": "Published here"},
}
"""What a property is called from its object when a thing of this kind points there, or such a part of one: then the thing is meant."""

ECHOES = frozenset(
    {
        rdf.type,
        rdfs.label,
        skos.prefLabel,
        skos.inScheme,
        schema.name,
        schema.headline,
        schema.inLanguage,
        schema.messageAttachment,
        schema.translationOfWork,
        crm.P1_is_identified_by,
        crm.P67_refers_to,
        crm.P73_has_translation,
        crm.P106i_forms_part_of,
        crm.P46i_forms_part_of,
        crm.P107_has_current_or_former_member,
        crm.P128i_is_carried_by,
        crm.P89_falls_within,
        crm.P168_place_is_defined_by,
        crm.P74_has_current_or_former_residence,
        crm.P82a_begin_of_the_begin,
        crm.P82b_end_of_the_end,
        lrmoo.R3i_realises,
        owl.sameAs,
    }
)
"""Properties that say again, for machines, what another row of the page or its title says."""

SAID_BY = {
    lod.addressed_to: (schema.recipient,),
    lrmoo.R4i_is_embodied_in: (schema.isPartOf,),
    crm.P2_has_type: (schema.hasOccupation, schema.gender),
    crm.P152_has_parent: (schema.parent,),
    crm.P109_has_current_or_former_curator: (schema.holdingArchive,),
    crm.P50_has_current_keeper: (schema.holdingArchive,),
}
"""What a row says again of other rows of the same page is left out of it."""

SECTIONS: dict[str, tuple[tuple[str, tuple[Iri, ...]], ...]] = {
    "person": (
        ("Family", (schema.parent, schema.children, schema.spouse, schema.sibling, schema.relatedTo)),
        ("Organisations", (schema.memberOf,)),
    ),
    "organisation": (
        ("Members", (schema.member,)),
        ("Parts", (schema.subOrganization, schema.parentOrganization)),
    ),
    "letter": (
        ("Publication and archive", (lod.first_published_in, lrmoo.R4i_is_embodied_in, schema.workTranslation)),
    ),
    "document": (
        ("Publication and archive", (lod.first_published_in, lrmoo.R4i_is_embodied_in, schema.workTranslation)),
    ),
}
"""Rows of a kind that have a heading of their own on its page; all others stand at the top."""

PROMOTED: dict[str, frozenset[Iri]] = {
    "letter": frozenset(
        {
            schema.sender,
            schema.recipient,
            lod.addressed_to,
            schema.dateCreated,
            schema.dateReceived,
            schema.locationCreated,
            schema.identifier,
        }
    ),
    "document": frozenset({schema.author, schema.dateCreated}),
    "person": frozenset(
        {schema.alternateName, schema.birthDate, schema.deathDate, schema.birthPlace, schema.deathPlace, schema.gender}
    ),
    "organisation": frozenset({schema.alternateName, schema.foundingDate, schema.dissolutionDate}),
    "place": frozenset({schema.alternateName, schema.latitude, schema.longitude, schema.containedInPlace}),
    "event": frozenset({crm.P4_has_time_span, schema.startDate, schema.endDate, crm.P7_took_place_at, schema.location}),
    "work": frozenset({schema.author, schema.dateCreated, schema.datePublished, crm.P94i_was_created_by}),
    "holding": frozenset({schema.holdingArchive, crm.P109_has_current_or_former_curator}),
    "language": frozenset({skos.notation}),
}
"""Rows that the head of a page says, or a line of what happened with its date."""

MARGIN = frozenset({crm.P70i_is_documented_in, schema.sameAs, skos.exactMatch, rdfs.seeAlso, schema.url})
"""Rows that stand beside the text: where in the book, and who else knows the thing."""


def words(term: Iri) -> Words:
    """The words for a property; made from its name when the table has none."""
    known = PROPERTIES.get(term)
    if known is not None:
        return known
    plain = humanise(term)
    return Words(plain, f"{plain} (from)")


def humanise(term: Iri) -> str:
    """`crm:P9_consists_of` as `Consists of`, `schema:dateCreated` as `Date created`."""
    name = re.split(r"[#/]", term[1:-1])[-1]
    name = re.sub(r"^[A-Z]{1,2}\d+i?(\.\d+)?_", "", name)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    return plain[:1].upper() + plain[1:]


def prefixed(term: Iri) -> str:
    """`crm:E21_Person`, or the address without brackets for namespaces that have no prefix here."""
    inside = term[1:-1]
    for prefix, start in PREFIXES.items():
        if inside.startswith(start):
            return f"{prefix}:{inside[len(start) :]}"
    return inside
