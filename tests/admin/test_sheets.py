"""Spreadsheets at the list of evidence: export with the list's filters, template, import with a preview."""

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import builders
from tests.sheets.sheet import as_csv, entry, exported, result, rows_of
from treatments.curation.history import changes_of
from treatments.models import Evidence, EvidenceImport, Result
from treatments.sheets.formats import CSV, XLSX

pytestmark = pytest.mark.django_db

LIST = "/admin/treatments/evidence/"


def signed_in(*roles, person=None):
    client = Client()
    client.force_login(person or builders.person(*roles))
    return client


def upload(client, content, name="made-up.csv"):
    return client.post(f"{LIST}import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def confirm(client, preview, **typed):
    """What the page says while and after the import."""
    address = preview.redirect_chain[-1][0]
    seen = preview.context["digest"]
    return b"".join(client.post(address, {"seen": seen, **typed})).decode()


# Export


@pytest.mark.parametrize(("ending", "kind"), [("csv", CSV), ("xlsx", XLSX)])
def test_an_export_holds_what_the_list_shows(ending, kind):
    client = signed_in("curator")
    query = "?direction__exact=supports&q=tofacitinib&status__exact=published"
    page = client.get(LIST + query)
    assert f'href="/admin/treatments/evidence/export/{query.replace("&", "&amp;")}"' in page.content.decode()
    form = client.get(f"{LIST}export/{query}")
    expected = {claim.accession for claim in page.context["cl"].queryset}
    assert 0 < len(expected) < 100
    assert [count for name, _, count in form.context["scopes"] if name == "published"] == [len(expected)]
    file = client.get(f"{LIST}export/file/{query}&_scope=published&_format={ending}")
    assert f'.{ending}"' in file["Content-Disposition"]
    assert {row["entry"] for row in rows_of(file.content, kind)} == expected


def test_drafts_are_exported_on_request():
    draft = builders.evidence(statement="A made-up draft.")
    file = signed_in("editor").get(f"{LIST}export/file/?_scope=drafts&_format=csv")
    assert [row["entry"] for row in rows_of(file.content)] == [draft.accession]


@pytest.mark.parametrize(
    "query", ["_scope=all&_format=csv", "_scope=drafts&_format=doc", "", "level__exact=x&_scope=drafts"]
)
def test_an_export_that_is_not_offered_leads_back_to_the_form(query):
    page = signed_in("curator").get(f"{LIST}export/file/?{query}", follow=True)
    assert page.status_code == 200
    assert "Choose what to export" in page.content.decode()


def test_an_unknown_filter_leads_back_to_the_list():
    page = signed_in("curator").get(f"{LIST}export/?nothing__exact=1", follow=True)
    assert "no such filter" in page.content.decode()


def test_the_template_is_a_workbook_without_rows():
    file = signed_in("curator").get(f"{LIST}template/")
    assert rows_of(file.content, XLSX) == []


# Import


def test_an_import_is_looked_at_first_and_then_made():
    person = builders.person("curator")
    claim = builders.published(builders.evidence(statement="Old words."))
    (row,) = rows_of(exported(Evidence.objects.filter(pk=claim.pk)))
    content = as_csv(row | {"statement": "New words."}, entry("first"), result("first"))
    client = signed_in(person=person)
    before = Evidence.objects.count()
    preview = upload(client, content)
    page = preview.content.decode()
    for shown in ("Old words.", "New words.", "A made-up finding, first.", "Why published entries are revised"):
        assert shown in page
    assert Evidence.objects.count() == before

    outcome = confirm(client, preview, reason="A misprint")
    assert "1 added, 1 changed, 0 unchanged" in outcome
    assert outcome.index("Checked 2 of 2 entries") < outcome.index("Written 2 of 2 entries") < outcome.index("1 added")
    revision = Evidence.objects.get(supersedes=claim)
    new = Evidence.objects.get(statement="A made-up finding, first.")
    for made in (revision, new):
        assert reverse("admin:treatments_evidence_change", args=[made.pk]) in outcome
        assert made.author == person
        assert {change.who for change in changes_of(made)} == {person.username}
        assert all("imported from made-up.csv" in change.reason.lower() for change in changes_of(made))
    assert new.results.count() == 1

    record = EvidenceImport.objects.get()
    assert (record.uploaded_by, record.added, record.changed, bytes(record.content)) == (person, 1, 1, b"")
    again = client.post(preview.redirect_chain[-1][0], {"seen": preview.context["digest"]}, follow=True)
    assert "1 added, 1 changed" in again.content.decode()
    assert Evidence.objects.count() == before + 2


def test_progress_is_sent_while_the_import_runs():
    client = signed_in("curator")
    preview = upload(client, as_csv(entry()))
    response = client.post(preview.redirect_chain[-1][0], {"seen": preview.context["digest"]})
    assert response.streaming
    assert response["Content-Encoding"] == "identity"
    pieces = [piece.decode() for piece in response]
    assert [piece.count("<li>") for piece in pieces[1:-1]] == [1] * (len(pieces) - 2)
    assert pieces[-1].rstrip().endswith("</html>")


def test_a_file_with_faults_says_all_of_them_and_offers_no_import():
    client = signed_in("curator")
    preview = upload(client, as_csv(entry(level="9"), entry("other", n_treated="x")))
    page = preview.content.decode()
    assert "2</strong> problems" in page
    assert 'data-label="Column">level' in page
    assert 'data-label="Column">n_treated' in page
    assert "as drafts" not in page
    before = Evidence.objects.count()
    assert "Nothing was imported" in confirm(client, preview)
    assert Evidence.objects.count() == before


def test_what_changed_since_the_preview_is_shown_again():
    person = builders.person("curator")
    claim = builders.evidence(author=person)
    content = as_csv({"entry": claim.accession, "limitations": "New."}, headings=["entry", "limitations"])
    client = signed_in(person=person)
    preview = upload(client, content)
    Evidence.objects.filter(pk=claim.pk).update(limitations="Meanwhile.")
    outcome = confirm(client, preview)
    assert "is not what you saw" in outcome
    assert "Look at made-up.csv again" in outcome
    claim.refresh_from_db()
    assert claim.limitations == "Meanwhile."


def test_a_reason_that_is_missing_is_asked_for():
    claim = builders.published(builders.evidence())
    client = signed_in("curator")
    content = as_csv({"entry": claim.accession, "limitations": "New."}, headings=["entry", "limitations"])
    assert "say why" in confirm(client, upload(client, content), reason="  ")
    assert not Evidence.objects.filter(supersedes=claim).exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"entry", "must end in .xlsx or .csv"),
        ("made-up.xlsx", b"entry", "not an XLSX file"),
        ("made-up.csv", b"", "empty"),
        ("made-up.csv", b"\xff\xfe\x00", "not UTF-8"),
        (f"{'x' * 220}.csv", b"entry", "longer than 200"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(name, content, sentence):
    page = upload(signed_in("curator"), content, name)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not EvidenceImport.objects.exists()


def test_no_file_at_all_is_asked_for():
    page = signed_in("curator").post(f"{LIST}import/")
    assert (page.status_code, "Choose a file." in page.content.decode()) == (400, True)


# Who


def test_only_who_may_draft_imports():
    for client in (signed_in("editor"), signed_in()):
        assert client.get(f"{LIST}import/").status_code == 403
        assert upload(client, as_csv(entry())).status_code == 403
    assert "/import/" not in signed_in("editor").get(LIST).content.decode()
    assert signed_in().get(f"{LIST}export/").status_code == 403
    for page in ("export/", "template/", "import/"):
        assert Client().get(LIST + page).status_code == 302


def test_an_upload_is_its_owners_alone_and_does_not_stay():
    client = signed_in("curator")
    address = upload(client, as_csv(entry())).redirect_chain[-1][0]
    assert signed_in("curator").get(address).status_code == 404
    EvidenceImport.objects.update(uploaded_at=timezone.now() - timezone.timedelta(days=2))
    upload(client, as_csv(entry()))
    assert client.get(address).status_code == 404
    assert EvidenceImport.objects.count() == 1


# Fuzzed


def written():
    return Evidence.objects.count(), Result.objects.count(), EvidenceImport.objects.filter(added__isnull=False).count()


cells = st.one_of(
    st.sampled_from(
        ["", "EV00001", "new 1", "2", "79.0", "tofacitinib", "primary | x", "a | b \\", "1e400", "-0", "NaN"]
    ),
    st.text(max_size=12),
)


class TestFuzzedSheets(TestCase):
    """Whatever a file holds: an answer in words, and nothing is written before it is confirmed or by halves."""

    def setUp(self):
        self.client = signed_in("curator")
        self.good = as_csv(entry(), result())
        self.book = exported(Evidence.objects.filter(accession="EV00001"), XLSX)

    def import_whatever(self, content, name):
        before = written()
        preview = upload(self.client, content, name)
        assert preview.status_code in (200, 400)
        assert written() == before
        if preview.status_code == 200:
            outcome = confirm(self.client, preview, reason="Made up")
            made = written()
            assert (made == before) == ("Imported:" not in outcome)
            assert made[0] - before[0] <= preview.context["new_count"] + preview.context["changed_count"]

    @given(rows=st.lists(st.dictionaries(st.sampled_from(list(rows_of(as_csv({"entry": "x"}))[0])), cells), max_size=4))
    @settings(max_examples=20)
    def test_rows(self, rows):
        self.import_whatever(as_csv(*rows), "made-up.csv")

    @given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
    @settings(max_examples=12)
    def test_bytes(self, content):
        self.import_whatever(content, "made-up.csv")
        self.import_whatever(content, "made-up.xlsx")

    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=12)
    def test_broken_workbooks(self, seed):
        """A workbook of which a part was spoilt, packed again so that the reader gets to see it."""
        chance = random.Random(seed)
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.book)) as whole, zipfile.ZipFile(stream, "w") as spoilt:
            victim = chance.choice(whole.namelist())
            for name in whole.namelist():
                part = bytearray(whole.read(name))
                if name == victim:
                    for _ in range(chance.randint(1, 20)):
                        part[chance.randrange(len(part))] = chance.randrange(256)
                spoilt.writestr(name, bytes(part))
        self.import_whatever(stream.getvalue(), "made-up.xlsx")
