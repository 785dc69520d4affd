"""What is told of changes: every public one, once, with its reason; nothing of drafts."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests import builders
from treatments.changes import Headers, Scope, Transactions, changes, transactions
from treatments.changes.telling import LISTED
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import publish, request_changes, retract, start_revision, submit
from treatments.models import (
    Approval,
    DatasetRevision,
    Manifestation,
    MechanismInteraction,
    PrevalenceReference,
    Treatment,
)

# Each step is a transaction of its own: what a test's one transaction does has one time.
pytestmark = pytest.mark.django_db(transaction=True)


def now():
    return DatasetRevision.current().number


def told(scope=None, **fields):
    """What is told, oldest first: (kind, type, name)."""
    found = changes(Headers(scope or Scope(**fields))[0:1000])
    return [(one.kind.value, one.record_type.value, str(one.record)) for one in reversed(found)]


def test_of_a_claim_its_publication_replacement_and_retraction_are_told_and_nothing_else():
    author, reviewer, editor = builders.person(CURATOR), builders.person(REVIEWER), builders.person(REVIEWER, EDITOR)
    draft = builders.evidence(author=author)
    begin = now()

    submit(draft, author)
    request_changes(draft, reviewer, "Not for readers.")
    submit(draft, author)
    assert told(after_revision=begin) == []

    publish(draft, reviewer)
    accession = draft.accession
    assert told(after_revision=begin) == [("published", "evidence", f"{accession} v1")]

    revision = start_revision(draft, author, "A made-up figure was corrected.")
    submit(revision, author)
    assert told(after_revision=begin) == [("published", "evidence", f"{accession} v1")]

    publish(revision, reviewer)
    retract(revision, editor, "The made-up study never took place.")
    assert told(after_revision=begin) == [
        ("published", "evidence", f"{accession} v1"),
        ("new_version", "evidence", f"{accession} v2"),
        ("retracted", "evidence", f"{accession} v2"),
    ]
    retracted, replaced, first = changes(Headers(Scope(after_revision=begin))[0:10])
    assert (first.why, replaced.why) == ("", "A made-up figure was corrected.")
    assert retracted.why == "The made-up study never took place."
    assert retracted.release is None
    assert [one.revision for one in (first, replaced, retracted)] == [begin + 1, begin + 2, begin + 3]


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_every_kind_of_claim_is_told(kind):
    begin, record_type = now(), kind.replace(" ", "_")
    claim = builders.published(builders.CLAIMS[kind]())
    builders.CLAIMS[kind]()
    builders.retracted(claim)
    name = f"{claim.accession} v1"
    assert told(types=(record_type,), after_revision=begin) == [
        ("published", record_type, name),
        ("retracted", record_type, name),
    ]
    assert told(types=(record_type,), kinds=("retracted",)) == [("retracted", record_type, name)]


def test_of_vocabulary_every_change_is_told_once_that_of_its_parts_included():
    drug = builders.treatment()
    other = builders.treatment()
    begin = now()
    with transaction.atomic():
        drug.summary = "Changed, and approved in the same breath."
        drug.save()
        Approval.objects.create(treatment=drug, region="Exampleland", indication="Made up.")
    Approval.objects.filter(treatment=drug).update(year=2020)
    drug.approvals.all().delete()
    drug.retired_on, drug.retirement_reason, drug.successor = timezone.now().date(), "Not used any more.", other
    drug.save()
    drug.retired_on, drug.retirement_reason, drug.successor = None, "", None
    drug.save()
    (retired,) = changes(Headers(Scope(after_revision=begin, kinds=("retired",)))[0:5])
    assert retired.why == "Not used any more.", "as it was said then, though it is in use again"
    name = str(drug)
    assert told(after_revision=begin) == [
        ("changed", "treatment", name),
        ("changed", "treatment", name),
        ("changed", "treatment", name),
        ("retired", "treatment", name),
        ("changed", "treatment", name),
    ]


def test_the_references_of_a_prevalence_are_a_change_of_the_antibody():
    prevalence = builders.prevalence()
    source = builders.reference()
    begin = now()
    PrevalenceReference.objects.create(prevalence=prevalence, reference=source)
    assert told(after_revision=begin) == [("changed", "autoantibody", str(prevalence.autoantibody))]


def test_an_interaction_is_told_after_it_is_gone():
    interaction = builders.mechanism_interaction()
    name = str(interaction)
    begin = now()
    interaction.delete()
    assert told(after_revision=begin) == [("removed", "mechanism_interaction", name)]
    assert not any(one.has_page for one in changes(Headers(Scope(after_revision=begin))[0:10]))


def test_a_record_is_told_field_by_field_with_before_and_after():
    drug = builders.treatment(summary="Before.")
    begin = now()
    with transaction.atomic():
        Treatment.objects.filter(pk=drug.pk).update(summary="After.", routes=["oral"])
        Approval.objects.create(treatment=drug, region="Exampleland", indication="Made up.")
    (made,) = transactions(Scope(after_revision=begin), Transactions(Scope(after_revision=begin))[0:1])
    (change,) = made.changes
    assert [(part.what, [(f.name, f.before, f.after) for f in part.fields]) for part in change.details] == [
        ("Treatment changed", [("Routes", "", "oral"), ("Summary", "Before.", "After.")]),
        ("Approval added", [("Region", "", "Exampleland"), ("Indication", "", "Made up.")]),
    ]


def test_who_follows_a_treatment_hears_that_an_entry_was_moved_to_another():
    wrong, right, antibody = builders.treatment(), builders.treatment(), builders.autoantibody()
    first = builders.published(builders.evidence(treatment=wrong, autoantibodies=[antibody]))
    second = builders.evidence(accession=first.accession, version=2, supersedes=first, treatment=right)
    with transaction.atomic():
        builders.superseded(first)
        builders.published(second)
    moved = ("new_version", "evidence", f"{first.accession} v2")
    assert told(treatments=(wrong,), types=("evidence",)) == [("published", "evidence", f"{first.accession} v1"), moved]
    assert told(treatments=(right,), types=("evidence",)) == [moved]
    assert told(autoantibodies=(antibody,), kinds=("new_version",)) == [moved]
    assert told(treatments=(right,), autoantibodies=(antibody,)) == [moved]


def test_since_a_revision_means_everything_after_it_and_nothing_before():
    rows = []
    for _ in range(4):
        begin = now()
        rows.append((begin, str(builders.manifestation())))
    for position, (begin, _) in enumerate(rows):
        assert [name for _, _, name in told(after_revision=begin)] == [name for _, name in rows[position:]]
    assert told(after_revision=now()) == []
    today = timezone.now().date()
    everything = Headers(Scope()).count()
    assert Headers(Scope(after_revision=0)).count() == Headers(Scope(since=today)).count() == everything > 1000
    assert told(since=today + timedelta(days=1)) == []


def test_where_the_history_of_revisions_begins_later_everything_is_told():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE treatments_datasetrevisionevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM treatments_datasetrevisionevent")
    builders.manifestation()
    begin = now()
    builders.manifestation()
    assert Headers(Scope(after_revision=begin)).count() == 1
    assert Headers(Scope(after_revision=begin - 2)).count() == Headers(Scope()).count() > 1000
    assert changes(Headers(Scope(types=("evidence",)))[0:1])[0].revision is None


def test_a_load_is_counted_and_says_which_release_it_brought():
    (made,) = transactions(Scope(), Transactions(Scope())[0:10])
    assert (made.revision, made.release.name, made.changes) == (1, "2026-11", [])
    counts = {count.record_type.value: count.count for count in made.counts}
    assert counts["evidence"] == 319
    assert counts["treatment"] == Treatment.objects.count()
    assert counts["manifestation"] == Manifestation.objects.count()
    assert counts["mechanism_interaction"] == MechanismInteraction.objects.count()
    assert sum(counts.values()) == Headers(Scope()).count()


def test_what_was_withdrawn_is_listed_among_any_number_of_others():
    claim = builders.published(builders.evidence())
    begin = now()
    with transaction.atomic():
        builders.retracted(claim)
        for _ in range(LISTED + 5):
            builders.manifestation()
    (made,) = transactions(Scope(after_revision=begin), Transactions(Scope(after_revision=begin))[0:1])
    assert [(one.kind.value, one.record.accession) for one in made.changes] == [("retracted", claim.accession)]
    assert [(count.kind.value, count.count) for count in made.counts] == [("added", LISTED + 5)]
    narrowed = Scope(after_revision=begin, kinds=("retracted",))
    assert len(transactions(narrowed, Transactions(narrowed)[0:1])[0].changes) == 1


def test_pages_of_changes_neither_overlap_nor_leave_anything_out():
    headers = Headers(Scope())
    pages = [headers[start : start + 200] for start in range(0, headers.count(), 200)]
    together = [header for page in pages for header in page]
    assert len(together) == len(set(together)) == headers.count()
    assert together == headers[0:10_000]
