"""What search engines are told: JSON-LD that parses, with the right types and only what the records hold."""

import json
import re

import pytest
from django.conf import settings
from django.utils import timezone

from tests import builders
from treatments.interop.structured_data import about
from treatments.models import Autoantibody, Manifestation, Reference, Treatment, Trial
from treatments.models.choices import PublicationType, RetractionStatus

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(client, address):
    """The nodes of a page, by type."""
    page = client.get(address).content.decode()
    (text,) = BLOCK.findall(page)
    read = json.loads(text)
    assert read["@context"] == "https://schema.org"
    return {node["@type"]: node for node in read["@graph"]}


@pytest.mark.parametrize(
    ("address", "type_"),
    [
        ("/treatments/tofacitinib/", "Drug"),
        ("/treatments/ivig/", "Drug"),
        ("/treatments/plasma-exchange/", "MedicalTherapy"),
        ("/treatments/jak-inhibitors/", "MedicalTherapy"),
        ("/trials/NCT02728752/", "MedicalTrial"),
        ("/references/aggarwal-2022-ivig/", "MedicalScholarlyArticle"),
        ("/references/octagam-10-label/", "CreativeWork"),
        ("/references/valor-2025-reuters/", "NewsArticle"),
        ("/evidence/EV00001/", "Claim"),
        ("/recommendations/RC00001/", "MedicalGuidelineRecommendation"),
    ],
)
def test_a_page_says_what_it_is_about(client, address, type_):
    nodes = graph(client, address)
    assert nodes[type_]["url"].startswith(settings.SITE_URL + address)
    assert nodes[type_]["@id"].startswith(settings.SITE_URL)
    trail = nodes["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in trail] == [1, 2, 3]
    assert trail[0]["item"] == f"{settings.SITE_URL}/"
    assert trail[2]["item"] == settings.SITE_URL + address
    assert client.get(trail[1]["item"].removeprefix(settings.SITE_URL)).status_code == 200


def test_home_tells_of_the_disease_and_the_data_set(client):
    nodes = graph(client, "/")
    assert nodes["MedicalCondition"]["name"] == "Dermatomyositis"
    assert "possibleTreatment" not in nodes["MedicalCondition"], "studied is not recommended"
    assert nodes["Dataset"]["version"] == "1"
    assert nodes["Dataset"]["license"] == f"{settings.SITE_URL}/about/#licence"
    assert graph(client, "/about/")["Dataset"] == nodes["Dataset"]


def test_the_facts_are_those_of_the_record(client):
    drug = graph(client, "/treatments/ivig/")["Drug"]
    record = Treatment.objects.get(slug="ivig")
    assert drug["name"] == record.name
    assert drug["code"] == {"@type": "MedicalCode", "codeValue": record.atc_code, "codingSystem": "ATC"}
    assert drug["warning"] == record.boxed_warning
    article = graph(client, "/references/aggarwal-2022-ivig/")["MedicalScholarlyArticle"]
    assert article["author"][0] == {"@type": "Person", "familyName": "Aggarwal", "name": "Aggarwal R"}
    assert article["sameAs"] == ["https://pubmed.ncbi.nlm.nih.gov/36198179/"]
    trial = graph(client, "/trials/NCT02728752/")["MedicalTrial"]
    assert trial["status"] == "https://schema.org/Completed"
    assert trial["sponsor"] == {"@type": "Organization", "name": "Octapharma"}


def test_what_was_not_recorded_is_left_out():
    for model in (Treatment, Trial, Reference, Manifestation, Autoantibody):
        for record in model._default_manager.all():
            node = about(record)
            assert node["name"]
            assert not [name for name, value in node.items() if value in (None, "", [], {})], record
    unseen = Trial.objects.filter(status="unknown").first()
    assert "status" not in about(unseen)


def test_a_retraction_is_told():
    withdrawn = builders.reference(retraction_status=RetractionStatus.RETRACTED)
    assert about(withdrawn)["creativeWorkStatus"] == "Retracted"
    claim = builders.retracted(builders.published(builders.evidence()))
    assert about(claim)["creativeWorkStatus"] == "Retracted"


def test_a_group_of_authors_is_no_person():
    label = builders.reference(authors="Octapharma USA Inc", publication_type=PublicationType.LABEL)
    assert about(label)["author"] == [{"@type": "Organization", "name": "Octapharma USA Inc"}]


def test_no_text_ends_the_block_it_stands_in(client):
    hostile = "</script><script>alert('x')</script><!-- & \u2028 --> “ok”"
    record = builders.treatment(summary=hostile)
    page = client.get(record.get_absolute_url()).content.decode()
    (block,) = BLOCK.findall(page)
    assert "<" not in block
    assert json.loads(block)["@graph"][0]["description"] == hostile


def test_error_pages_and_what_is_gone_tell_nothing(client):
    retired = builders.treatment(retired_on=timezone.now().date(), retirement_reason="Made up.")
    withdrawn = builders.retracted(builders.published(builders.evidence()))
    for address in ("/nothing/", retired.get_absolute_url(), withdrawn.get_absolute_url(), "/evidence/?search=%FF"):
        page = client.get(address).content.decode()
        assert not BLOCK.findall(page)
        assert 'class="cite"' not in page
        assert 'rel="canonical"' not in page
