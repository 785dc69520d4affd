"""The mechanism map on pages and as files."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse

from treatments.models import Mechanism, MechanismInteraction, Treatment
from treatments.models.choices import InteractionEffect, TreatmentStage
from treatments.web.presenters import mechanism_map_file as files

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


def svg_on(page: str, name: str) -> ElementTree.Element:
    """The drawing called ``name`` on a page; it is well-formed XML."""
    (found,) = re.findall(rf'<svg class="mechmap-figure[^"]*" id="{name}".*?</svg>', page, re.DOTALL)
    return ElementTree.fromstring(found)  # noqa: S314 - our own page


def links(svg: ElementTree.Element) -> dict[str, str]:
    """Address and title (or text) of each link."""
    return {
        link.attrib["href"]: link.findtext(f"{SVG}title") or " ".join("".join(link.itertext()).split())
        for link in svg.iter(f"{SVG}a")
    }


def test_the_map_links_every_mechanism_and_every_treatment_with_what_it_does(client):
    page = client.get(reverse("web:mechanisms")).content.decode()
    found = links(svg_on(page, "mechanism-map"))
    for row in [*Mechanism.objects.all(), *Treatment.objects.all()]:
        assert row.name in found[row.get_absolute_url()]
    assert found["/treatments/rituximab/"] == "Rituximab depletes CD20. Established."
    assert found["/treatments/dupilumab/"] == "Dupilumab. Investigational."


def test_every_interaction_stands_in_the_map_and_below_it_in_words_with_its_references(client):
    page = client.get(reverse("web:mechanisms")).content.decode()
    said = {title.text for title in svg_on(page, "mechanism-map").iter(f"{SVG}title")}
    words = re.sub(r"<[^>]+>", "", page.partition('id="interactions"')[2])
    rows = MechanismInteraction.objects.select_related("upstream", "downstream").prefetch_related("references")
    assert rows
    for row in rows:
        sentence = f"{row.upstream.name} {row.effect} {row.downstream.name}"
        assert sentence in said
        assert f"{sentence}." in words
        assert row.note in words
        assert all(reference.get_absolute_url() in page for reference in row.references.all())


def test_the_tree_says_who_acts_where_and_treatments_without_a_mechanism_are_listed(client):
    page = re.sub(r"<[^>]+>", "", client.get(reverse("web:mechanisms")).content.decode())
    page = re.sub(r"\s+", " ", page)
    assert "CD20 target · 1 treatment depleted by Rituximab (established)" in page
    assert "Dupilumab (investigational)" in page.partition("Treatments without a recorded mechanism")[2]


def test_filters_keep_the_tree_first_and_mark_what_matches_in_the_map(client):
    response = client.get(reverse("web:mechanisms"), {"gene": "TYK2"})
    page = response.content.decode()
    assert page.index('class="tree"') < page.index('id="mechanism-map"')
    matches = {row.get_absolute_url() for row in response.context["page"]}
    marked = {address for address, title in links(svg_on(page, "mechanism-map")).items() if title.endswith(": matches")}
    assert marked == matches
    assert len(matches) == 3


def test_a_filter_that_matches_nothing_still_answers(client):
    assert client.get(reverse("web:mechanisms"), {"gene": "NOSUCHGENE"}).status_code == 200
    assert client.get(reverse("web:mechanisms"), {"kind": "nonsense"}).status_code == 400


@pytest.mark.parametrize("name", ["pathways-narrow", "pathways-wide"])
def test_a_treatment_page_marks_the_pathways_it_acts_on(client, name):
    page = client.get("/treatments/tofacitinib/").content.decode()
    titles = links(svg_on(page, name))
    assert titles["/mechanisms/jak-stat/"] == (
        "JAK-STAT signalling: Tofacitinib inhibits Janus kinase 1 (JAK1); inhibits Janus kinase 3 (JAK3);"
        " inhibits Janus kinase 2 (JAK2)"
    )
    assert (
        titles["/mechanisms/type-i-ifn/"]
        == "Type I interferon signalling: Tofacitinib modulates Type I interferon signalling"
    )
    assert titles["/mechanisms/complement/"] == "Complement and the membrane attack complex"
    assert len(titles) == Mechanism.objects.filter(parent=None).count()


def test_a_treatment_without_a_mechanism_has_no_map(client):
    page = client.get("/treatments/dupilumab/").content.decode()
    assert "mechmap" not in page


def test_a_target_page_marks_the_pathway_it_belongs_to(client):
    page = client.get("/mechanisms/tyk2/").content.decode()
    titles = links(svg_on(page, "pathways-wide"))
    assert titles["/mechanisms/jak-stat/"] == "JAK-STAT signalling: Tyrosine kinase 2 (TYK2) belongs to it"
    marked = [
        rect.attrib["data-pathway"]
        for rect in svg_on(page, "pathways-wide").iter()
        if "lit" in rect.get("class", "").split() and "data-pathway" in rect.attrib and rect.tag == f"{SVG}rect"
    ]
    assert marked == ["jak-stat"]


def test_the_svg_file_needs_nothing_else_and_its_links_lead_here(client):
    response = client.get(reverse("web:mechanism-map-svg"))
    assert response["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own file
    assert set(links(root)) >= {f"{settings.SITE_URL}{row.get_absolute_url()}" for row in Treatment.objects.all()}
    addresses = [value for one in root.iter() for name, value in one.attrib.items() if name.endswith("href")]
    assert all(address.startswith(("#", f"{settings.SITE_URL}/")) for address in addresses)
    ids = {one.attrib["id"] for one in root.iter() if "id" in one.attrib}
    assert {address[1:] for address in addresses if address.startswith("#")} <= ids
    assert "data revision 1," in "".join(root.itertext())
    assert "var(" not in response.content.decode()


def test_the_svg_file_may_use_its_own_style_and_no_other(client):
    response = client.get(reverse("web:mechanism-map-svg"))
    style = ElementTree.fromstring(response.content).findtext(f"{SVG}style")  # noqa: S314 - our own file
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r"style-src ([^;]*)", response["Content-Security-Policy"])
    assert policy == f"'self' 'sha256-{digest}'"


def test_the_png_file_is_an_image(client):
    response = client.get(reverse("web:mechanism-map-png"))
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG\r\n\x1a\n")
    width = int.from_bytes(response.content[16:20])
    assert width > 2000


@pytest.mark.parametrize("name", ["web:mechanism-map-svg", "web:mechanism-map-png"])
def test_files_take_no_parameters_and_only_answer_questions(client, name):
    refused = client.get(reverse(name), {"width": "300"})
    assert refused.status_code == 400
    assert "width" in refused.content.decode()
    assert client.post(reverse(name)).status_code == 405


def test_a_file_has_the_colours_of_the_pages_and_one_for_every_stage_and_effect():
    sheet = (Path(settings.BASE_DIR) / "static/css/site.css").read_text()
    light = dict(re.findall(r"--([\w-]+): light-dark\((#\w+), #\w+\);", sheet))
    assert {name: light[name.replace("_", "-")] for name in files.COLOURS} == files.COLOURS
    assert {stage: light[f"stage-{stage}"] for stage in TreatmentStage.values} == files.STAGE_COLOURS
    assert {effect: light[f"effect-{effect}"] for effect in InteractionEffect.values} == files.EFFECT_COLOURS


def test_every_stage_has_a_mark_of_its_own_form(client):
    page = client.get(reverse("web:mechanisms")).content.decode()
    marks = dict(re.findall(r'<g id="stage-(\w+)">(.*?)</g>', page))
    assert set(marks) == set(TreatmentStage.values)
    assert len(set(marks.values())) == len(marks)
