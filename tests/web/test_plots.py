"""Plots on the pages of the real data, and as files."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.charts.made_up import results
from treatments.charts.intervals import exact_interval
from treatments.models import Autoantibody, Evidence, OutcomeMeasure, PhenotypeAssociation, Result, Treatment
from treatments.models.claims import RATIO_KINDS
from treatments.web import reading
from treatments.web.drawings import Form
from treatments.web.presenters.figures import figure
from treatments.web.presenters.forest import measure_plots

pytestmark = pytest.mark.django_db

ENDINGS = [".svg", ".dark.svg", ".narrow.svg", ".narrow.dark.svg"]


def estimates(spec: Any) -> Iterator[dict[str, Any]]:
    """Every estimate in a specification."""
    if isinstance(spec, dict):
        if "estimate" in spec:
            yield spec
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from estimates(part)


def specification(client: Client, treatment: str, measure: str) -> dict[str, Any]:
    response = client.get(f"/charts/treatments/{treatment}/results/{measure}.json")
    assert response.status_code == 200
    return response.json()


def size_of(svg: bytes) -> list[str | None]:
    """Width and height of a drawing, which must be well-formed."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn here
    return [root.get("width"), root.get("height")]


def text_of(response) -> str:
    body = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# The panels ----------------------------------------------------------------------------------------------------------


def test_the_dead_and_the_survivors_never_share_an_axis():
    plots = measure_plots(reading.direct_evidence(treatment__slug="tofacitinib"), {})
    (survival,) = [plot for plot in plots if plot.measure.slug == "survival"]
    on_axis = {panel.title: {row.label.partition(",")[0] for row in panel.rows} for panel in survival.panels}
    died = on_axis["Patients who died, or had an event counted with death"]
    assert {"Mortality", "Death or lung transplantation within 1 year (crude)"} <= died
    survived = on_axis["Patients with the outcome"]
    assert "Survived" in survived
    assert not [label for label in survived if "Death" in label or "Mortality" in label]


# The figures ---------------------------------------------------------------------------------------------------------


def test_proderm_is_drawn_with_the_figures_entered_and_its_computed_intervals(client):
    rows = [
        row
        for row in estimates(specification(client, "ivig", "total-improvement-score"))
        if row["evidence"] == "EV00120"
    ]
    treated, control, difference = rows
    assert (treated["group"], treated["events"], treated["total"], treated["value"]) == ("treated", 37, 47, 79)
    assert (control["group"], control["events"], control["total"], control["value"]) == ("control", 21, 48, 44)
    for row in (treated, control):
        assert row["interval"] == "computed"
        assert row["estimate"] == 100 * row["events"] / row["total"]
        assert (row["low"], row["high"]) == exact_interval(row["events"], row["total"])
    assert (difference["estimate"], difference["low"], difference["high"]) == (35, 17, 53)
    assert (difference["interval"], difference["interval_level"]) == ("source", 95)


def test_every_estimate_of_every_plot_is_a_figure_of_one_published_result(client):
    """Which is to say that nothing is pooled, rounded or converted."""
    for treatment in Treatment.objects.in_use():
        about = [treatment.pk, *treatment.classes.values_list("pk", flat=True)]
        entered = Result.objects.filter(evidence__in=Evidence.objects.published().filter(treatment__in=about))
        for measure in OutcomeMeasure.objects.filter(results__in=entered).distinct():
            response = client.get(
                reverse("web:treatment-results-drawing", args=[treatment.slug, measure.slug, Form("json")])
            )
            if response.status_code == 404:
                continue
            found = entered.filter(measure=measure).select_related("evidence")
            by_name = {}
            for result in found:
                by_name.setdefault((result.evidence.accession, result.label, result.timepoint), []).append(result)
            for row in estimates(response.json()):
                candidates = by_name[row["evidence"], row["result"], row["timepoint"]]
                assert any(is_of(row, result) for result in candidates), row


def is_of(row: dict[str, Any], result: Result) -> bool:
    """Whether ``row`` says what ``result`` says."""
    effect = None if result.effect_value is None else float(result.effect_value)
    if "events" not in row:
        return row["estimate"] == row["value"] == effect
    events, total, value = (getattr(result, f"{row['group']}_{part}") for part in ("events", "total", "value"))
    printed = None if value is None else float(value)
    # At the counts where an interval was computed from them, or where nothing else was printed.
    at_counts = row["interval"] == "computed" or printed is None
    expected = 100 * events / total if at_counts else printed
    return [row["events"], row["total"], row["value"], row["estimate"]] == [events, total, printed, expected]


def test_ratios_stand_on_a_logarithmic_axis(client):
    ratio = Result.objects.filter(
        evidence__in=Evidence.objects.published(), kind__in=RATIO_KINDS, effect_value__isnull=False
    ).select_related("measure", "evidence__treatment")
    for result in ratio:
        spec = json.dumps(specification(client, result.evidence.treatment.slug, result.measure.slug))
        assert '"type": "log"' in spec
        assert '{"reference": 1}' in spec


# Completeness --------------------------------------------------------------------------------------------------------


def test_every_result_of_every_treatment_is_on_its_page_of_plots_drawn_or_listed(client):
    for treatment in Treatment.objects.in_use().prefetch_related("classes"):
        page = client.get(reverse("web:treatment-plots", args=[treatment.slug]))
        assert page.status_code == 200
        body = page.content.decode()
        claims = Evidence.objects.published().filter(treatment__in=[treatment, *treatment.classes.all()])
        listed = len(re.findall(r'rowheader"><a href="/evidence/', body))
        entered = Result.objects.filter(evidence__in=claims)
        assert listed == entered.count(), treatment
        for result in entered:
            assert escape(result.label) in body
            for name in ("treated_value", "control_value", "effect_value", "effect_ci_low", "effect_ci_high"):
                value = getattr(result, name)
                assert value is None or figure(value) in body, (treatment, result)
        drawn = sum(plot.drawn for plot, _ in page.context["plots"])
        not_drawn = sum(plot.not_drawn for plot, _ in page.context["plots"])
        assert drawn + not_drawn == entered.count()
        assert body.count(">Not drawn<") == not_drawn


def test_the_plots_of_every_page_are_drawn_at_the_size_it_says(client):
    """One of every other page, in one of its forms; all forms of one plot are tried elsewhere."""
    pages = [reverse("web:treatment-plots", args=[treatment.slug]) for treatment in reading.treatments_with_results()]
    pages += [antibody.get_absolute_url() for antibody in Autoantibody.objects.in_use()]
    tried = 0
    for page in [reverse("web:plots"), *pages[::2]]:
        body = client.get(page).content.decode()
        shown = re.findall(r'(?:srcset|src)="(/charts/[^"]+\.svg)" width="(\d+)" height="(\d+)"', body)
        if shown:
            url, *size = shown[tried % len(shown)]
            response = client.get(url)
            assert response.status_code == 200, url
            assert size_of(response.content) == size, url
            tried += 1
    assert tried > 30


def test_an_entry_reported_for_a_class_is_marked_so_in_plot_and_table(client):
    page = client.get(reverse("web:treatment-plots", args=["tofacitinib"]))
    assert "Reported for the class: JAK inhibitors" in text_of(page)
    drawn = client.get("/charts/treatments/tofacitinib/results/cdasi.svg").content.decode()
    assert "reported for the class: JAK inhibitors" in " ".join(drawn.split())


def test_safety_has_panels_of_its_own(client):
    measure, treatment = builders.outcome_measure(), builders.treatment()
    for aspect, direction in (("efficacy", "supports"), ("safety", "harm")):
        claim = builders.evidence(treatment=treatment, aspect=aspect, direction=direction)
        builders.result(claim, measure=measure)
        builders.published(claim)
    drawn = client.get(f"/charts/treatments/{treatment.slug}/results/{measure.slug}.svg").content.decode()
    assert drawn.count(">Patients with the outcome</text>") == 1
    assert drawn.count(">Safety: patients with the outcome</text>") == 1


def test_a_draft_is_neither_drawn_nor_listed(client):
    treatment, measure = builders.treatment(), builders.outcome_measure()
    builders.result(builders.evidence(treatment=treatment), measure=measure, label="Made-up secret")
    assert client.get(f"/charts/treatments/{treatment.slug}/results/{measure.slug}.svg").status_code == 404
    assert client.get(f"/charts/treatments/{treatment.slug}/by-year.svg").status_code == 404
    page = client.get(reverse("web:treatment-plots", args=[treatment.slug]))
    assert "Made-up secret" not in text_of(page)
    assert "No result with figures is recorded" in text_of(page)


# Any results ---------------------------------------------------------------------------------------------------------


@given(st.lists(results(), min_size=1, max_size=4), st.sampled_from(ENDINGS))
@example([{"kind": "hazard_ratio", "label": "1 % \x01", "effect_value": 10000, "effect_ci_low": 0}], ".svg")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_published_the_page_lists_it_and_its_plot_can_be_drawn(entered: list[dict[str, Any]], ending: str):
    with transaction.atomic():
        claim = builders.evidence(treatment=builders.treatment())
        measure = builders.outcome_measure()
        nothing = {f"{arm}_{part}": None for arm in ("treated", "control") for part in ("events", "total")}
        for fields in entered:
            builders.result(claim, measure=measure, **{**nothing, **fields})
        builders.published(claim)
        page = Client().get(reverse("web:treatment-plots", args=[claim.treatment.slug]))
        assert page.status_code == 200
        [(plot, picture)] = page.context["plots"]
        assert len(plot.results) == len(entered)
        response = Client().get(f"/charts/treatments/{claim.treatment.slug}/results/{measure.slug}{ending}")
        assert response.status_code == (200 if picture else 404)
        if picture:
            size = picture.narrow if "narrow" in ending else picture.wide
            assert size_of(response.content) == [str(size.width), str(size.height)]
        transaction.set_rollback(True)


# Years and phenotypes ------------------------------------------------------------------------------------------------


def test_the_numbers_by_year_and_level_add_up_to_all_published_evidence(client):
    page = client.get(reverse("web:plots"))
    rows = page.context["years"].rows
    assert sum(row.total for row in rows) == Evidence.objects.published().count()
    spec = client.get("/charts/evidence/by-year.json").json()
    bars = [
        value
        for view in spec["vconcat"]
        for layer in view["layer"]
        for value in layer["data"]["values"]
        if "level" in value
    ]
    for bar in bars:
        claims = Evidence.objects.published().filter(reference__year=bar["year"])
        same = claims.safety() if bar["level"] == "safety" else claims.efficacy().filter(level=bar["level"])
        assert bar["entries"] == same.count()
    undated = Evidence.objects.published().filter(reference__year=None)
    assert sum(bar["entries"] for bar in bars) == Evidence.objects.published().count() - undated.count()
    drawn = client.get("/charts/evidence/by-year.svg").content.decode()
    assert f"{undated.efficacy().filter(level=4).count()} (level 4)" in drawn
    assert "Not recorded" in text_of(page)


@pytest.mark.parametrize(
    ("name", "slug", "scope"),
    [
        ("treatments", "ivig", {"treatment__slug": "ivig"}),
        ("autoantibodies", "anti-mda5", {"autoantibodies__slug": "anti-mda5"}),
    ],
)
def test_evidence_by_year_counts_what_is_about_the_record_itself(client, name, slug, scope):
    spec = client.get(f"/charts/{name}/{slug}/by-year.json").json()
    bars = [
        value["entries"]
        for view in spec["vconcat"]
        for layer in view["layer"]
        for value in layer["data"]["values"]
        if "level" in value
    ]
    assert sum(bars) == Evidence.objects.published().filter(**scope, reference__year__isnull=False).count() > 10


@pytest.mark.parametrize("antibody", ["anti-mda5", "anti-nxp2"])
def test_a_phenotype_profile_draws_every_frequency_and_the_table_has_the_rest(client, antibody):
    spec = json.dumps(client.get(f"/charts/autoantibodies/{antibody}/phenotype.json").json())
    page = text_of(client.get(reverse("web:autoantibody", args=[antibody])))
    claims = PhenotypeAssociation.objects.published().filter(autoantibody__slug=antibody)
    assert claims.filter(frequency_low=None).exists()
    for claim in claims:
        drawn = f'"association": "{claim.accession}"' in spec
        assert drawn == (claim.frequency_low is not None)
        assert f"{claim.get_strength_display()} ({claim.accession})" in page
        if drawn:
            assert f'"low": {float(claim.frequency_low)}, "high": {float(claim.frequency_high)}' in spec


# Pages and files -----------------------------------------------------------------------------------------------------


def test_a_treatment_shows_measures_with_several_results_and_links_the_others(client):
    page = client.get(reverse("web:treatment", args=["ivig"]))
    assert len(page.context["plots"]) > 1
    assert all(plot.drawn > 1 for plot, _ in page.context["plots"])
    body = page.content.decode()
    for plot in page.context["other_plots"]:
        assert f'href="/treatments/ivig/plots/#{plot.measure.slug}"' in body
    measures = Result.objects.filter(evidence__in=Evidence.objects.published().filter(treatment__slug="ivig"))
    shown = len(page.context["plots"]) + len(page.context["other_plots"])
    assert shown == measures.values("measure").distinct().count()


def test_pictures_wait_until_they_are_seen_leave_room_and_are_described(client):
    body = client.get(reverse("web:treatment", args=["ivig"])).content.decode()
    images = re.findall(r"<img[^>]+src=\"/charts/[^>]+>", body)
    assert images
    for image in images:
        assert 'loading="lazy"' in image
        assert re.search(r'width="\d+" height="\d+"', image)
        assert re.search(r'alt="Forest plot: [^"]+ The table that follows has the same figures."', image)


@pytest.mark.parametrize(
    ("file", "kind", "start"),
    [("svg", "image/svg+xml", b"<svg"), ("png", "image/png", b"\x89PNG"), ("json", "application/json", b'{"$schema"')],
)
@pytest.mark.parametrize(
    "base",
    [
        "/charts/evidence/by-year",
        "/charts/treatments/ivig/by-year",
        "/charts/treatments/ivig/results/total-improvement-score",
        "/charts/autoantibodies/anti-mda5/by-year",
        "/charts/autoantibodies/anti-mda5/phenotype",
    ],
)
def test_a_plot_is_a_file_with_a_name_and_an_etag(client, base, file, kind, start):
    response = client.get(f"{base}.{file}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith(kind)
    assert response.content.startswith(start)
    assert re.fullmatch(rf'inline; filename="[a-z0-9-]+\.{file}"', response["Content-Disposition"])
    again = client.get(f"{base}.{file}", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert client.head(f"{base}.{file}").status_code == 200
    assert client.post(f"{base}.{file}").status_code == 405


@pytest.mark.parametrize(
    "ending", ["", "/", ".gif", ".dark", ".dark.narrow.svg", ".wide.svg", ".narrow.narrow.svg", ".SVG"]
)
def test_a_form_that_does_not_exist_is_not_found(client, ending):
    assert client.get(f"/charts/evidence/by-year{ending}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/treatments/nothing/plots/",
        "/charts/treatments/nothing/by-year.svg",
        "/charts/treatments/nothing/results/survival.svg",
        "/charts/treatments/ivig/results/nothing.svg",
        "/charts/treatments/ivig/results/dlco.png",
        "/charts/autoantibodies/nothing/by-year.json",
        "/charts/autoantibodies/nothing/phenotype.svg",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_what_is_no_longer_used_is_gone_and_names_its_successor(client):
    successor = builders.treatment("Samplimab")
    retired = builders.treatment(retired_on="2026-01-01", retirement_reason="Made up.", successor=successor)
    for path in (f"/treatments/{retired.slug}/plots/", f"/charts/treatments/{retired.slug}/by-year.svg"):
        response = client.get(path)
        assert response.status_code == 410
        assert "Samplimab" in response.content.decode()


def test_pages_of_plots_are_in_the_sitemap_where_there_are_results(client):
    listed = client.get("/sitemap-treatment-plots.xml").content.decode()
    for treatment in Treatment.objects.in_use():
        results_of_it = Result.objects.filter(evidence__in=Evidence.objects.published().filter(treatment=treatment))
        assert (f"/treatments/{treatment.slug}/plots/</loc>" in listed) == results_of_it.exists()


def test_methods_say_how_intervals_are_computed(client):
    page = text_of(client.get(reverse("web:methods")))
    assert "exact 95 % interval (Clopper-Pearson)" in page
    assert "Nothing is pooled" in page
