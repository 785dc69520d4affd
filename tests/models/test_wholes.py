"""The mechanism tree, combinations of treatments, and classes with their members."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from tests import builders
from tests.concurrency import Elsewhere
from tests.models.refusal import refused, sql
from treatments.models import (
    Autoantibody,
    AutoantibodyMember,
    Mechanism,
    Treatment,
    TreatmentComponent,
    TreatmentMember,
)

pytestmark = pytest.mark.django_db


def due_now():
    """Have deferred rules checked, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# Mechanisms -----------------------------------------------------------------------------------------------------------


def chain():
    top = builders.mechanism("Top")
    middle = builders.mechanism("Middle", parent=top)
    return top, middle, builders.mechanism("Bottom", parent=middle)


def test_no_mechanism_stands_below_itself():
    top, _, bottom = chain()
    expected = f'"{top.name}" cannot stand below itself.'
    top.parent = bottom
    assert refused(top.save) == expected
    assert refused(lambda: Mechanism.objects.bulk_update([top], ["parent"])) == expected
    assert refused(lambda: Mechanism.objects.filter(pk=top.pk).update(parent=bottom)) == expected
    assert refused(lambda: Mechanism.objects.filter(pk=top.pk).update(parent=top)) == expected
    assert (
        refused(lambda: sql("UPDATE treatments_mechanism SET parent_id = %s WHERE id = %s", [bottom.pk, top.pk]))
        == expected
    )
    with pytest.raises(ValidationError, match="cannot stand below itself"):
        top.full_clean()


def test_a_branch_can_move():
    top, middle, bottom = chain()
    bottom.parent = top
    bottom.full_clean()
    bottom.save()
    middle.parent = bottom
    middle.full_clean()
    middle.save()


def test_a_cycle_inserted_at_once_is_refused():
    top = builders.mechanism()
    own = Mechanism(pk=top.pk + 1_000_000, slug="own-parent", name="Own parent", kind="pathway", description="Made up.")
    own.parent_id = own.pk
    assert refused(lambda: Mechanism.objects.bulk_create([own])) == '"Own parent" cannot stand below itself.'


@pytest.mark.django_db(transaction=True)
def test_two_harmless_moves_at_once_make_no_cycle():
    left, right = builders.mechanism("Left"), builders.mechanism("Right")
    with transaction.atomic():
        Mechanism.objects.filter(pk=left.pk).update(parent=right)
        with Elsewhere(lambda: Mechanism.objects.filter(pk=right.pk).update(parent=left)) as other:
            other.waits()
    assert f'"{right.name}" cannot stand below itself.' in str(other.outcome())
    right.refresh_from_db()
    assert right.parent is None


# Combinations and classes ---------------------------------------------------------------------------------------------


def test_a_combination_has_two_components():
    one, two = builders.treatment(), builders.treatment()
    whole = builders.combination(one, two)
    due_now()
    needs = f'The combination "{whole.slug}" needs two or more components.'
    assert refused(lambda: TreatmentComponent.objects.filter(component=one).delete()) == needs
    assert refused(lambda: sql("DELETE FROM treatments_treatmentcomponent WHERE component_id = %s", [one.pk])) == needs
    other = builders.combination()
    due_now()
    # Moving a component away leaves the combination it came from with one.
    moved = whole.component_links.filter(component=one)
    assert refused(lambda: moved.update(combination=other)) == needs


@pytest.mark.parametrize("components", [0, 1])
def test_a_combination_of_fewer_is_refused_when_the_transaction_ends(components):
    def make():
        whole = builders.treatment("Exampletinib alone", kind="combination", slug="alone")
        for _ in range(components):
            TreatmentComponent.objects.create(combination=whole, component=builders.treatment())

    assert refused(make) == 'The combination "alone" needs two or more components.'
    assert (
        refused(
            lambda: Treatment.objects.bulk_create(
                [Treatment(slug="alone", name="Alone", kind="combination", stage="emerging", summary="Made up.")]
            )
        )
        == 'The combination "alone" needs two or more components.'
    )


def test_only_a_combination_has_components():
    drug = builders.treatment()
    due_now()
    assert (
        refused(lambda: TreatmentComponent.objects.create(combination=drug, component=builders.treatment()))
        == f'"{drug.slug}" is not a combination and has no components.'
    )
    whole = builders.combination()
    due_now()
    assert (
        refused(lambda: Treatment.objects.filter(pk=whole.pk).update(kind="biologic"))
        == f'"{whole.slug}" is not a combination and has no components.'
    )


def test_a_class_of_treatments_has_members_and_nothing_else_has():
    whole = builders.treatment_class()
    drug = builders.treatment()
    due_now()
    needs = f'The class "{whole.slug}" needs at least one member.'
    assert refused(lambda: TreatmentMember.objects.filter(treatment_class=whole).delete()) == needs
    assert (
        refused(lambda: TreatmentMember.objects.create(treatment_class=drug, member=builders.treatment()))
        == f'"{drug.slug}" is not a class and has no members.'
    )
    assert (
        refused(lambda: Treatment.objects.filter(pk=whole.pk).update(kind="biologic"))
        == f'"{whole.slug}" is not a class and has no members.'
    )
    assert (
        refused(lambda: Treatment.objects.filter(pk=drug.pk).update(kind="class"))
        == f'The class "{drug.slug}" needs at least one member.'
    )


def test_a_class_of_autoantibodies_has_members_and_nothing_else_has():
    whole = builders.autoantibody_class()
    single = builders.autoantibody()
    due_now()
    needs = f'The class "{whole.slug}" needs at least one member.'
    assert refused(lambda: AutoantibodyMember.objects.filter(autoantibody_class=whole).delete()) == needs
    assert refused(
        lambda: sql("DELETE FROM treatments_autoantibodymember WHERE autoantibody_class_id = %s", [whole.pk])
    )
    assert (
        refused(lambda: AutoantibodyMember.objects.create(autoantibody_class=single, member=builders.autoantibody()))
        == f'"{single.slug}" is not a class and has no members.'
    )
    assert (
        refused(lambda: Autoantibody.objects.filter(pk=single.pk).update(kind="class"))
        == f'The class "{single.slug}" needs at least one member.'
    )


def test_parts_can_be_exchanged_within_a_transaction():
    whole = builders.combination()
    whole.component_links.all().delete()
    for _ in range(3):
        TreatmentComponent.objects.create(combination=whole, component=builders.treatment())
    due_now()
    assert whole.components.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_people_taking_a_component_each_leave_two():
    """Each leaves three minus one: together they would leave one."""
    parts = [builders.treatment() for _ in range(3)]
    whole = None
    with transaction.atomic():
        whole = builders.combination(*parts)

    def take(part):
        with transaction.atomic():
            TreatmentComponent.objects.filter(combination=whole, component=part).delete()

    with transaction.atomic():
        take(parts[0])
        due_now()
        with Elsewhere(lambda: take(parts[1])) as other:
            other.waits()
    assert "needs two or more components" in str(other.outcome())
    assert whole.components.count() == 2
