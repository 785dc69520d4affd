"""What the pages of the real data say."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from treatments.models import Autoantibody, Evidence, Reference, Treatment, Trial
from treatments.models.choices import TrialStatus

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """What a reader sees, in one line."""
    return in_words(response.content.decode().partition("<main")[2])


def in_words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def proderm() -> Evidence:
    return Evidence.objects.published().get(reference__pmid="36198179", results__treated_events=37)


def test_proderm_shows_both_arms_the_effect_and_the_way_to_pubmed(client):
    page = text_of(client.get(proderm().get_absolute_url()))
    for shown in ("79 % (37/47)", "44 % (21/48)", "35 percentage points", "95 % CI 17 to 53", "&lt;0.001"):
        assert shown in page
    assert (
        'href="https://pubmed.ncbi.nlm.nih.gov/36198179/"' in client.get(proderm().get_absolute_url()).content.decode()
    )


def test_an_entry_read_in_secondary_sources_only_awaits_its_primary_check(client):
    words = "Awaiting a check against the primary source"
    waiting = Evidence.objects.published().awaiting_primary_check().first()
    checked = Evidence.objects.published().filter(primary_checked=True).first()
    assert words in text_of(client.get(waiting.get_absolute_url()))
    assert words not in text_of(client.get(checked.get_absolute_url()))


def test_an_absent_boxed_warning_is_not_recorded_and_never_none(client):
    without = Treatment.objects.filter(boxed_warning="").first()
    page = text_of(client.get(without.get_absolute_url()))
    assert "Boxed warning Not recorded" in page
    assert "None" not in page


def test_a_treatment_marks_approvals_for_the_disease(client):
    page = text_of(client.get(reverse("web:treatment", args=["ivig"])))
    assert "Approved for dermatomyositis: Canada, EU, Japan, US" in page
    assert "Named on the label" in page


def test_a_member_shows_the_evidence_of_its_class_marked_so(client):
    page = text_of(client.get(reverse("web:treatment", args=["tofacitinib"])))
    assert "Reported for the class: JAK inhibitors" in page
    of_class = Evidence.objects.published().filter(treatment__slug="jak-inhibitors", aspect="efficacy")
    assert f"{of_class.count()} reported for its class" in page


def test_no_count_of_a_member_is_taken_from_its_class(client):
    mortality = Evidence.objects.published().filter(manifestations__slug="mortality", aspect="efficacy")
    assert mortality.filter(treatment__slug="jak-inhibitors", direction="no_benefit"), "the case this test is about"
    response = client.get(reverse("web:treatment", args=["tofacitinib"]))
    (group,) = [group for group in response.context["by_manifestation"] if group.title == "Mortality"]
    assert group.tally.efficacy == mortality.filter(treatment__slug="tofacitinib").count()
    summary = re.search(r"<summary>\s*<h3>Mortality</h3>.*?</summary>", response.content.decode(), re.DOTALL)
    own, _, of_class = in_words(summary.group()).partition("Reported for the class: JAK inhibitors (class)")
    assert "no benefit" not in own
    assert "1 no benefit" in of_class


def test_an_antibody_without_entries_of_its_own_has_no_count(client):
    response = client.get(reverse("web:autoantibody", args=["anti-ej"]))
    assert not Evidence.objects.published().filter(autoantibodies__slug="anti-ej").exists(), "the case of this test"
    groups = [*response.context["by_treatment"], *response.context["by_manifestation"]]
    assert groups
    assert not any(group.tally.efficacy for group in groups)
    row = re.search(r'<tr role="row">\s*<th [^>]*><a [^>]*>Rituximab</a>.*?</tr>', response.content.decode(), re.DOTALL)
    assert "No own entry Reported for the class: Anti-synthetase" in in_words(row.group())


def test_safety_stands_apart_from_efficacy(client):
    response = client.get(reverse("web:treatment", args=["ivig"]))
    safety = Evidence.objects.published().filter(treatment__slug="ivig", aspect="safety")
    assert {row.claim.pk for row in response.context["safety"]} == {claim.pk for claim in safety}
    groups = [*response.context["by_manifestation"], *response.context["by_antibody"]]
    assert all(row.claim.aspect == "efficacy" for group in groups for row in group.entries)


def test_an_antibody_page_holds_all_direct_evidence_by_level_and_then_direction(client):
    response = client.get(reverse("web:autoantibody", args=["anti-mda5"]))
    groups = response.context["by_treatment"]
    direct = Evidence.objects.published().filter(autoantibodies__slug="anti-mda5", aspect="efficacy")
    assert sorted(row.claim.pk for group in groups for row in group.entries) == sorted(
        direct.values_list("pk", flat=True)
    )
    assert [group.tally.best_level for group in groups] == sorted(group.tally.best_level for group in groups)
    negative = [row for group in groups for row in group.entries if row.claim.direction == "no_benefit"]
    assert negative, "negative evidence is never hidden"


def test_an_antibody_shows_the_evidence_of_its_class_marked_so(client):
    page = text_of(client.get(reverse("web:autoantibody", args=["anti-jo1"])))
    assert "Reported for the class: Anti-synthetase antibodies" in page
    page = text_of(client.get(reverse("web:autoantibody", args=["anti-synthetase"])))
    assert "Reported for a member: Anti-Jo-1" in page


def test_a_phenotype_gives_frequencies_as_recorded(client):
    page = text_of(client.get(reverse("web:autoantibody", args=["anti-mda5"])))
    assert "6.9 to 35 % of adult DM" in page
    assert "81.8 %" in page


def test_a_mechanism_counts_what_acts_below_it(client):
    response = client.get(reverse("web:mechanism", args=["jak-stat"]))
    below = {treatment.slug for treatment, _, _ in response.context["treatments"]}
    assert {"tofacitinib", "baricitinib"} <= below
    page = text_of(response)
    assert "Janus kinase 1 (JAK1)" in page
    listed = client.get(reverse("web:evidence-list"), {"mechanism": "jak-stat"}).context["page"].paginator.count
    assert response.context["evidence_count"] == listed


def test_the_mechanism_list_is_a_tree_with_every_mechanism_once(client):
    response = client.get(reverse("web:mechanisms"))
    nodes = [node for root in response.context["roots"] for node in (root, *root.below())]
    assert len(nodes) == len({node.mechanism.pk for node in nodes}) == response.context["page"].paginator.count


def test_a_trial_says_how_old_its_status_is_or_that_none_was_seen(client):
    unseen = Trial.objects.filter(status=TrialStatus.UNKNOWN).first()
    assert "Status not seen" in text_of(client.get(unseen.get_absolute_url()))
    dated = Trial.objects.exclude(status_as_of="").first()
    assert f"as of {dated.status_as_of}" in text_of(client.get(dated.get_absolute_url()))


def test_a_reference_says_plainly_what_is_missing(client):
    bare = Reference.objects.filter(year__isnull=True, authors="").first()
    page = text_of(client.get(bare.get_absolute_url()))
    assert "Authors not recorded" in page
    assert "Year not recorded" in page


def test_home_and_search_never_count_safety_among_the_entries(client):
    eruption = Evidence.objects.published().filter(manifestations__slug="drug-eruption")
    assert set(eruption.values_list("aspect", flat=True)) == {"safety"}, "the case this test is about"
    assert f"Drug eruption {eruption.count()} on safety" in text_of(client.get(reverse("web:home")))
    ivig = Evidence.objects.published().filter(treatment__slug="ivig")
    counts = [ivig.filter(aspect=aspect).count() for aspect in ("efficacy", "safety")]
    found = text_of(client.get(reverse("web:search"), {"q": "Octagam"}))
    assert "{} entries, best level 2; {} on safety".format(*counts) in found


def test_home_counts_what_is_there(client):
    response = client.get(reverse("web:home"))
    numbers = {label: number for label, number, _ in response.context["numbers"]}
    assert numbers["evidence entries"] == Evidence.objects.published().count()
    studied = {
        antibody.slug: tally for group in response.context["antibody_groups"] for antibody, tally in group.studied
    }
    for slug, counted in studied.items():
        direct = Evidence.objects.published().filter(autoantibodies__slug=slug)
        assert counted.efficacy == direct.filter(aspect="efficacy").count()
        assert counted.best_level == min(direct.filter(aspect="efficacy").values_list("level", flat=True))
    shown = sum(len(group.studied) + len(group.others) for group in response.context["antibody_groups"])
    assert shown == Autoantibody.objects.count()


def test_appraisals_say_that_none_was_made_yet(client):
    assert "No appraisal has been made yet" in text_of(client.get(reverse("web:appraisals")))


def test_every_page_says_that_it_is_not_medical_advice_and_which_data_it_shows(client):
    body = client.get(reverse("web:methods")).content.decode()
    assert "not medical advice" in body
    assert "Data revision 1" in body


def test_robots_may_read_pages_but_not_every_combination_of_filters(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Disallow: /*?" in response.content.decode()


def test_pages_have_no_inline_script_or_style(client):
    """A block of data, which no browser runs, is no script."""
    for name in ("web:home", "web:methods", "web:evidence-list", "web:treatments"):
        body = client.get(reverse(name)).content.decode()
        assert not re.search(
            r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=|\stype=\"application/ld\+json\">)", body
        )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/evidence/", "/treatments/ivig/", "/robots.txt"])
def test_pages_answer_questions_only(method, path):
    client = Client(enforce_csrf_checks=True)  # as anybody who sends something without having seen a form
    assert getattr(client, method)(path).status_code == 405


def test_every_approval_says_where_it_was_read(client):
    approvals = Treatment.objects.get(slug="ivig").approvals.all()
    page = html.unescape(client.get("/treatments/ivig/").content.decode())
    checks = [check for approval in approvals for check in approval.source_checks]
    assert checks
    for check in checks:
        assert check["what"] in page
        assert check.get("source", "") in page
