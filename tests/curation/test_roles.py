"""The roles that exist after every migration, and what each may do."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER, create_roles, models_of_the_knowledge_base

pytestmark = pytest.mark.django_db


def permissions(role: str) -> set[str]:
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_the_roles_exist_after_migrating():
    assert {CURATOR, REVIEWER, EDITOR} <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize("role", [CURATOR, REVIEWER, EDITOR])
def test_everybody_may_look_at_everything(role):
    wanted = {f"view_{model._meta.model_name}" for model in models_of_the_knowledge_base()}
    assert wanted <= permissions(role)


@pytest.mark.parametrize("kind", ["evidence", "phenotypeassociation", "recommendation", "appraisal"])
def test_only_reviewers_review_and_retract(kind):
    for action in ("review", "retract"):
        assert f"{action}_{kind}" in permissions(REVIEWER)
        assert f"{action}_{kind}" not in permissions(CURATOR) | permissions(EDITOR)


def test_curators_write_claims_and_sources_but_no_vocabulary():
    granted = permissions(CURATOR)
    assert {"add_evidence", "change_result", "delete_evidenceautoantibody", "add_reference", "change_trial"} <= granted
    assert not {"change_treatment", "add_mechanism", "delete_reference", "add_user", "change_release"} & granted


def test_editors_write_vocabulary_and_name_people_but_write_no_claims():
    granted = permissions(EDITOR)
    assert {"change_treatment", "add_approval", "delete_treatmentmember", "change_user", "add_release"} <= granted
    assert not {"add_evidence", "change_result", "delete_user", "change_group", "delete_release"} & granted


def test_nobody_may_write_history_or_the_revision():
    granted = permissions(CURATOR) | permissions(REVIEWER) | permissions(EDITOR)
    assert not {name for name in granted if name.endswith("event")}
    assert {name for name in granted if name.endswith("datasetrevision")} == {"view_datasetrevision"}


def test_creating_roles_again_restores_the_table_and_keeps_the_people():
    somebody = builders.person(CURATOR)
    group = Group.objects.get(name=CURATOR)
    before = permissions(CURATOR)
    group.permissions.clear()
    create_roles()
    assert permissions(CURATOR) == before
    assert list(group.user_set.all()) == [somebody]


def test_creating_roles_again_writes_nothing():
    with CaptureQueriesContext(connection) as queries:
        create_roles()
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
