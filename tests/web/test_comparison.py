"""Treatments side by side: what the table says equals the entries behind it, and what cannot be compared is said."""

import re
from collections import Counter
from datetime import date

import pytest
from django.urls import reverse

from tests import builders
from tests.web.test_query_counts import queries_of
from treatments.models import Evidence, Recommendation, Treatment, TreatmentMember
from treatments.tally import strongest_first, tally
from treatments.web.presenters.figures import result_row

pytestmark = pytest.mark.django_db

REAL = ("ivig", "tofacitinib", "methotrexate")


def compare(client, *slugs, **more):
    return client.get(reverse("web:compare"), {"treatment": slugs, **more})


def sections_of(response):
    return {section.anchor: section for section in response.context["parts"]}


def row_of(response, section, heading):
    return next(row for row in sections_of(response)[section].rows if row.heading == heading)


def cells(row):
    return {cell.treatment.slug: cell.content for cell in row.cells}


def published(slug, **about):
    return Evidence.objects.published().filter(treatment__slug=slug, **about)


def words(response) -> str:
    body = response.content.decode().partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# The real data --------------------------------------------------------------------------------------------------------


def test_columns_stand_in_the_order_asked_for_and_name_their_treatments(client):
    for slugs in (REAL, REAL[::-1]):
        response = compare(client, *slugs)
        assert response.status_code == 200
        assert [column.treatment.slug for column, _ in response.context["columns"]] == list(slugs)
        for section in response.context["parts"]:
            for row in section.rows:
                assert [cell.treatment.slug for cell in row.cells] == list(slugs), row.heading


@pytest.mark.parametrize(
    ("section", "field", "parameter"),
    [
        ("by-manifestation", "manifestations", "manifestation"),
        ("by-antibody", "autoantibodies", "autoantibody"),
    ],
)
def test_counts_equal_the_entries_and_the_list_each_links_to(client, section, field, parameter):
    response = compare(client, *REAL)
    by_url = {}
    for row in sections_of(response)[section].rows:
        for slug, counts in cells(row).items():
            for count in counts:
                assert bool(count.reported_for) == (f"treatment={slug}" not in count.url)
                by_url[count.url] = count
    assert len(by_url) >= 9
    for url, found in by_url.items():
        listed = client.get(url)
        assert listed.status_code == 200
        assert listed.context["page"].paginator.count == found.tally.efficacy > 0
    # And the other way round: no entry is missing, those without a term included.
    for slug in (*REAL, "jak-inhibitors"):
        expected = Counter()
        for claim in published(slug, aspect="efficacy").prefetch_related(field):
            expected.update(
                [f"{parameter}={term.slug}" for term in getattr(claim, field).all()] or [f"{parameter}_named=false"]
            )
        counted = {
            url.rpartition("&")[2]: found.tally.efficacy
            for url, found in by_url.items()
            if f"treatment={slug}&" in url and f"&{parameter}" in url
        }
        assert counted == expected


def test_all_efficacy_entries_are_counted_by_direction(client):
    response = compare(client, *REAL)
    for slug, counts in cells(row_of(response, "by-manifestation", "All efficacy entries")).items():
        assert counts[0].tally == tally(published(slug, aspect="efficacy"))
        assert not counts[0].tally.safety


def test_the_strongest_entry_and_its_figures_are_those_of_the_entry(client):
    response = compare(client, *REAL)
    for slug, findings in cells(row_of(response, "strongest", "Strongest entry with figures")).items():
        finding = findings.shown[0]
        entries = sorted(published(slug, aspect="efficacy").prefetch_related("results__measure"), key=strongest_first)
        with_figures = next(
            claim for claim in entries if any(result_row(result).in_short for result in claim.results.all())
        )
        first = next(row for row in map(result_row, with_figures.results.all()) if row.in_short)
        assert finding.entry.claim == with_figures
        assert finding.figures == first.in_short
        assert finding.entry.claim.get_absolute_url() in response.content.decode()
    page = words(response)
    assert "79 % (37/47) vs 44 % (21/48); 35 percentage points (95 % CI 17 to 53); p &lt;0.001" in page
    assert "72 % (33/46) vs 51 % (24/47)" in page


def test_every_figure_on_a_shared_measure_is_there_and_none_else(client):
    response = compare(client, *REAL)
    rows = {row.url: row for row in sections_of(response)["measures"].rows}
    of_treatment = {}
    for slug in REAL:
        for claim in Evidence.objects.published().filter(
            treatment__in=[Treatment.objects.get(slug=slug), *Treatment.objects.get(slug=slug).classes.all()]
        ):
            for result in claim.results.all():
                shown = result_row(result)
                if shown.in_short or shown.p_value:
                    found = of_treatment.setdefault(result.measure.get_absolute_url(), {}).setdefault(slug, [])
                    found.append((claim.accession, shown.in_short, shown.p_value))
    shared = {url: found for url, found in of_treatment.items() if len(found) > 1}
    assert set(rows) == set(shared)
    for url, row in rows.items():
        for slug, findings in cells(row).items():
            shown = findings and [*findings.shown, *findings.folded]
            assert sorted((one.entry.claim.accession, one.figures, one.p_value) for one in shown or []) == sorted(
                shared[url].get(slug, [])
            )
            if findings:
                directions = {one.entry.claim.direction for one in shown}
                assert {one.entry.claim.direction for one in findings.shown} == directions, "none is folded away whole"


def test_negative_evidence_has_a_row_of_its_own(client):
    response = compare(client, *REAL)
    found = cells(row_of(response, "strongest", "Strongest entry with no benefit or harm"))
    for slug in ("ivig", "methotrexate"):
        unfavourable = published(slug, aspect="efficacy", direction__in=["no_benefit", "harm"])
        assert found[slug].shown[0].entry.claim == min(unfavourable, key=strongest_first)
    (of_class,) = found["tofacitinib"].shown
    assert of_class.entry.claim.treatment.slug == "jak-inhibitors"
    assert of_class.entry.reported_for.startswith("Reported for the class")


def test_a_class_is_marked_wherever_it_speaks_for_a_member(client):
    response = compare(client, "tofacitinib", "baricitinib")
    page = words(response)
    assert "Reported for the class: JAK inhibitors" in page
    for section in response.context["parts"]:
        for row in section.rows:
            for cell in row.cells:
                if row.kind == "counts":
                    assert [bool(count.reported_for) for count in cell.content] == sorted(
                        bool(count.reported_for) for count in cell.content
                    )
                if row.kind == "findings" and cell.content:
                    for finding in (*cell.content.shown, *cell.content.folded):
                        own = finding.entry.claim.treatment_id == cell.treatment.pk
                        assert bool(finding.entry.reported_for) != own
    of_class = Recommendation.objects.published().filter(treatment__slug="jak-inhibitors", direction="for")
    shown = cells(row_of(response, "recommendations", "For"))["tofacitinib"]
    assert {stated.claim for stated in shown if stated.reported_for} == set(of_class)


def test_the_page_says_that_it_is_no_head_to_head_comparison(client):
    page = words(compare(client, *REAL))
    assert "not a head-to-head comparison and must not be read as one" in page
    assert "Reading across a row is not a head-to-head comparison" in page


def test_studies_that_report_on_two_of_them_are_pointed_at(client):
    response = compare(client, "methotrexate", "cyclosporine", "prednisone")
    studies = {row.heading: cells(row) for row in sections_of(response)["studies"].rows}
    printo = next(found for heading, found in studies.items() if "NCT00323960" in heading)
    assert all(printo[slug].entries for slug in ("methotrexate", "cyclosporine", "prednisone"))
    # Here the other treatment is named as the comparator and has no entry from the study itself.
    response = compare(client, "tofacitinib", "tacrolimus")
    (study,) = sections_of(response)["studies"].rows
    found = cells(study)
    assert {entry.claim.accession for entry in found["tofacitinib"].entries} == {"EV00290", "EV00291"}
    assert found["tacrolimus"].is_comparator
    assert not found["tacrolimus"].entries
    assert "studies" not in sections_of(compare(client, "ivig", "tofacitinib"))


def test_safety_stands_apart_and_warnings_are_shown_or_not_recorded(client):
    response = compare(client, "ivig", "abatacept")
    entries = cells(row_of(response, "safety", "Safety entries"))
    assert {entry.claim.pk for entry in entries["ivig"]} == {claim.pk for claim in published("ivig", aspect="safety")}
    assert all(entry.claim.aspect == "safety" for entry in entries["ivig"])
    warning = cells(row_of(response, "safety", "Boxed warning"))
    assert warning["ivig"] == Treatment.objects.get(slug="ivig").boxed_warning
    assert warning["abatacept"] == ""
    page = words(response)
    assert "Not recorded" in page
    assert "None" not in page


def test_approvals_for_the_disease_are_marked(client):
    response = compare(client, "ivig", "methotrexate")
    assert words(response).count("Names dermatomyositis") == 4
    regions = cells(row_of(response, "treatments", "Approved for dermatomyositis"))
    assert regions == {"ivig": ["Canada", "EU", "Japan", "US"], "methotrexate": []}


def test_recommendations_against_have_their_row(client):
    against = cells(row_of(compare(client, *REAL), "recommendations", "Against"))
    expected = Recommendation.objects.published().filter(treatment__slug="methotrexate", direction="against")
    assert {stated.claim for stated in against["methotrexate"]} == set(expected) != set()


def test_running_trials_come_first(client):
    response = compare(client, *REAL)
    running, others = sections_of(response)["trials"].rows
    assert [trial.nct_id for trial in cells(running)["ivig"]] == ["NCT05832034"]
    assert {trial.nct_id for row in (running, others) for trial in cells(row)["ivig"]} == set(
        Treatment.objects.get(slug="ivig").trials.values_list("nct_id", flat=True)
    )


def test_only_what_differs_can_be_asked_for(client):
    everything = compare(client, "tofacitinib", "baricitinib")
    rows = [row for section in everything.context["parts"] for row in section.rows]
    same = [row for row in rows if row.same]
    assert {"Kind", "Member of"} <= {row.heading for row in same}
    assert "The same for all" in words(everything)
    fewer = compare(client, "tofacitinib", "baricitinib", differences="true")
    left = [row.heading for section in fewer.context["parts"] for row in section.rows]
    assert left == [row.heading for row in rows if not row.same]
    assert f"{len(same)} rows" in words(fewer)


# Made-up data ---------------------------------------------------------------------------------------------------------


def test_nothing_unpublished_is_compared(client):
    one, other, feature = builders.treatment(), builders.treatment(), builders.manifestation()
    shown = builders.published(builders.evidence(treatment=one, manifestations=[feature], statement="Shown finding."))
    builders.result(builders.evidence(treatment=one, manifestations=[feature], statement="Hidden draft."))
    builders.retracted(
        builders.published(builders.evidence(treatment=one, manifestations=[feature], statement="Hidden withdrawn."))
    )
    builders.recommendation(treatment=other, statement="Hidden advice.")
    response = compare(client, one.slug, other.slug)
    assert "Hidden" not in response.content.decode()
    (count,) = cells(row_of(response, "by-manifestation", feature.name))[one.slug]
    assert count.tally == tally([shown])


def test_entries_of_one_class_alone_do_not_make_a_measure_shared(client):
    one, other = builders.treatment(), builders.treatment("Samplimab")
    whole, measure = builders.treatment_class(one, other), builders.outcome_measure()
    of_class = builders.evidence(treatment=whole)
    builders.result(of_class, measure=measure)
    builders.published(of_class)
    assert "measures" not in sections_of(compare(client, one.slug, other.slug))
    own = builders.evidence(treatment=one)
    builders.result(own, measure=measure, treated_events=9)
    builders.published(own)
    row = row_of(compare(client, one.slug, other.slug), "measures", measure.name)
    assert [finding.figures for finding in cells(row)[one.slug].shown] == ["7/10 vs 3/10", "9/10 vs 3/10"]
    assert [bool(finding.entry.reported_for) for finding in cells(row)[other.slug].shown] == [True]


def test_a_comparison_takes_as_many_queries_for_two_as_for_four_and_however_many_rows(client):
    two, four = (
        f"{reverse('web:compare')}?treatment=" + "&treatment=".join(s) for s in (REAL[:2], (*REAL, "rituximab"))
    )
    count = queries_of(client, four)
    assert count == 20
    assert queries_of(client, two) == count
    for _ in range(20):
        claim = builders.evidence(
            treatment=Treatment.objects.get(slug="ivig"),
            manifestations=[builders.manifestation()],
            autoantibodies=[builders.autoantibody()],
        )
        builders.result(claim)
        builders.published(claim)
    assert queries_of(client, two) == count


# What cannot be compared ----------------------------------------------------------------------------------------------


def test_without_a_treatment_the_page_lets_one_choose(client):
    response = compare(client)
    assert response.status_code == 200
    body = response.content.decode()
    assert body.count('<select id="compare-') == 4
    assert all(f'value="{slug}"' in body for slug in Treatment.objects.in_use().values_list("slug", flat=True))


def test_with_one_treatment_it_stays_chosen_and_others_studied_alike_are_offered(client):
    response = compare(client, "ivig")
    body = response.content.decode()
    assert response.status_code == 200
    assert body.count('<option value="ivig" selected>') == 1
    shared = {m for claim in published("ivig", aspect="efficacy") for m in claim.manifestations.all()}
    for other, query in response.context["alike"]:
        theirs = {m for claim in published(other.slug, aspect="efficacy") for m in claim.manifestations.all()}
        assert other.shared == len(shared & theirs) > 0
        assert client.get(f"{reverse('web:compare')}?{query}").context["columns"]


def test_one_named_twice_stands_once(client):
    response = compare(client, "ivig", "ivig", "tofacitinib")
    assert [column.treatment.slug for column, _ in response.context["columns"]] == ["ivig", "tofacitinib"]
    assert compare(client, "ivig", "ivig").context["only"].slug == "ivig"


def test_empty_fields_of_the_form_ask_for_nothing(client):
    response = compare(client, "ivig", "", "tofacitinib", "")
    assert [column.treatment.slug for column, _ in response.context["columns"]] == ["ivig", "tofacitinib"]


@pytest.mark.parametrize(
    ("slugs", "more", "status", "said", "kept"),
    [
        (("ivig", "ivgi", "methotrexate"), {}, 404, "There is no treatment “ivgi”. Did you mean “ivig”?", 2),
        (("none-such",), {}, 404, "There is no treatment “none-such”.", 0),
        ((*REAL, "rituximab", "prednisone"), {}, 400, "At most 4 treatments stand side by side; 5 were named.", 4),
        (REAL, {"treatmnet": "ivig"}, 400, "Did you mean “treatment”?", 3),
        (REAL, {"differences": "maybe"}, 400, "“maybe” is neither true nor false.", 3),
        (REAL, {"differences": ["true", "true"]}, 400, "it was given more than once", 3),
        (REAL, {"page": "2"}, 400, "There is no such parameter.", 3),
    ],
)
def test_what_cannot_be_compared_is_said_and_the_others_are_kept(client, slugs, more, status, said, kept):
    response = compare(client, *slugs, **more)
    body = response.content.decode()
    assert response.status_code == status
    assert said in body
    assert body.count(" selected>") == kept == len(response.context["instead"])
    if kept:
        assert client.get(f"{reverse('web:compare')}?{response.context['instead_url']}").status_code == 200


def test_a_retired_treatment_names_its_successor_and_goes_on_with_it(client):
    successor = Treatment.objects.get(slug="scig")
    retired = builders.treatment(
        "Retired Exampletinib", retired_on=date(2026, 11, 1), retirement_reason="Made up twice", successor=successor
    )
    response = compare(client, "ivig", retired.slug)
    assert response.status_code == 404
    assert f"is no longer used: Made up twice. Its successor is {successor}." in words(response)
    assert [treatment.slug for treatment in response.context["instead"]] == ["ivig", "scig"]
    assert retired.name not in compare(client).content.decode()


@pytest.mark.parametrize("query", ["treatment=%00", "treatment=%FF", "treatment=" + "x" * 5000, "treatment=%zz"])
def test_an_unreadable_query_is_400(client, query):
    assert client.get(f"{reverse('web:compare')}?{query}").status_code == 400


def test_a_name_that_looks_like_markup_is_not_echoed_as_markup(client):
    response = compare(client, "<script>alert(1)</script>", "ivig")
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


def test_treatments_offer_to_be_compared_with_a_link_that_works_without_scripts(client):
    link = f'href="{reverse("web:compare")}?treatment=abatacept" data-compare="abatacept"'
    assert link in client.get(reverse("web:treatments")).content.decode()
    assert link in client.get(reverse("web:treatment", args=["abatacept"])).content.decode()


def test_a_member_of_two_classes_has_a_count_for_each(client):
    one, other, feature = builders.treatment(), builders.treatment(), builders.manifestation()
    classes = [builders.treatment_class(one) for _ in range(2)]
    for whole in classes:
        builders.published(builders.evidence(treatment=whole, manifestations=[feature]))
    assert TreatmentMember.objects.filter(member=one).count() == 2
    counts = cells(row_of(compare(client, one.slug, other.slug), "by-manifestation", feature.name))[one.slug]
    assert [count.reported_for for count in counts] == [f"Reported for the class: {whole.name}" for whole in classes]
