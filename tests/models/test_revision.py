"""One number for the whole public data set: it grows when, and only when, a reader could see a difference."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import builders
from tests.concurrency import at_once
from tests.models.refusal import refused, sql
from treatments.models import Approval, DatasetRevision, MechanismOfAction, Treatment
from treatments.models.choices import ClaimStatus

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def grows():
    """How far the revision grows while an action runs, each in a transaction of its own."""

    def by(action):
        before = DatasetRevision.current().number
        with transaction.atomic():
            action()
        return DatasetRevision.current().number - before

    return by


def test_every_way_of_changing_vocabulary_counts_once_a_transaction(grows):
    drug = builders.treatment()
    others = [builders.treatment() for _ in range(3)]
    rows = Treatment.objects.filter(pk__in=[other.pk for other in others])
    assert grows(builders.treatment) == 1
    assert grows(lambda: [builders.treatment(), builders.reference(), builders.mechanism()]) == 1
    assert grows(lambda: rows.update(summary="Changed.")) == 1
    drug.summary = "Changed too."
    assert grows(drug.save) == 1
    assert grows(lambda: Treatment.objects.bulk_update([drug], ["summary"])) == 0
    drug.summary = "Changed in bulk."
    assert grows(lambda: Treatment.objects.bulk_update([drug], ["summary"])) == 1
    assert grows(lambda: sql("UPDATE treatments_treatment SET summary = 'By SQL.' WHERE id = %s", [drug.pk])) == 1


def test_parts_count(grows):
    drug, mechanism = builders.treatment(), builders.mechanism()
    assert grows(lambda: Approval.objects.create(treatment=drug, region="Exampleland", indication="Made up.")) == 1
    assert grows(lambda: MechanismOfAction.objects.create(treatment=drug, mechanism=mechanism, action="inhibits")) == 1
    assert grows(lambda: drug.approvals.all().delete()) == 1
    assert grows(lambda: drug.references.add(builders.reference())) == 1


def test_changing_nothing_does_not_count(grows):
    drug = builders.treatment()
    assert grows(drug.save) == 0
    assert grows(lambda: Treatment.objects.filter(pk=drug.pk).update(name=drug.name)) == 0
    assert grows(lambda: sql("UPDATE treatments_treatment SET name = name")) == 0
    assert grows(lambda: Treatment.objects.filter(slug="no-such-row").update(name="Changed.")) == 0
    assert grows(lambda: Treatment.objects.filter(slug="no-such-row").delete()) == 0
    links = "treatments_treatmentreference"
    assert grows(lambda: sql(f"INSERT INTO {links} SELECT * FROM {links} WHERE false")) == 0
    assert grows(builders.person) == 0


def test_work_on_drafts_does_not_count(grows):
    claim = builders.evidence()
    measure, antibody = builders.outcome_measure(), builders.autoantibody()
    author = builders.person()
    assert grows(lambda: builders.evidence(treatment=claim.treatment, reference=claim.reference)) == 0
    assert grows(lambda: builders.result(claim, measure=measure)) == 0
    assert grows(lambda: claim.autoantibodies.add(antibody)) == 0
    claim.statement, claim.author = "Changed.", author
    assert grows(claim.save) == 0
    claim.status, claim.submitted_at = ClaimStatus.IN_REVIEW, timezone.now()
    assert grows(claim.save) == 0
    claim.status = ClaimStatus.DRAFT
    assert grows(claim.save) == 0
    assert grows(claim.delete) == 0


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_publishing_superseding_and_retracting_count(grows, kind):
    release = builders.release()
    one, two = (builders.published(builders.CLAIMS[kind](), release=release) for _ in range(2))
    draft = builders.CLAIMS[kind]()
    assert grows(lambda: builders.published(draft, release=release)) == 1
    assert grows(lambda: builders.replaced(one)) == 1
    assert grows(lambda: builders.retracted(two)) == 1
    assert grows(one.save) == 0
    assert grows(lambda: type(one).objects.update(status=F("status"))) == 0


def test_two_things_published_in_one_transaction_count_once(grows):
    release = builders.release()
    drafts = [builders.evidence(), builders.recommendation()]
    assert grows(lambda: [builders.published(draft, release=release) for draft in drafts]) == 1


def test_a_transaction_that_is_undone_does_not_count():
    before = DatasetRevision.current().number
    with transaction.atomic():
        builders.treatment()
        transaction.set_rollback(True)
    assert DatasetRevision.current().number == before


def test_two_writers_at_once_count_twice():
    before = DatasetRevision.current().number
    at_once(builders.treatment, builders.treatment)
    assert DatasetRevision.current().number == before + 2


def test_a_transaction_whose_number_was_used_before_counts():
    """A cluster that was restored from a dump counts its transactions anew."""
    with transaction.atomic():
        builders.treatment()
        number = DatasetRevision.current().number
        # As if this transaction's number had been that of another, an hour ago.
        DatasetRevision.objects.update(changed_at=F("changed_at") - timedelta(hours=1))
        builders.treatment()
        assert DatasetRevision.current().number == number + 1
        builders.treatment()
        assert DatasetRevision.current().number == number + 1


def test_the_revision_says_when():
    before = timezone.now()
    builders.treatment()
    assert before <= DatasetRevision.current().changed_at <= timezone.now()


def test_it_is_read_in_one_query():
    with CaptureQueriesContext(connection) as queries:
        DatasetRevision.current()
    assert len(queries) == 1


def test_there_is_one_row():
    assert refused(
        lambda: DatasetRevision.objects.create(id=2, number=1, changed_at=timezone.now(), transaction_id="1")
    )
