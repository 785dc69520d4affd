"""The audit log: everything that was recorded, whoever did it and by whatever way, to read, filter and take away."""

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pghistory
import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import builders
from tests.admin.forms import fields_of
from tests.models.refusal import sql
from treatments.curation.audit import NOBODY, Asked, AuditTrail, kinds, tracked
from treatments.curation.history import OUTSIDE
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import request_changes, submit
from treatments.models import Result, Treatment
from treatments.models.history import begin_migrating, end_migrating

pytestmark = pytest.mark.django_db

LOG = reverse("admin:treatments_auditlog_changelist")
TODAY = timezone.now().date()


def signed_in(*roles):
    client = Client()
    client.person = builders.person(*roles)
    client.force_login(client.person)
    return client


def latest(count=1, **asked):
    return AuditTrail(Asked(**asked))[:count]


# What it tells --------------------------------------------------------------------------------------------------------


def test_it_says_who_changed_what_when_and_why():
    person = builders.person(EDITOR, first_name="Ada", last_name="Example")
    with pghistory.context(user=person.pk, reason="The label changed."):
        Treatment.objects.filter(slug="ivig").update(summary="Changed.")
    (entry,) = latest(kind="treatment", key="ivig", since=TODAY, person=str(person.pk))
    assert (entry.who, entry.reason, entry.what) == ("Ada Example", "The label changed.", "Treatment changed")
    assert "IVIG" in entry.name
    (field,) = entry.fields
    assert (field.name, field.after) == ("Summary", "Changed.")
    assert field.before


def test_what_was_done_outside_the_site_is_shown_as_such():
    sql("UPDATE treatments_treatment SET summary = 'By SQL.' WHERE slug = 'ivig'")
    with pghistory.context(command="example_command"):
        Treatment.objects.filter(slug="methotrexate").update(summary="By a command.")
    (entry,) = latest(kind="treatment", key="ivig")
    assert (entry.who, entry.fields[0].after) == (OUTSIDE, "By SQL.")
    (entry,) = latest(kind="treatment", key="methotrexate")
    assert entry.who == "Command example_command"
    loaded = AuditTrail(Asked(kind="treatment", key="ivig", person=NOBODY))
    assert loaded[loaded.count() - 1 : loaded.count()][0].who == "Load of the data set (2026-11)"


def test_what_migrations_change_is_theirs():
    begin_migrating(using="default")
    Treatment.objects.filter(slug="ivig").update(summary="By a migration.")
    end_migrating(using="default")
    Treatment.objects.filter(slug="ivig").update(summary="By hand.")
    after, before = latest(2, kind="treatment", key="ivig")
    assert (before.who, after.who) == ("Migration of the database", OUTSIDE)


def test_a_claim_is_told_with_its_parts_and_steps():
    author, reviewer = builders.person(CURATOR), builders.person(REVIEWER)
    claim = builders.evidence(author=author)
    row = builders.result(claim, label="Before")
    Result.objects.filter(pk=row.pk).update(label="After")
    row.delete()
    submit(claim, author)
    request_changes(claim, reviewer, "Please add the dose.")
    entries = latest(50, kind="evidence", key=claim.accession)
    assert {entry.name for entry in entries} == {str(claim)}
    told = {entry.what: entry for entry in reversed(entries)}
    renamed = [entry for entry in entries if entry.what == "Result changed"]
    assert [(f.name, f.before, f.after) for f in renamed[0].fields] == [("Label", "Before", "After")]
    assert {field.name: field.before for field in told["Result deleted"].fields}["Label"] == "After"
    assert {entry.step for entry in entries} >= {"submit", "request changes"}
    assert "Please add the dose." in {entry.reason for entry in entries}


def test_rows_that_are_gone_keep_their_names():
    draft = builders.evidence()
    builders.result(draft)
    name = str(draft)
    draft.delete()
    told = {entry.what: entry.name for entry in latest(10, kind="evidence") if entry.name.startswith(name)}
    assert told["Evidence deleted"] == told["Result deleted"] == f"{name} (deleted)"


def test_roles_are_in_it_as_far_as_the_admin_noted_them():
    editor, somebody = signed_in(EDITOR), builders.person(CURATOR)
    address = reverse("admin:auth_user_change", args=[somebody.pk])
    form = fields_of(editor.get(address)) | {"groups": [Group.objects.get(name=REVIEWER).pk]}
    form |= {"date_joined_0": "2026-11-20", "date_joined_1": "10:00:00"}
    assert editor.post(address, form).status_code == 302
    (entry,) = latest(kind="user", key=somebody.username)
    assert (entry.who, entry.what) == (editor.person.username, "User changed")
    assert "Groups" in entry.fields[0].after


def test_every_kind_of_row_is_in_it():
    assert {model.__name__ for model in tracked()} >= {
        "Evidence",
        "Result",
        "Treatment",
        "Trial",
        "Dismissal",
        "Release",
    }
    for kind in kinds():
        latest(1, kind=kind)
    assert AuditTrail(Asked()).count() == sum(AuditTrail(Asked(kind=kind)).count() for kind in kinds())


def test_days_bound_it():
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    everything = AuditTrail(Asked()).count()
    assert AuditTrail(Asked(since=yesterday, until=tomorrow)).count() == everything
    assert AuditTrail(Asked(until=date(2020, 1, 1))).count() == 0
    assert AuditTrail(Asked(since=tomorrow)).count() == 0


# In the admin ---------------------------------------------------------------------------------------------------------


def test_an_editor_reads_it_page_by_page_and_by_filter():
    editor = signed_in(EDITOR)
    with pghistory.context(user=editor.person.pk, reason="Made up."):
        Treatment.objects.filter(slug="ivig").update(summary="Changed here.")
    page = editor.get(LOG, {"kind": "treatment", "key": "ivig", "person": editor.person.pk})
    text = page.content.decode()
    assert "Changed here." in text
    assert reverse("admin:treatments_treatment_history", args=[Treatment.objects.get(slug="ivig").pk]) in text
    assert "1 change." in text
    assert editor.get(LOG, {"p": "2"}).status_code == 200
    assert 'href="/admin/treatments/auditlog/"' in editor.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"kind": "colour"}, "Select a valid choice."),
        ({"person": "0"}, "Select a valid choice."),
        ({"key": "EV00001"}, "Choose the kind of record that this is."),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "The last day is before the first."),
    ],
)
def test_what_cannot_be_asked_is_said(asked, told):
    page = signed_in(EDITOR).get(LOG, asked)
    assert page.status_code == 400
    assert told in page.content.decode()


@pytest.mark.parametrize("role", [CURATOR, REVIEWER])
def test_it_is_for_editors_only(role):
    client = signed_in(role)
    assert client.get(LOG).status_code == 403
    for form in ("csv", "jsonl"):
        assert client.get(reverse("admin:treatments_auditlog_export", args=[form])).status_code == 403
    assert Client().get(LOG).status_code == 302


def test_a_page_takes_as_many_queries_however_much_happened():
    editor = signed_in(EDITOR)

    asked = {"kind": "treatment", "person": editor.person.pk}

    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = editor.get(LOG, asked)
        return len(queries), len(page.context["entries"])

    def change(count):
        for number in range(count):
            with pghistory.context(user=editor.person.pk, reason=f"Made up {number}."):
                Treatment.objects.filter(slug__in=["ivig", "methotrexate"]).update(summary=f"{count} {number}")

    change(1)
    few, listed = cost()
    assert listed == 2
    change(20)
    assert cost() == (few, 42)


# Taken away -----------------------------------------------------------------------------------------------------------


def test_it_is_taken_away_as_csv_and_json_lines():
    editor = signed_in(EDITOR)
    with pghistory.context(user=editor.person.pk, reason="=1+1"):
        Treatment.objects.filter(slug="ivig").update(summary="Changed.", pregnancy="Made up.")
    asked = {"kind": "treatment", "key": "ivig", "person": editor.person.pk}
    response = editor.get(reverse("admin:treatments_auditlog_export", args=["csv"]), asked)
    rows = list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))
    assert {row["field"]: row["after"] for row in rows} == {"Summary": "Changed.", "Pregnancy": "Made up."}
    assert {row["reason"] for row in rows} == {"'=1+1"}
    response = editor.get(reverse("admin:treatments_auditlog_export", args=["jsonl"]), asked)
    (line,) = map(json.loads, response.getvalue().decode().splitlines())
    assert (line["reason"], line["action"], line["person"]) == ("=1+1", "changed", editor.person.pk)
    assert editor.get(reverse("admin:treatments_auditlog_export", args=["xml"])).status_code == 404
    asked["since"] = "soon"
    assert editor.get(reverse("admin:treatments_auditlog_export", args=["csv"]), asked).status_code == 400


def test_the_command_writes_every_change_once():
    out = StringIO()
    call_command("export_audit_log", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) == AuditTrail(Asked()).count()
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    out = StringIO()
    call_command("export_audit_log", "--format", "csv", "--until", "2020-01-01", stdout=out)
    assert out.getvalue().splitlines() == ["\N{BOM}at,who,step,reason,kind,name,action,field,before,after"]
