"""Claims through the admin's addresses: entered by a curator, checked by a reviewer, fixed once readers see them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import buttons_of, fields_of, steps_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import publish, request_changes, start_revision, submit
from treatments.models import Appraisal, Evidence, PhenotypeAssociation, Recommendation
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db


def as_person(person):
    client = Client()
    client.force_login(person)
    client.person = person
    return client


@pytest.fixture
def curator():
    return as_person(builders.person(CURATOR))


@pytest.fixture
def reviewer():
    return as_person(builders.person(REVIEWER))


def address(row, page="change"):
    return reverse(f"admin:treatments_{row._meta.model_name}_{page}", args=[row.pk])


def step(row, name):
    return reverse(f"admin:treatments_{row._meta.model_name}_step", args=[row.pk, name])


ADD = "admin:treatments_evidence_add"


def new_entry(client, **typed):
    """A filled-in form for a new evidence entry with one result, one antibody and one source check."""
    form = fields_of(client.get(reverse(ADD)))
    return {
        **form,
        "treatment": builders.treatment().pk,
        "reference": builders.reference().pk,
        "design": "randomized_controlled_trial",
        "level": builders.evidence_level("2").pk,
        "population": "adult",
        "setting": "any",
        "aspect": "efficacy",
        "direction": "supports",
        "statement": "Exampletinib did better.",
        "n_treated": "47",
        "results-0-measure": builders.outcome_measure().pk,
        "results-0-kind": "proportion",
        "results-0-label": "Made-up response",
        "results-0-treated_events": "37",
        "results-0-treated_total": "47",
        "results-0-treated_value": "78.7",
        "results-0-treated_unit": "%",
        "results-0-control_events": "20",
        "results-0-control_total": "46",
        "autoantibody_links-0-autoantibody": builders.autoantibody().pk,
        "source_checks-0-what": "every figure",
        "source_checks-0-grade": "primary",
        "source_checks-0-source": "https://pubmed.example/1/",
        "source_checks-0-on": "2026-11-20",
        **typed,
    }


# Entering -------------------------------------------------------------------------------------------------------------


def test_a_curator_enters_evidence_with_a_result(curator):
    response = curator.post(reverse(ADD), new_entry(curator))
    claim = Evidence.objects.latest("pk")
    assert response.status_code == 302, response.context and response.context["errors"]
    assert (claim.status, claim.author) == (ClaimStatus.DRAFT, curator.person)
    result = claim.results.get()
    assert (result.treated_events, result.treated_total, str(result.treated_value)) == (37, 47, "78.7")
    assert claim.autoantibodies.count() == 1
    assert claim.source_checks == [
        {"what": "every figure", "grade": "primary", "source": "https://pubmed.example/1/", "on": "2026-11-20"}
    ]
    assert claim.events.get().pgh_context.metadata["user"] == curator.person.pk


def test_an_entry_is_saved_and_submitted_in_one_go(curator):
    response = curator.post(reverse(ADD), {**new_entry(curator), "_submit_for_review": "1"}, follow=True)
    claim = Evidence.objects.latest("pk")
    assert claim.status == ClaimStatus.IN_REVIEW
    assert claim.results.count() == 1
    assert f"{claim} was submitted for review." in response.content.decode()


def test_a_figure_becomes_more_exact(curator):
    curator.post(reverse(ADD), new_entry(curator, **{"results-0-treated_value": "79"}))
    claim = Evidence.objects.latest("pk")
    form = fields_of(curator.get(address(claim)))
    assert form["results-0-treated_value"] == "79"
    curator.post(address(claim), {**form, "results-0-treated_value": "79.0"})
    assert str(claim.results.get().treated_value) == "79.0"


def test_a_day_is_written_as_everywhere_and_never_guessed_from_strokes(curator):
    claim = builders.evidence(author=curator.person, last_checked_on=date(2026, 4, 3))
    form = fields_of(curator.get(address(claim)))
    assert form["last_checked_on"] == "2026-04-03"
    refused = curator.post(address(claim), form | {"last_checked_on": "5/4/2026"})
    assert "Enter a valid date." in refused.content.decode()
    assert curator.post(address(claim), form | {"last_checked_on": "5 April 2026"}).status_code == 302
    claim.refresh_from_db()
    assert claim.last_checked_on == date(2026, 4, 5)


def test_saving_unchanged_changes_nothing(curator):
    curator.post(reverse(ADD), new_entry(curator))
    claim = Evidence.objects.latest("pk")
    events = claim.events.count()
    response = curator.post(address(claim), fields_of(curator.get(address(claim))))
    assert response.status_code == 302
    assert claim.events.count() == events
    assert claim.results.get().events.count() == 1


WRONG = [
    ({"results-0-treated_events": "48"}, "Treated: there cannot be more events than patients."),
    ({"design": "case_report"}, "This design cannot carry that level."),
    ({"aspect": "safety", "direction": "no_benefit"}, "That direction does not go with this aspect."),
    ({"n_treated": "-1"}, "greater than or equal to 0"),
    ({"n_treated": "many"}, "Enter a whole number."),
    ({"n_treated": "99999999999999999999"}, "less than or equal to"),
    ({"results-0-effect_ci_low": "1"}, "A confidence interval needs the effect it belongs to."),
    ({"results-0-treated_value": "1.1234567890123456"}, "A figure has at most 15 digits."),
    ({"results-0-treated_value": "NaN"}, "Enter a number."),
    ({"source_checks-0-source": ""}, "Source check 1 is primary and must name its source."),
    ({"source_checks-0-source": "my notes"}, "Source check 1: “my notes” is not a web address."),
    ({"source_checks-0-on": "yesterday"}, "Source check 1: “yesterday” is not a date like 2026-11-20."),
    ({"source_checks-0-source": "https://a b/"}, "Source check 1: “https://a b/” is not a web address."),
    ({"source_checks-0-grade": ""}, "Source check 1: &quot;grade&quot; is primary or secondary."),
    ({"source_checks-1-note": "only a note"}, "Source check 2 does not say &quot;what&quot; was checked."),
    ({"statement": "With a null byte: \x00"}, "Null characters are not allowed."),
    ({"source_checks-0-what": "null \x00"}, "Source check 1 has a character that cannot be stored."),
    ({"population": ""}, "This field is required."),
]


@pytest.mark.parametrize(("typed", "told"), WRONG, ids=[told[:40] for _, told in WRONG])
def test_an_error_is_told_and_what_was_typed_stays(curator, typed, told):
    before = Evidence.objects.count()
    form = new_entry(curator, **typed)
    response = curator.post(reverse(ADD), form)
    assert response.status_code == 200
    assert told in response.content.decode()
    assert Evidence.objects.count() == before
    shown = fields_of(response)
    for name, value in form.items():
        if name != "csrfmiddlewaretoken" and "\x00" not in str(value):
            assert shown[name] == str(value), name


@pytest.mark.parametrize(
    ("part", "typed", "told"), [("source", "my notes", "is not a web address"), ("on", "yesterday", "is not a date")]
)
def test_what_is_wrong_with_a_source_check_is_said_once(curator, part, typed, told):
    response = curator.post(reverse(ADD), new_entry(curator, **{f"source_checks-0-{part}": typed}))
    content = response.content.decode()
    assert content.count(told) == content.count(f"“{typed}”") == 1


def test_the_same_antibody_twice_is_an_error_of_the_form(curator):
    antibody = builders.autoantibody()
    form = new_entry(curator, **{"autoantibody_links-0-autoantibody": antibody.pk})
    form |= {"autoantibody_links-TOTAL_FORMS": "2", "autoantibody_links-1-autoantibody": antibody.pk}
    response = curator.post(reverse(ADD), form)
    assert response.status_code == 200
    assert "Please correct the duplicate" in response.content.decode()


def test_what_only_the_database_refuses_is_an_error_of_the_form_too(curator):
    """A rule no form knows, made for this test: the form still shows its words, and keeps what was typed."""
    form = new_entry(curator)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION made_up() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'Made-up rule.' USING ERRCODE = 'check_violation'; END $$;"
            " CREATE CONSTRAINT TRIGGER made_up AFTER INSERT ON treatments_result"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION made_up()"
        )
    response = curator.post(reverse(ADD), form)
    assert response.status_code == 200
    assert "Made-up rule." in response.content.decode()
    assert fields_of(response)["results-0-label"] == "Made-up response"
    assert not Evidence.objects.filter(statement="Exampletinib did better.").exists()


def test_everything_typed_into_source_checks_survives_a_save(curator):
    form = new_entry(curator)
    for number in (1, 2):
        form |= {f"source_checks-{number}-what": f"check {number}", f"source_checks-{number}-grade": "secondary"}
    curator.post(reverse(ADD), form)
    claim = Evidence.objects.latest("pk")
    assert [check["what"] for check in claim.source_checks] == ["every figure", "check 1", "check 2"]
    shown = fields_of(curator.get(address(claim)))
    assert shown["source_checks-2-what"] == "check 2"
    assert shown["source_checks-5-what"] == "", "three more empty rows"
    # A row that is emptied is gone.
    shown |= {"source_checks-1-what": "", "source_checks-1-grade": ""}
    curator.post(address(claim), shown)
    claim.refresh_from_db()
    assert [check["what"] for check in claim.source_checks] == ["every figure", "check 2"]


# The workflow ---------------------------------------------------------------------------------------------------------


def test_from_draft_to_retraction_through_the_pages(curator, reviewer):
    curator.post(reverse(ADD), {**new_entry(curator), "_submit_for_review": "1"})
    claim = Evidence.objects.latest("pk")

    assert steps_of(reviewer.get(address(claim))) == {"request_changes", "publish"}
    reviewer.post(step(claim, "request_changes"), {"text": "Name the arm."})
    page = curator.get(address(claim))
    assert "Name the arm." in page.content.decode()
    assert steps_of(page) == {"submit"}

    form = fields_of(page) | {"statement": "Exampletinib, twice a day, did better.", "_submit_for_review": "1"}
    curator.post(address(claim), form)
    response = reviewer.post(step(claim, "publish"), follow=True)
    assert f"{claim} was published." in response.content.decode()
    claim.refresh_from_db()
    assert (claim.status, claim.reviewer) == (ClaimStatus.PUBLISHED, reviewer.person)
    assert claim.statement == "Exampletinib, twice a day, did better."

    response = curator.post(step(claim, "start_revision"), {"text": "An erratum."}, follow=True)
    second = Evidence.objects.get(accession=claim.accession, version=2)
    assert response.redirect_chain[-1][0] == address(second)
    assert second.results.count() == 1
    curator.post(address(second), fields_of(response) | {"_submit_for_review": "1"})
    reviewer.post(step(second, "publish"))
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.SUPERSEDED

    reviewer.post(step(second, "retract"), {"text": "The study was withdrawn."})
    second.refresh_from_db()
    assert (second.status, second.retraction_reason) == (ClaimStatus.RETRACTED, "The study was withdrawn.")
    assert steps_of(reviewer.get(address(second))) == set()


@pytest.mark.parametrize("name", ["publish", "request_changes"])
def test_what_was_submitted_again_since_it_was_read_is_not_judged(curator, reviewer, name):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    page = reviewer.get(address(claim))
    [read] = set(re.findall(r'name="read" value="([^"]+)"', page.content.decode()))
    request_changes(claim, builders.person("reviewer"), "Name the arm.")
    curator.post(
        address(claim), fields_of(curator.get(address(claim))) | {"statement": "Another.", "_submit_for_review": "1"}
    )
    response = reviewer.post(step(claim, name), {"read": read, "text": "A made-up comment."})
    assert response.status_code == 409
    assert "submitted again since you opened it" in response.content.decode()
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == (ClaimStatus.IN_REVIEW, "Another.")
    [read] = set(re.findall(r'name="read" value="([^"]+)"', reviewer.get(address(claim)).content.decode()))
    assert reviewer.post(step(claim, name), {"read": read, "text": "A made-up comment."}).status_code == 302


def test_publishing_ones_own_claim_is_refused_in_words(reviewer):
    claim = submit(builders.evidence(author=reviewer.person), reviewer.person)
    page = reviewer.get(address(claim))
    assert "publish" not in steps_of(page)
    assert "Nobody publishes their own claim: another reviewer has to." in page.content.decode()
    response = reviewer.post(step(claim, "publish"))
    assert response.status_code == 409
    assert "Nobody publishes their own claim" in response.content.decode()
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW


def test_who_edited_a_draft_in_the_admin_does_not_publish_it(curator, reviewer):
    claim = builders.evidence(author=curator.person)
    form = fields_of(reviewer.get(address(claim))) | {"statement": "Better said."}
    assert reviewer.post(address(claim), form).status_code == 302
    submit(claim, curator.person)
    response = reviewer.post(step(claim, "publish"))
    assert response.status_code == 409
    assert f"You worked on {claim} yourself" in response.content.decode()


@pytest.mark.parametrize("kind", builders.CLAIMS)
@pytest.mark.parametrize(
    ("role", "draft", "review", "public"),
    [
        (CURATOR, {"submit"}, set(), {"start_revision"}),
        (REVIEWER, {"submit"}, {"request_changes", "publish"}, {"start_revision", "retract"}),
        (EDITOR, set(), set(), set()),
    ],
)
def test_only_legal_steps_are_offered(kind, role, draft, review, public):
    author, client = builders.person(CURATOR), as_person(builders.person(role))
    claim = builders.CLAIMS[kind](author=author)
    assert steps_of(client.get(address(claim))) == draft
    submit(claim, author)
    assert steps_of(client.get(address(claim))) == review
    publish(claim, builders.person(REVIEWER))
    assert steps_of(client.get(address(claim))) == public


@pytest.mark.parametrize("name", ["submit", "request_changes", "publish", "retract", "start_revision"])
def test_a_step_that_is_not_legal_is_refused_whoever_asks(curator, name):
    claim = builders.published(builders.evidence()) if name != "start_revision" else builders.evidence()
    response = curator.post(step(claim, name), {"text": "Kept."})
    assert response.status_code == 409
    if name in ("request_changes", "retract", "start_revision"):
        assert ">Kept.</textarea>" in response.content.decode(), "what was typed stays"


def test_a_missing_comment_is_asked_for(curator, reviewer):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    response = reviewer.post(step(claim, "request_changes"), {"text": "  "})
    assert response.status_code == 409
    assert "Say what should be changed." in response.content.decode()


def test_a_comment_that_cannot_be_stored_is_refused(curator, reviewer):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    response = reviewer.post(step(claim, "request_changes"), {"text": "null \x00"})
    assert response.status_code == 409
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.IN_REVIEW


def test_a_step_has_a_page_of_its_own(reviewer):
    claim = builders.published(builders.evidence())
    page = reviewer.get(step(claim, "retract"))
    assert "Reason, which readers will see" in page.content.decode()
    assert reviewer.get(step(claim, "dance")).status_code == 404


def test_the_page_of_a_step_says_at_once_who_may_not_take_it(curator):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    page = curator.get(step(claim, "publish"))
    assert page.status_code == 409
    assert "Your roles do not include this" in page.content.decode()


def test_steps_need_a_sign_in_and_a_token():
    claim = builders.evidence()
    assert Client().post(step(claim, "submit")).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(builders.person(CURATOR))
    refused = strict.post(step(claim, "submit"))
    assert refused.status_code == 403
    assert "This form is out of date" in refused.content.decode()


# What is fixed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", builders.CLAIMS)
@pytest.mark.parametrize("fate", [None, builders.replaced, builders.retracted])
def test_what_readers_see_is_read_only(reviewer, kind, fate):
    # Without parts, of each of which a page holds the keys.
    make = builders.appraisal if kind == "appraisal" else builders.CLAIMS[kind]
    claim = builders.published(make(source_checks=[builders.PRIMARY_CHECK]))
    if fate:
        fate(claim)
    page = reviewer.get(address(claim))
    assert page.status_code == 200
    assert not {"_save", "_continue", "_submit_for_review"} & buttons_of(page)
    assert set(fields_of(page)) <= {"csrfmiddlewaretoken"} | {
        name for name in fields_of(page) if name.endswith("_FORMS")
    }
    content = page.content.decode()
    assert claim.get_version_url() in content, "the permanent address of this version"
    assert "https://pubmed.example/1/" in content
    assert reviewer.get(address(claim, "delete")).status_code == 403
    assert reviewer.post(address(claim, "delete"), {"post": "yes"}).status_code == 403


def test_figures_are_shown_as_they_were_entered(reviewer):
    claim = builders.evidence()
    builders.result(claim, treated_value="79.0", effect_value="0.350", kind="mean_difference")
    builders.published(claim)
    content = reviewer.get(address(claim)).content.decode()
    assert "79.0</div>" in content
    assert "0.350</div>" in content


def test_a_claim_in_review_is_read_only(curator):
    claim = submit(builders.evidence(author=curator.person), curator.person)
    assert "_save" not in buttons_of(curator.get(address(claim)))


@pytest.mark.parametrize("meanwhile", ["in review", "published"])
def test_saving_what_is_no_draft_any_more_saves_nothing_and_keeps_what_was_typed(curator, reviewer, meanwhile):
    curator.post(reverse(ADD), new_entry(curator))
    claim = Evidence.objects.latest("pk")
    form = fields_of(curator.get(address(claim)))
    submit(claim, curator.person)
    if meanwhile == "published":
        publish(claim, reviewer.person)
    typed = form | {"statement": "Typed too late.", "results-0-label": "Also too late", "_submit_for_review": "1"}
    response = curator.post(address(claim), typed)
    assert response.status_code == 200
    content = response.content.decode()
    assert f"{claim} is {meanwhile} meanwhile and can no longer be edited." in content
    assert fields_of(response)["statement"] == "Typed too late."
    assert fields_of(response)["results-0-label"] == "Also too late"
    claim.refresh_from_db()
    assert claim.statement == "Exampletinib did better."
    assert claim.results.get().label == "Made-up response"


def test_status_people_and_dates_cannot_be_sent_along(curator):
    other = builders.person(REVIEWER)
    form = new_entry(curator, status="published", author=other.pk, reviewer=other.pk, accession="EV99999", version="7")
    curator.post(reverse(ADD), form)
    claim = Evidence.objects.latest("pk")
    assert (claim.status, claim.version, claim.author, claim.reviewer) == ("draft", 1, curator.person, None)
    assert claim.accession != "EV99999"


def test_a_draft_is_deleted_by_its_author_only(curator, reviewer):
    claim = builders.evidence(author=curator.person)
    builders.result(claim)
    assert reviewer.post(address(claim, "delete"), {"post": "yes"}).status_code == 403
    assert curator.post(address(claim, "delete"), {"post": "yes"}).status_code == 302
    assert not Evidence.objects.filter(pk=claim.pk).exists()


def test_nothing_is_deleted_from_a_list(curator):
    claim = builders.evidence(author=curator.person)
    curator.post(
        reverse("admin:treatments_evidence_changelist"),
        {"action": "delete_selected", "_selected_action": [claim.pk], "post": "yes"},
    )
    assert Evidence.objects.filter(pk=claim.pk).exists()


def test_an_editor_looks_at_drafts_but_does_not_write_them():
    editor = as_person(builders.person(EDITOR))
    claim = builders.evidence()
    assert "_save" not in buttons_of(editor.get(address(claim)))
    assert editor.post(address(claim), {"statement": "Mine."}).status_code == 403
    assert editor.get(reverse(ADD)).status_code == 403


# Other kinds ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_claim_is_entered(curator):
    antibody, feature, source = builders.autoantibody(), builders.manifestation(), builders.reference()
    entry = builders.published(builders.evidence())
    kinds = [
        (
            PhenotypeAssociation,
            {
                "autoantibody": antibody.pk,
                "manifestation": feature.pk,
                "population": "adult",
                "strength": "typical",
                "frequency_low": "3.4",
                "frequency_high": "3.4",
                "reference_links-0-reference": source.pk,
            },
        ),
        (
            Recommendation,
            {
                "guideline": source.pk,
                "population": "juvenile",
                "setting": "any",
                "direction": "for",
                "strength": "strong",
                "statement": "Made up.",
                "manifestation_links-0-manifestation": feature.pk,
            },
        ),
        (
            Appraisal,
            {
                "treatment": builders.treatment().pk,
                "manifestation": feature.pk,
                "population": "adult",
                "certainty": builders.certainty_level().pk,
                "bottom_line": "Made up.",
                "evidence_links-0-evidence": entry.pk,
            },
        ),
    ]
    for model, typed in kinds:
        add = reverse(f"admin:treatments_{model._meta.model_name}_add")
        response = curator.post(add, fields_of(curator.get(add)) | typed)
        assert response.status_code == 302, (model, response.context["errors"])
        claim = model.objects.latest("pk")
        assert claim.author == curator.person


def test_an_appraisal_rests_on_what_readers_can_read(curator):
    draft, entry = builders.evidence(), builders.published(builders.evidence())
    add = reverse("admin:treatments_appraisal_add")
    form = fields_of(curator.get(add)) | {"evidence_links-0-evidence": draft.pk}
    assert "Select a valid choice" in curator.post(add, form).content.decode()
    offered = curator.get(
        reverse("admin:autocomplete"),
        {"app_label": "treatments", "model_name": "appraisalevidence", "field_name": "evidence", "term": "EV"},
    ).json()["results"]
    assert str(draft.pk) not in {row["id"] for row in offered}
    assert str(entry.pk) in {
        row["id"]
        for row in curator.get(
            reverse("admin:autocomplete"),
            {
                "app_label": "treatments",
                "model_name": "appraisalevidence",
                "field_name": "evidence",
                "term": entry.accession,
            },
        ).json()["results"]
    }


# History --------------------------------------------------------------------------------------------------------------


def test_the_history_tells_who_when_and_before_and_after(curator, reviewer):
    curator.post(reverse(ADD), {**new_entry(curator), "_submit_for_review": "1"})
    claim = Evidence.objects.latest("pk")
    request_changes(claim, reviewer.person, "Name the arm.")
    form = fields_of(curator.get(address(claim))) | {
        "statement": "Exampletinib, twice a day.",
        "results-0-treated_events": "36",
    }
    curator.post(address(claim), form)
    with connection.cursor() as cursor:
        # As in a transaction of its own: the context of a request ends with its transaction.
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
        cursor.execute("UPDATE treatments_evidence SET regimen = 'by SQL' WHERE id = %s", [claim.pk])
    content = reviewer.get(address(claim, "history")).content.decode()
    for told in (
        curator.person.username,
        reviewer.person.username,
        "Name the arm.",
        "Exampletinib did better.",
        "Exampletinib, twice a day.",
        "Result changed",
        '<td data-label="Before">37</td>',
        '<td data-label="After">36</td>',
        "Outside the site (shell or SQL)",
        "In review",
    ):
        assert told in content, told


def test_a_history_takes_the_same_number_of_queries_however_long(curator, django_assert_max_num_queries):
    def history(results):
        claim = builders.evidence(author=curator.person)
        for number in range(results):
            row = builders.result(claim, label=f"Made-up response {number}")
            row.label += "!"
            row.save()
        with django_assert_max_num_queries(30) as queries:
            assert curator.get(address(claim, "history")).status_code == 200
        return len(queries)

    assert history(1) == history(6)


def test_the_history_of_a_revision_is_its_own(curator, reviewer):
    claim = publish(submit(builders.evidence(author=curator.person), curator.person), reviewer.person)
    revision = start_revision(claim, curator.person, "An erratum.")
    content = curator.get(address(revision, "history")).content.decode()
    assert "An erratum." in content
    assert "Evidence changed" not in content
