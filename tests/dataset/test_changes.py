"""Loading a later data set over what is there: what is updated, published anew, left alone and reported."""

import pghistory
import pytest
from django.db import connection
from django.utils import timezone

from tests import builders
from treatments.curation import workflow
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.dataset import DataSetRefused, dump, load
from treatments.models import (
    Appraisal,
    Approval,
    DatasetRevision,
    Evidence,
    EvidenceLevel,
    Mechanism,
    MechanismInteraction,
    MechanismOfAction,
    PhenotypeAssociation,
    Prevalence,
    Recommendation,
    Reference,
    Release,
    Result,
    Treatment,
    TreatmentReference,
    Trial,
)
from treatments.models.choices import ClaimStatus

from .small_set import SMALL, copy, line_of, replace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]


@pytest.fixture
def files(tmp_path):
    """The small data set, loaded, and a copy of its files to change."""
    load(SMALL)
    return copy(tmp_path)


def next_release(files):
    replace(files, "dataset.yaml", "name: example-1", "name: example-2")


def updates(report):
    return {(update.table.name, update.name): update.fields for update in report.updated}


def events(model, **rows):
    return model.events.rel.related_model.objects.filter(**rows).count()


# Vocabulary -----------------------------------------------------------------------------------------------------------


def test_changed_vocabulary_is_updated_in_place(files):
    before = Treatment.objects.get(slug="exampletinib")
    history = {slug: events(Treatment, slug=slug) for slug in ("exampletinib", "samplimab")}
    replace(files, "treatments.yaml", "  - Blood count\n", "  - Blood count\n  - Liver enzymes\n")
    replace(files, "treatments.yaml", "  boxed_warning: |-\n    Does not exist.\n\n      Indented.\n", "")
    report = load(files)
    after = Treatment.objects.get(slug="exampletinib")
    assert after.pk == before.pk
    assert after.monitoring == ["Blood count", "Liver enzymes"]
    assert after.boxed_warning == ""
    assert after.updated_at > before.updated_at
    assert updates(report) == {("treatments", "exampletinib"): ("monitoring", "boxed_warning")}
    assert report.changed_anything
    # One row changed, so one row has new history.
    assert events(Treatment, slug="exampletinib") == history["exampletinib"] + 1
    assert events(Treatment, slug="samplimab") == history["samplimab"]


def test_a_digit_added_to_a_figure_is_a_change(files):
    replace(files, "outcome_measures.yaml", "    value: 0.50\n", "    value: 0.500\n")
    report = load(files)
    assert updates(report) == {("outcome_measures", "example-score"): ("thresholds",)}
    assert report.changed_anything


def test_links_are_written_anew_only_where_their_list_changed(files):
    def pks():
        return list(TreatmentReference.objects.values_list("pk", flat=True)), list(
            Approval.objects.values_list("pk", flat=True)
        )

    links, approvals = pks()
    replace(files, "treatments.yaml", "  - sample-2021\n  - sample-2020\n", "  - sample-2020\n  - sample-2021\n")
    load(files)
    assert pks()[0] != links
    assert pks()[1] == approvals
    stored = TreatmentReference.objects.order_by("pk").values_list("reference__slug", flat=True)
    assert list(stored) == ["sample-2020", "sample-2021"]


def test_parts_of_parts_are_written_anew(files):
    replace(files, "autoantibodies.yaml", "      - sample-2021\n      - sample-2020\n", "      - sample-2020\n")
    load(files)
    adult = Prevalence.objects.get(population="adult")
    assert [reference.slug for reference in adult.references.all()] == ["sample-2020"]
    assert Prevalence.objects.count() == 2


def test_rows_that_swap_a_unique_value(files):
    replace(files, "references.yaml", "- slug: sample-2021\n", "- slug: sample-2021\n  pmid: '99999902'\n")
    load(files)
    text = (files / "references.yaml").read_text()
    text = text.replace("'99999901'", "X").replace("'99999902'", "'99999901'").replace("X", "'99999902'")
    (files / "references.yaml").write_text(text)
    replace(files, "evidence_levels.yaml", "  rank: 1", "  rank: 0")
    replace(files, "evidence_levels.yaml", "  rank: 2", "  rank: 1")
    load(files)
    assert Reference.objects.get(slug="sample-2021").pmid == "99999901"
    assert Reference.objects.get(slug="sample-2020").pmid == "99999902"
    assert list(EvidenceLevel.objects.values_list("code", "rank")) == [("2", 0), ("4", 1)]


def test_a_new_row_takes_a_value_that_another_gives_up(files):
    replace(files, "references.yaml", "  pmid: '99999901'\n", "")
    row = "- slug: new\n  title: New\n  pmid: '99999901'\n  publication_type: cohort\n"
    replace(files, "references.yaml", "- slug: sample-2021\n", f"{row}- slug: sample-2021\n")
    load(files)
    assert Reference.objects.get(pmid="99999901").slug == "new"


def test_a_tree_turned_upside_down(files):
    replace(files, "mechanisms.yaml", "  parent: example-pathway\n", "")
    replace(
        files, "mechanisms.yaml", "  name: Example pathway\n", "  name: Example pathway\n  parent: example-a-target\n"
    )
    load(files)
    assert Mechanism.objects.get(slug="example-pathway").parent.slug == "example-a-target"


def test_a_class_that_becomes_something_else(files):
    replace(files, "treatments.yaml", "  kind: class\n  members:\n  - exampletinib\n", "  kind: biologic\n")
    load(files)
    assert not Treatment.objects.get(slug="examplinibs").members.exists()


def test_vocabulary_edited_here_is_updated_and_reported(files):
    with pghistory.context(url="/admin/"):
        Treatment.objects.filter(slug="samplimab").update(summary="A curator's words.")
        MechanismOfAction.objects.filter(action="blocks").update(note="A curator's note.")
    report = load(files)
    assert Treatment.objects.get(slug="samplimab").summary == "Another."
    assert MechanismOfAction.objects.get(action="blocks").note == ""
    assert [str(update) for update in report.updated if update.edited_here] == [
        "treatment exampletinib: mechanisms; edited here since the last load",
        "treatment samplimab: summary; edited here since the last load",
    ]
    replace(files, "treatments.yaml", "  summary: Another.", "  summary: Yet another.")
    assert not any(update.edited_here for update in load(files).updated)


def test_an_interaction_taken_out_here_does_not_come_back(files):
    edge = MechanismInteraction.objects.order_by("pk").first()
    name = f"{edge.upstream.slug}, {edge.downstream.slug}, {edge.effect}"
    edge.delete()
    before = DatasetRevision.current().number
    report = load(files)
    assert [str(left) for left in report.left_alone] == [f"mechanism interaction {name}: it was taken out here."]
    assert not report.changed_anything
    assert DatasetRevision.current().number == before


def test_an_interaction_corrected_here_is_not_joined_by_the_wrong_one(files):
    edge = MechanismInteraction.objects.order_by("pk").first()
    effect = "inhibits" if edge.effect != "inhibits" else "activates"
    MechanismInteraction.objects.filter(pk=edge.pk).update(effect=effect)
    count = MechanismInteraction.objects.count()
    assert [left.reason for left in load(files).left_alone] == ["it was taken out here."]
    assert MechanismInteraction.objects.count() == count


def test_retired_vocabulary_travels(files):
    old = Reference.objects.get(slug="sample-old")
    assert old.successor.slug == "sample-2020"
    assert old.retirement_reason == "Entered twice."


def test_rows_that_are_not_in_the_files_stay(files, tmp_path):
    builders.treatment(slug="local-drug")
    builders.published(builders.evidence(accession="EV95000"))
    replace(
        files,
        "trials.yaml",
        "- nct_id: NCT99999902\n  title: Another\n  status: unknown\n  treatments: []\n  results: []\n",
        "",
    )
    (files / "recommendations.yaml").write_text("[]\n")
    report = load(files)
    assert report.not_in_data_set["trials"] == ["NCT99999902"]
    assert report.not_in_data_set["recommendations"] == ["RC90001", "RC90002"]
    assert "local-drug" in report.not_in_data_set["treatments"]
    assert "EV95000" in report.not_in_data_set["evidence"]
    assert Trial.objects.count() == 2
    assert Recommendation.objects.published().count() == 2
    dump(tmp_path / "dump")
    assert "local-drug" in (tmp_path / "dump" / "treatments.yaml").read_text()


def test_a_doi_held_outside_the_data_set_in_other_letters(files):
    builders.reference(slug="local-paper", doi="10.9999/MADE.up")
    replace(files, "references.yaml", "- slug: sample-2021\n", "- slug: sample-2021\n  doi: 10.9999/made.UP\n")
    with pytest.raises(DataSetRefused, match=r'doi "10.9999/made.UP" belongs to reference "local-paper"'):
        load(files)


def test_references_that_swap_their_dois(files):
    replace(files, "references.yaml", "- slug: sample-2021\n", "- slug: sample-2021\n  doi: 10.9999/one\n")
    replace(files, "references.yaml", "- slug: sample-old\n", "- slug: sample-old\n  doi: 10.9999/two\n")
    load(files)
    replace(files, "references.yaml", "doi: 10.9999/one", "doi: 10.9999/Two")
    replace(files, "references.yaml", "doi: 10.9999/two", "doi: 10.9999/One")
    load(files)
    dois = Reference.objects.filter(doi__startswith="10.9999/").order_by("slug").values_list("slug", "doi")
    assert {"sample-2021": "10.9999/Two", "sample-old": "10.9999/One"}.items() <= dict(dois).items()


def test_value_held_by_a_row_outside_the_data_set(files):
    builders.reference(slug="local-paper", pmid="99999977")
    before = DatasetRevision.current().number
    replace(files, "references.yaml", "'99999901'", "'99999977'")
    with pytest.raises(DataSetRefused) as refusal:
        load(files)
    sentence = (
        'references.yaml:9: pmid "99999977" belongs to reference "local-paper" in the database, which is not in this'
        " data set."
    )
    assert [str(problem) for problem in refusal.value.problems] == [sentence]
    assert Reference.objects.get(slug="sample-2020").pmid == "99999901"
    assert DatasetRevision.current().number == before


# Claims ---------------------------------------------------------------------------------------------------------------


def test_changed_claim_is_published_as_its_next_version(files):
    next_release(files)
    replace(files, "evidence.yaml", "Five of ten improved.", "Five of ten improved a little.")
    replace(files, "evidence.yaml", "      value: 50.0\n", "      value: 50.00\n")
    report = load(files)
    second, first = Evidence.objects.filter(accession="EV90001")
    assert (first.version, first.status, first.release.name) == (1, ClaimStatus.SUPERSEDED, "example-1")
    assert (second.version, second.status, second.release.name) == (2, ClaimStatus.PUBLISHED, "example-2")
    assert second.supersedes == first
    assert first.superseded_at == second.published_at
    assert second.change_note == "Updated with release example-2."
    assert (first.statement, second.statement) == ("Five of ten improved.", "Five of ten improved a little.")
    assert [str(result.effect_value) for result in second.results.all()] == ["50.00", "None"]
    assert first.results.count() == second.results.count() == 2
    assert updates(report)[("evidence", "EV90001")] == ("statement", "results")
    # Nothing else changed, and saying it again changes nothing.
    assert Evidence.objects.filter(accession="EV90002").count() == 1
    assert not load(files).changed_anything
    replace(files, "evidence.yaml", "improved a little.", "improved.")
    load(files)
    assert [claim.version for claim in Evidence.objects.filter(accession="EV90001")] == [3, 2, 1]


def test_every_kind_of_claim_has_versions(files):
    replace(files, "phenotype_associations.yaml", "    high: 10.0\n", "    high: 11\n")
    replace(files, "recommendations.yaml", "Says nothing.", "Says little.")
    replace(files, "appraisals.yaml", "It may or may not help.", "It does not help.")
    load(files)
    for model, accession in ((PhenotypeAssociation, "PA90001"), (Recommendation, "RC90002"), (Appraisal, "AP90001")):
        statuses = model.objects.filter(accession=accession).values_list("version", "status")
        assert list(statuses) == [(2, ClaimStatus.PUBLISHED), (1, ClaimStatus.SUPERSEDED)]


def test_appraisal_goes_on_resting_on_the_version_it_was_written_for(files, tmp_path):
    assert not Appraisal.objects.with_recheck().get().needs_recheck
    replace(files, "evidence.yaml", "Five of ten improved.", "Four of ten improved.")
    load(files)
    appraisal = Appraisal.objects.with_recheck().get()
    assert appraisal.needs_recheck
    assert list(appraisal.rests_on.order_by("accession").values_list("accession", "version")) == [
        ("EV90001", 1),
        ("EV90002", 1),
    ]
    report = dump(tmp_path / "dump")
    assert (tmp_path / "dump" / "appraisals.yaml").read_text() == (SMALL / "appraisals.yaml").read_text()
    # Loaded elsewhere it would look fresh, so whoever takes the files is told.
    assert report.left_out == ["That appraisal AP90001 needs a re-check."]


def curators():
    return builders.person(CURATOR), builders.person(REVIEWER)


def revised(claim, statement):
    """A version made by two people of this site."""
    curator, reviewer = curators()
    revision = workflow.start_revision(claim, curator, "Corrected.")
    revision.statement = statement
    revision.save()
    return workflow.publish(workflow.submit(revision, curator), reviewer)


def test_claim_revised_here_is_left_alone_and_reported(files):
    revised(Evidence.objects.get(accession="EV90001"), "A curator's words.")
    replace(files, "evidence.yaml", "Five of ten improved.", "Four of ten improved.")
    before = DatasetRevision.current().number
    report = load(files)
    today = timezone.now()
    assert [str(left) for left in report.left_alone] == [
        f"evidence EV90001: version 2 was published here on {today:%Y-%m-%d}."
    ]
    assert Evidence.objects.published().get(accession="EV90001").statement == "A curator's words."
    assert DatasetRevision.current().number == before


def test_claim_being_revised_here_is_left_alone(files):
    claim = Evidence.objects.get(accession="EV90001")
    workflow.start_revision(claim, curators()[0], "A figure is wrong.")
    assert not load(files).left_alone  # the data set says what is published: there is nothing to report
    replace(files, "evidence.yaml", "Five of ten improved.", "Four of ten improved.")
    assert [left.reason for left in load(files).left_alone] == ["version 2 is being worked on here."]
    assert Evidence.objects.published().get(accession="EV90001") == claim


def test_claim_retracted_here_stays_retracted(files):
    claim = Evidence.objects.get(accession="EV90002")
    workflow.retract(claim, builders.person(REVIEWER), "The study never took place.")
    replace(files, "appraisals.yaml", "It may or may not help.", "It helps.")
    report = load(files)
    assert [str(left) for left in report.left_alone] == [
        f"evidence EV90002: it was retracted here on {timezone.now():%Y-%m-%d}.",
        "appraisal AP90001: it rests on EV90002, which is not published here.",
    ]
    assert not Evidence.objects.published().filter(accession="EV90002").exists()


def test_appraisal_that_lost_its_basis_is_not_dumped(files, tmp_path):
    claim = Evidence.objects.get(accession="EV90002")
    workflow.retract(claim, builders.person(REVIEWER), "The study never took place.")
    report = dump(tmp_path / "dump")
    assert report.left_out == ["Appraisal AP90001 rests on EV90002, which is not published any more."]
    load(tmp_path / "dump")


def with_another_claim(files, accession, key="another-claim"):
    """One more claim in the files: the second one again, under another accession and key."""
    text = (files / "evidence.yaml").read_text().split("- accession: EV90002\n")[1]
    own = f"- accession: {accession}\n  key: {key}\n" if key else f"- accession: {accession}\n"
    with (files / "evidence.yaml").open("a") as file:
        file.write(own + "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  key:")))


@pytest.mark.parametrize("published", [True, False])
def test_accession_that_a_claim_of_this_site_has_is_refused(files, published):
    """Local claims and later releases take their accessions from one sequence."""
    curator, reviewer = curators()
    claim = builders.evidence(accession="EV90003", statement="Written here.", author=curator)
    if published:
        workflow.publish(workflow.submit(claim, curator), reviewer)
    next_release(files)
    with_another_claim(files, "EV90003")
    replace(files, "treatments.yaml", "name: Samplimab", "name: Changed")
    before = DatasetRevision.current().number
    with pytest.raises(DataSetRefused) as refusal:
        load(files)
    line = line_of(files, "evidence.yaml", "EV90003")
    sentence = (
        f"evidence.yaml:{line}: EV90003 is a claim that was written here and never came with a data set;"
        " this one needs another accession."
    )
    assert [str(problem) for problem in refusal.value.problems] == [sentence]
    assert Evidence.objects.get(accession="EV90003").statement == "Written here."
    assert DatasetRevision.current().number == before
    # Under another accession it is loaded, beside the claim of this site.
    replace(files, "evidence.yaml", "EV90003", "EV90004")
    assert load(files).added["evidence"] == 1
    assert Evidence.objects.get(accession="EV90003").statement == "Written here."


def test_claim_of_this_site_that_went_out_and_came_back_is_no_other_claim(files, tmp_path):
    curator, reviewer = curators()
    workflow.publish(workflow.submit(builders.evidence(author=curator), curator), reviewer)
    dump(tmp_path / "dump")
    assert not load(tmp_path / "dump").changed_anything


def test_a_release_that_was_loaded_and_says_otherwise_now_is_reported(files):
    replace(files, "evidence.yaml", "Five of ten improved.", "Four of ten improved.")
    replace(files, "treatments.yaml", "name: Samplimab", "name: Changed")
    with_another_claim(files, "EV90003")
    report = load(files)
    assert report.said_otherwise == ["treatment samplimab", "evidence EV90001", "evidence EV90003"]
    assert load(files).said_otherwise == []
    replace(files, "evidence.yaml", "Four of ten improved.", "Three of ten improved.")
    next_release(files)
    assert load(files).said_otherwise == []


def test_what_was_edited_here_does_not_make_a_release_say_otherwise(files):
    with pghistory.context(user=1):
        Treatment.objects.filter(slug="samplimab").update(summary="A curator's words.")
    report = load(files)
    assert (report.said_otherwise, [update.name for update in report.updated]) == ([], ["samplimab"])


def test_claims_without_accessions_are_recognised(files):
    replace(files, "evidence.yaml", "- accession: EV90001\n  key", "- key")
    replace(files, "phenotype_associations.yaml", "- accession: PA90001\n  key: example-association\n  auto", "- auto")
    replace(files, "appraisals.yaml", "  - EV90001\n", "")
    replace(files, "appraisals.yaml", "accession: AP90001\n  key", "key")
    replace(files, "recommendations.yaml", "- accession: RC90001\n  key", "- key")
    report = load(files)
    assert not any(report.added.values())
    assert updates(report) == {
        ("phenotype_associations", "PA90001"): ("key",),
        ("appraisals", "AP90001"): ("rests_on",),
    }
    assert not load(files).changed_anything


def test_new_claims_without_accessions_are_given_one(files):
    row = (files / "evidence.yaml").read_text().split("- accession: EV90002\n")[1]
    with (files / "evidence.yaml").open("a") as file:
        file.write(f"- key: brand-new\n{row}")
    load(files)
    assert Evidence.objects.published().get(key="brand-new").accession == "EV90003"
    assert not load(files).changed_anything


def test_key_of_another_claim(files):
    replace(files, "evidence.yaml", "- accession: EV90001\n", "- accession: EV90004\n")
    replace(files, "appraisals.yaml", "  - EV90001\n", "")
    with pytest.raises(DataSetRefused, match=r'evidence.yaml:2: The key "exampletinib-sample-2020" belongs to EV90001'):
        load(files)


def test_key_of_two_claims(files):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('treatments_accession_ev', 95000)")
    builders.published(builders.evidence(key="exampletinib-sample-2020"))
    replace(files, "evidence.yaml", "- accession: EV90001\n  key", "- key")
    replace(files, "appraisals.yaml", "  - EV90001\n", "")
    with pytest.raises(DataSetRefused, match=r"evidence.yaml:1: This could be EV90001 or EV9500\d in the database"):
        load(files)


def test_release_is_kept_up_to_date(files):
    replace(files, "dataset.yaml", "title: Made-up data set", "title: Another title")
    assert load(files).changed_anything
    next_release(files)
    load(files)
    assert list(Release.objects.values_list("name", "title")) == [
        ("example-2", "Another title"),
        ("example-1", "Another title"),
    ]


def test_database_that_refuses_is_quoted(files):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'Not on a Sunday.'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON treatments_manifestation EXECUTE FUNCTION pg_temp.refuse()"
        )
    replace(files, "manifestations.yaml", "Made up.", "Changed.")
    with pytest.raises(DataSetRefused, match=r"The database refused it: Not on a Sunday\."):
        load(files)


def test_results_of_a_claim_that_did_not_change_are_untouched(files):
    before = list(Result.objects.values_list("pk", flat=True))
    replace(files, "evidence.yaml", "Two were harmed.", "Three were harmed.")
    load(files)
    assert list(Result.objects.filter(pk__in=before).values_list("pk", flat=True)) == before
    assert Result.objects.count() == len(before)
