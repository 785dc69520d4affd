"""The finder's pages on the real data: what they say is what the entries behind them say."""

import csv
import json
import re
from html import escape
from io import StringIO

import pytest
from django.conf import settings
from django.urls import reverse

from tests import builders
from treatments.models import Autoantibody, Evidence, Manifestation, Treatment
from treatments.models.choices import Direction

pytestmark = pytest.mark.django_db

RP_ILD = "rapidly-progressive-ild"
MDA5_RP_ILD = {"autoantibody": "anti-mda5", "manifestation": RP_ILD}
HTMX = {"HX-Request": "true"}


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def ask(client, **query):
    response = client.get(reverse("web:finder"), query)
    assert response.status_code == 200
    return response


def tiers_of(response) -> dict[str, list[str]]:
    """The treatments of the answer by tier, in the order of the page."""
    return {str(part.tier): [view.row.treatment for view in part.rows] for part in response.context["answer"].tiers}


def rows_of(response) -> dict[str, str]:
    """What a reader sees of each treatment, ranked or not."""
    parts = re.split(r'<li class="tried" id="treatment-', response.content.decode())[1:]
    return {part.partition('"')[0]: text_of("<li " + part.partition('<div class="behind-body"')[0]) for part in parts}


def efficacy(**about):
    return Evidence.objects.published().filter(aspect="efficacy", **about)


# What clinicians ask --------------------------------------------------------------------------------------------------


def test_anti_mda5_with_rapidly_progressive_ild_comes_with_what_was_studied_in_exactly_this_first(client):
    response = ask(client, **MDA5_RP_ILD)
    direct = tiers_of(response)["antibody_and_manifestation"]
    assert {"tofacitinib", "triple-therapy-gc-cni-cyc", "plasma-exchange"} <= set(direct)
    both = efficacy(autoantibodies__slug="anti-mda5").filter(manifestations__slug=RP_ILD)
    assert set(direct) == set(both.values_list("treatment__slug", flat=True))
    page = text_of(response.content.decode())
    assert "Studied in anti-MDA5 with rapidly progressive interstitial lung disease." in page


def test_negative_findings_are_in_the_rows(client):
    rows = rows_of(ask(client, **MDA5_RP_ILD))
    assert "1 no benefit" in rows["jak-inhibitors"]
    assert "1 no benefit" in rows["pirfenidone"]
    # Of plasma exchange, two trials without benefit are less direct than what ranks it: they stand beside its figures.
    assert re.search(r"Beside these figures.*Dermatomyositis overall 2 no benefit", rows["plasma-exchange"])


def test_calcinosis_lists_what_was_tried_with_levels(client):
    response = ask(client, manifestation="calcinosis")
    tried = efficacy(manifestations__slug="calcinosis")
    rows = rows_of(response)
    assert set(tiers_of(response)["manifestation"]) == set(tried.values_list("treatment__slug", flat=True))
    for slug in tiers_of(response)["manifestation"]:
        best = min(tried.filter(treatment__slug=slug).values_list("level", flat=True))
        assert f"Level {best} " in rows[slug]


QUESTIONS = [
    (MDA5_RP_ILD, {"manifestations__slug": RP_ILD}),
    ({"manifestation": "calcinosis"}, {"manifestations__slug": "calcinosis"}),
    ({"autoantibody": "anti-nxp2", "manifestation": "calcinosis"}, {"manifestations__slug": "calcinosis"}),
    ({"autoantibody": "anti-tif1-gamma", "manifestation": "skin-disease"}, {"manifestations__slug": "skin-disease"}),
    ({"manifestation": "muscle-weakness", "population": "juvenile"}, {"manifestations__slug": "muscle-weakness"}),
]


@pytest.mark.parametrize(("query", "about"), QUESTIONS)
def test_the_figures_of_each_row_equal_the_entries_behind_it(client, query, about):
    response = ask(client, **query)
    fits = efficacy()
    if query.get("population"):
        fits = fits.filter(population__in=[query["population"], "mixed"])
    antibody = fits.filter(autoantibodies__slug=query["autoantibody"]) if "autoantibody" in query else fits.none()
    apart = fits.exclude(pk__in=antibody.values("pk"))
    expected = {
        "antibody_and_manifestation": antibody.filter(**about),
        "antibody": antibody.exclude(pk__in=fits.filter(**about).values("pk")),
        "manifestation": apart.filter(**about),
        "disease": apart.filter(autoantibodies__isnull=True).exclude(pk__in=fits.filter(**about).values("pk")),
    }
    shown = rows_of(response)
    seen = 0
    for tier, treatments in tiers_of(response).items():
        for slug in treatments:
            seen += 1
            behind = list(expected[tier].filter(treatment__slug=slug).values("level", "direction", "n_treated"))
            assert behind, f"{slug} has nothing in {tier}"
            assert f"Level {min(entry['level'] for entry in behind)} " in shown[slug]
            counts = {
                str(direction.label).lower(): sum(entry["direction"] == direction for entry in behind)
                for direction in Direction
            }
            figures = shown[slug].partition(" treated")[0]
            for label, count in counts.items():
                assert (f" {count} {label} " in figures) == bool(count), f"{slug}: {label}"
            numbers = [entry["n_treated"] for entry in behind if entry["n_treated"] is not None]
            entries = "1 entry" if len(behind) == 1 else f"{len(behind)} entries"
            if not numbers:
                assert f"{entries}, number treated not recorded" in shown[slug]
            elif len(numbers) < len(behind):
                assert f"{sum(numbers)} treated in {len(numbers)} of {entries}" in shown[slug]
            else:
                assert f"{entries}, {sum(numbers)} treated" in shown[slug]
    assert seen == len({slug for slugs in tiers_of(response).values() for slug in slugs}) > 20


def test_a_treatment_stands_in_the_most_direct_tier_that_it_reaches(client):
    tiers = tiers_of(ask(client, **MDA5_RP_ILD))
    assert list(tiers) == ["antibody_and_manifestation", "antibody", "manifestation", "disease"]
    direct = efficacy(autoantibodies__slug="anti-mda5").values_list("treatment__slug", flat=True)
    on_it = efficacy(manifestations__slug=RP_ILD).values_list("treatment__slug", flat=True)
    assert set(tiers["antibody"]) == set(direct) - set(tiers["antibody_and_manifestation"])
    assert set(tiers["manifestation"]) == set(on_it) - set(direct)
    assert not set(tiers["disease"]) & (set(direct) | set(on_it))


def test_what_was_studied_in_other_antibodies_only_is_not_the_disease_overall(client):
    response = ask(client, autoantibody="anti-tif1-gamma", manifestation=RP_ILD)
    rows = rows_of(response)
    assert "tofacitinib" in tiers_of(response)["manifestation"]
    assert "All in patients selected for another autoantibody (anti-MDA5)" in rows["tofacitinib"]
    assert "2 of 4 entries in patients selected for another autoantibody (anti-MDA5)" in rows["plasma-exchange"]
    bcma = efficacy(treatment__slug="bcma-car-t")
    assert not bcma.filter(autoantibodies__isnull=True).exists(), "the case this test is about"
    assert "bcma-car-t" in [view.row.treatment for part in response.context["answer"].apart for view in part.rows]


def test_a_class_is_shown_under_its_members_marked_so_and_not_counted(client):
    response = ask(client, **MDA5_RP_ILD)
    rows = rows_of(response)
    assert "Reported for the class: JAK inhibitors" in rows["tofacitinib"]
    (class_only,) = [part for part in response.context["answer"].apart if part.title == "Only as members of a class"]
    assert {view.row.treatment for view in class_only.rows} == {"deucravacitinib", "filgotinib"}


def test_an_antibody_takes_its_class_and_a_class_its_members_marked_so(client):
    lung = "interstitial-lung-disease"
    rows = rows_of(ask(client, autoantibody="anti-jo1", manifestation=lung))
    assert "All reported for the class (anti-synthetase antibodies)" in rows["abatacept"]
    assert "Anti-Jo-1 (3 of 4 reported for the class) 3 supports 1 mixed" in rows["rituximab"], "beside its figures too"
    page = text_of(ask(client, autoantibody="anti-synthetase", manifestation=lung).content.decode())
    assert "Reported for a member: Anti-Jo-1" in page


def test_not_knowing_the_antibody_is_not_the_same_as_having_none(client):
    unknown = tiers_of(ask(client, autoantibody="unknown", manifestation="skin-disease"))
    assert "antibody" not in unknown
    negative = tiers_of(ask(client, autoantibody="msa-negative"))
    direct = efficacy(autoantibodies__slug="msa-negative").values_list("treatment__slug", flat=True)
    assert set(negative["antibody"]) == set(direct) != set()


def test_what_population_and_setting_leave_out_is_said_with_the_way_to_it(client):
    response = ask(client, **MDA5_RP_ILD, population="adult", setting="rescue")
    juveniles = Evidence.objects.published().filter(population="juvenile").count()
    page = text_of(response.content.decode())
    assert f"{juveniles} entries on juveniles alone are not shown" in page
    assert "entries on other settings (first line, maintenance, refractory disease) are not shown" in page
    urls = [part.url for part in response.context["answer"].left_out]
    assert [url.partition("?")[2] for url in urls] == [
        f"autoantibody=anti-mda5&manifestation={RP_ILD}&setting=rescue",
        f"autoantibody=anti-mda5&manifestation={RP_ILD}&population=adult",
    ]


def test_several_manifestations_mean_any_of_them_and_each_row_says_which(client):
    response = ask(client, manifestation=["calcinosis", "dysphagia"])
    either = efficacy(manifestations__slug__in=["calcinosis", "dysphagia"]).values_list("treatment__slug", flat=True)
    assert set(tiers_of(response)["manifestation"]) == set(either)
    rows = rows_of(response)
    assert "Studied in calcinosis." in rows["sodium-thiosulfate"]
    dysphagia = efficacy(manifestations__slug="dysphagia").exclude(manifestations__slug="calcinosis").first()
    assert "Studied in dysphagia" in rows[dysphagia.treatment.slug]


def test_safety_stands_apart_and_is_never_counted(client):
    response = ask(client, manifestation="skin-disease")
    rows = rows_of(response)
    safety = Evidence.objects.published().filter(aspect="safety", treatment__slug="hydroxychloroquine").count()
    assert f"Safety: {safety} entries" in rows["hydroxychloroquine"]
    counted = efficacy(treatment__slug="hydroxychloroquine", manifestations__slug="skin-disease").count()
    view = next(
        v for part in response.context["answer"].tiers for v in part.rows if v.treatment.slug == "hydroxychloroquine"
    )
    assert view.row.tally.efficacy == counted


def test_a_row_carries_approval_boxed_warning_guidelines_and_trials(client):
    rows = rows_of(ask(client, **MDA5_RP_ILD))
    assert "Approved for DM: Canada, EU, Japan, US" in rows["ivig"]
    assert "Boxed warning recorded" in rows["tofacitinib"]
    assert "Guidelines 1 for" in rows["plasma-exchange"]
    assert "Guidelines on the class: JAK inhibitors (class) 1 for" in rows["tofacitinib"]
    assert "4 running trials" in rows["cd19-car-t"]
    assert "Boxed warning" not in rows["plasma-exchange"], "not recorded is never shown as none"


def test_the_best_single_result_is_the_first_with_figures_of_the_strongest_entry_that_has_one(client):
    rows = rows_of(ask(client, **MDA5_RP_ILD))
    assert "60 % (3/5) vs 0 % (0/6)" in rows["tofacitinib"]
    assert "EV00295" in rows["tofacitinib"]
    assert "No result in figures is recorded" in rows["basiliximab"]


def test_a_question_has_one_address_for_those_who_follow_it(client):
    page = ask(client, population="", manifestation=RP_ILD, autoantibody="anti-mda5").content.decode()
    address = f"{settings.SITE_URL}/find/?autoantibody=anti-mda5&manifestation={RP_ILD}"
    assert f'<link rel="canonical" href="{escape(address)}">' in page
    (data,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    (trail,) = [node for node in json.loads(data)["@graph"] if node["@type"] == "BreadcrumbList"]
    assert trail["itemListElement"][-1]["item"] == address


def test_a_level_says_which_way_its_own_entries_point_where_weaker_ones_point_elsewhere(client):
    calcinosis = efficacy(manifestations__slug="calcinosis", treatment__slug="pulse-methylprednisolone")
    pointing = dict(calcinosis.values_list("level", "direction"))
    assert pointing == {"3": "no_benefit", "4": "supports"}, "the case this test is about"
    rows = rows_of(ask(client, manifestation="calcinosis"))
    assert "At level 3: 1 no benefit" in rows["pulse-methylprednisolone"]
    assert "At level" not in rows["surgical-excision"], "all point one way"
    with StringIO(client.get(reverse("web:finder-download"), {"manifestation": "calcinosis"}).content.decode()) as file:
        lines = {line["slug"]: line for line in csv.DictReader(file)}
    assert lines["pulse-methylprednisolone"]["at_best_level"] == "1 no benefit"


def test_adverse_events_never_stand_for_an_entry_on_efficacy(client):
    rows = rows_of(ask(client, autoantibody="anti-mda5", manifestation="interstitial-lung-disease"))
    infections = Evidence.objects.published().get(
        treatment__slug="cyclophosphamide", results__label__contains="infection"
    )
    assert infections.aspect == "efficacy", "the case this test is about: survival without figures, infections with"
    assert "No result in figures is recorded" in rows["cyclophosphamide"]
    assert "infection" not in rows["cyclophosphamide"]
    assert "51.0 %" not in client.get(reverse("web:evidence-list"), {"search": infections.accession}).content.decode()


def test_drafts_are_nowhere(client):
    before = rows_of(ask(client, **MDA5_RP_ILD))
    antibody = efficacy(autoantibodies__slug="anti-mda5").first().autoantibodies.get(slug="anti-mda5")
    builders.evidence(autoantibodies=[antibody])
    builders.recommendation(autoantibodies=[antibody])
    assert rows_of(ask(client, **MDA5_RP_ILD)) == before


def test_an_appraisal_comes_first_and_its_absence_is_said(client):
    assert "No appraisal has been made of this yet" in text_of(ask(client, **MDA5_RP_ILD).content.decode())
    entry = efficacy(autoantibodies__slug="anti-mda5", manifestations__slug=RP_ILD).first()
    scope = {"treatment": entry.treatment, "manifestation": entry.manifestations.get(slug=RP_ILD)}
    builders.published(builders.appraisal(bottom_line="A made-up bottom line.", rests_on=[entry], **scope))
    page = ask(client, **MDA5_RP_ILD).content.decode()
    assert page.index("A made-up bottom line.") < page.index('class="tried"')
    assert "A made-up bottom line." not in ask(client, manifestation="calcinosis").content.decode()


def test_a_guideline_on_something_without_evidence_is_not_lost(client):
    response = ask(client, **MDA5_RP_ILD)
    assert "ecmo" in [claim.treatment and claim.treatment.slug for claim in response.context["answer"].statements]


def test_a_retired_treatment_keeps_its_evidence_and_says_so(client):
    Treatment.objects.filter(slug="plasma-exchange").update(retired_on="2026-11-01", retirement_reason="Made up.")
    assert "Retired term" in rows_of(ask(client, **MDA5_RP_ILD))["plasma-exchange"]


def test_a_term_no_longer_in_use_stays_in_the_form_that_asked_for_it(client):
    retired = {"retired_on": "2026-11-01", "retirement_reason": "Made up."}
    Autoantibody.objects.filter(slug="anti-mda5").update(**retired)
    Manifestation.objects.filter(slug=RP_ILD).update(**retired)
    form = ask(client, **MDA5_RP_ILD).context["form"]
    antibodies = [choice for _, choices in form.antibodies for choice in choices]
    chosen = {choice.value: choice.label for choice in (*antibodies, *form.manifestations) if choice.chosen}
    assert list(chosen) == ["anti-mda5", RP_ILD]
    assert all("no longer in use" in label for label in chosen.values())
    form = ask(client, population="adult").context["form"]
    assert "anti-mda5" not in [choice.value for _, choices in form.antibodies for choice in choices]
    assert RP_ILD not in [choice.value for choice in form.manifestations]


# What stands behind a row ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["tofacitinib", "jak-inhibitors", "plasma-exchange"])
def test_a_row_unfolds_to_every_entry_on_the_treatment(client, slug):
    response = client.get(reverse("web:finder-treatment", args=[slug]), MDA5_RP_ILD)
    behind = response.context["behind"]
    counted = efficacy(treatment__slug=slug, autoantibodies__slug="anti-mda5").filter(manifestations__slug=RP_ILD)
    assert {row.claim.pk for row in behind.counted.entries} == set(counted.values_list("pk", flat=True))
    shown = {row.claim.pk for part in (behind.counted, *behind.further) for row in part.entries}
    own = efficacy(treatment__slug=slug).values_list("pk", flat=True)
    of_class = efficacy(treatment__members__slug=slug).values_list("pk", flat=True)
    assert shown == {*own, *of_class}
    page = response.content.decode()
    for claim in Evidence.objects.filter(pk__in=shown):
        assert claim.get_absolute_url() in page


def test_safety_has_its_own_part_behind_a_row(client):
    behind = client.get(reverse("web:finder-treatment", args=["ivig"]), MDA5_RP_ILD).context["behind"]
    assert {row.claim.aspect for row in behind.safety.entries} == {"safety"}
    assert all(row.claim.aspect == "efficacy" for part in (behind.counted, *behind.further) for row in part.entries)


def test_htmx_gets_a_row_without_the_page_around_it(client):
    url = reverse("web:finder-treatment", args=["ivig"])
    body = client.get(url, MDA5_RP_ILD, headers=HTMX).content.decode()
    assert "<html" not in body
    assert "<h5>Safety</h5>" in body
    assert "<h2>Safety</h2>" in client.get(url, MDA5_RP_ILD).content.decode()


@pytest.mark.parametrize("slug", ["none-such", "probenecid-x"])
def test_there_is_nothing_behind_what_is_not_there(client, slug):
    assert client.get(reverse("web:finder-treatment", args=[slug]), MDA5_RP_ILD).status_code == 404


# The form and the address ---------------------------------------------------------------------------------------------


def test_nothing_asked_shows_the_form_and_how_it_answers(client):
    for query in ({}, {"autoantibody": "", "population": ""}):
        response = ask(client, **query)
        assert "answer" not in response.context
        assert "Ask by phenotype" in response.content.decode()


def test_the_form_holds_the_question(client):
    body = ask(client, **MDA5_RP_ILD, population="adult", setting="rescue").content.decode()
    assert '<option value="anti-mda5" selected>' in body
    assert f'value="{RP_ILD}" checked' in body
    assert '<option value="adult" selected>' in body
    assert '<option value="rescue" selected>' in body


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("autoantibody=anti-nothing", "autoantibody"),
        ("autoantibody=anti-mda5&autoantibody=anti-jo1", "autoantibody"),
        ("manifestation=none-such", "manifestation"),
        ("population=mixed", "population"),
        ("setting=any", "setting"),
        ("colour=blue", "colour"),
        ("page=2", "page"),
        ("manifestations=calcinosis", "manifestations"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(client, query, parameter):
    response = client.get(f"{reverse('web:finder')}?{query}")
    assert response.status_code == 400
    assert parameter in [problem.parameter for problem in response.context["problems"]]
    assert "answer" not in response.context
    in_place = client.get(f"{reverse('web:finder')}?{query}", headers=HTMX)
    assert in_place.status_code == 400
    assert "HX-Push-Url" not in in_place, "the address stays what it was"
    assert client.get(f"{reverse('web:finder-download')}?{query}").status_code == 400
    assert client.get(f"{reverse('web:finder-treatment', args=['ivig'])}?{query}").status_code == 400


def test_htmx_gets_the_answer_alone_with_its_title_and_a_clean_address(client):
    query = {**MDA5_RP_ILD, "population": "", "setting": ""}
    response = client.get(reverse("web:finder"), query, headers=HTMX)
    body = response.content.decode()
    assert "<html" not in body
    assert "<title>Anti-MDA5 with rapidly progressive interstitial lung disease ·" in body
    assert response["HX-Push-Url"] == f"/find/?autoantibody=anti-mda5&manifestation={RP_ILD}"
    whole = ask(client, **MDA5_RP_ILD).content.decode()
    rows = re.findall(r'id="treatment-[^"]+"', whole)
    assert re.findall(r'id="treatment-[^"]+"', body) == rows != []


def test_an_answer_is_cited_by_the_address_of_its_question(client):
    query = {**MDA5_RP_ILD, "population": "", "setting": ""}
    for headers in ({}, HTMX):
        body = client.get(reverse("web:finder"), query, headers=headers).content.decode()
        cited = re.search(r'data-copy="(Dermatomyositis [^"]*)"', body)[1]
        assert cited.startswith("Dermatomyositis treatment knowledge base. Anti-MDA5 with rapidly progressive")
        assert cited.endswith(f"/find/?autoantibody=anti-mda5&amp;manifestation={RP_ILD}")


def test_antibody_and_manifestation_pages_lead_to_the_finder(client):
    assert "/find/?autoantibody=anti-nxp2" in client.get("/autoantibodies/anti-nxp2/").content.decode()
    assert "/find/?manifestation=calcinosis" in client.get("/manifestations/calcinosis/").content.decode()


# The file -------------------------------------------------------------------------------------------------------------


def file_of(client, **query) -> list[dict[str, str]]:
    response = client.get(reverse("web:finder-download"), query)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_file_has_one_row_a_treatment_in_the_order_of_the_page(client):
    rows = file_of(client, **MDA5_RP_ILD)
    ranked = [row for row in rows if row["position"]]
    on_page = [(tier, slug) for tier, slugs in tiers_of(ask(client, **MDA5_RP_ILD)).items() for slug in slugs]
    assert [(row["tier"], row["slug"]) for row in ranked] == on_page
    assert len({row["slug"] for row in rows}) == len(rows)
    for row in ranked:
        behind = Evidence.objects.published().filter(accession__in=row["evidence"].split("; "))
        assert len(behind) == len(row["evidence"].split("; "))
        assert row["best_level"] == min(claim.level_id for claim in behind)
        numbers = [claim.n_treated for claim in behind if claim.n_treated is not None]
        assert row["patients"] == (str(sum(numbers)) if numbers else "")
        for direction in Direction:
            assert int(row[direction.value]) == sum(claim.direction == direction for claim in behind)


def test_the_file_is_named_after_the_question(client):
    response = client.get(reverse("web:finder-download"), MDA5_RP_ILD)
    assert response["Content-Disposition"] == f'attachment; filename="finder-anti-mda5-{RP_ILD}.csv"'


def test_a_spreadsheet_runs_nothing_of_the_file(client):
    evil = builders.treatment(name='=HYPERLINK("http://evil.example")')
    feature = efficacy(manifestations__slug="calcinosis").first().manifestations.get(slug="calcinosis")
    builders.published(builders.evidence(treatment=evil, manifestations=[feature]))
    (row,) = [row for row in file_of(client, manifestation="calcinosis") if row["slug"] == evil.slug]
    assert row["treatment"] == f"'{evil.name}"
