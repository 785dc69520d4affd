"""The literature inbox: how papers come in, each once, and how they are decided about."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.concurrency import at_once
from tests.literature.test_files import DAMAGED, NBIB, RIS
from treatments.curation.history import changes_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import WorkflowError
from treatments.literature import files, inbox, pubmed, watching
from treatments.models import Candidate, DatasetRevision, Evidence, LiteratureQuery, Reference

pytestmark = pytest.mark.django_db

INBOX = "/admin/treatments/candidate/"
TITLE = "Exampletinib in made-up dermatomyositis: a randomized trial that nobody ever ran"


def watch(**options):
    """What the command said, and its exit status."""
    said, complained = StringIO(), StringIO()
    try:
        call_command("watch_literature", stdout=said, stderr=complained, **options)
    except SystemExit as end:
        return said.getvalue() + complained.getvalue(), end.code
    return said.getvalue() + complained.getvalue(), 0


@pytest.fixture
def query():
    return builders.literature_query(name="Made-up query", term="made-up", since=date(2026, 11, 1))


def signed_in(*roles):
    client = Client()
    client.user = builders.person(*roles)
    client.force_login(client.user)
    return client


def decide(client, candidate, **said):
    return client.post(f"{INBOX}{candidate.pk}/change/", said)


# Coming in ------------------------------------------------------------------------------------------------------------


def test_new_papers_come_in_once(query, services):
    services.add(1, TITLE, doi="10.1000/one", types=("Randomized Controlled Trial",))
    services.add(2, "A made-up paper that is here already")
    services.add(3, "A made-up paper from before", entered="2026/10/31")
    builders.reference(pmid="99999902")
    assert watch() == ("Made-up query: 1 new.\n", 0)
    [candidate] = Candidate.objects.all()
    assert (candidate.pmid, candidate.doi, candidate.title) == ("99999901", "10.1000/one", TITLE)
    assert (candidate.publication_type, candidate.query, candidate.status) == ("randomized_trial", query, "new")
    assert candidate.abstract.startswith("BACKGROUND")
    assert watch() == ("Made-up query: 0 new.\n", 0)
    query.refresh_from_db()
    assert (query.covered_until, query.reading_until, query.position) == (timezone.localdate(), None, 0)
    assert query.last_run_at is not None
    assert changes_of(candidate)[0].reason == "Found by the query “Made-up query”."


def test_a_paper_comes_once_whatever_brings_it_and_whatever_was_decided(query, services):
    services.add(1, TITLE, doi="10.1000/one")
    watch()
    inbox.dismiss(Candidate.objects.get(), builders.person(CURATOR), "Not about the disease.")
    builders.literature_query(name="Another", term="exampletinib")
    assert watch()[0] == "Another: 0 new.\nMade-up query: 0 new.\n"
    twice = f"TY  - JOUR\nTI  - {TITLE.upper()}.\nER  - \nTY  - JOUR\nTI  - Else\nDO  - 10.1000/ONE\nER  - \n"
    assert inbox.take_in(files.read("x.ris", twice.encode()).records, file_name="x.ris") == 0
    # Another DOI is another paper.
    other = f"TY  - JOUR\nTI  - {TITLE}\nDO  - 10.1000/two\nER  - \n"
    assert inbox.take_in(files.read("x.ris", other.encode()).records, file_name="x.ris") == 1, (
        "another DOI, another paper"
    )


def test_short_titles_are_the_same_paper_only_with_the_same_year_and_authors():
    def bring(*papers):
        text = "".join(f"TY  - JOUR\nTI  - Made up\nPY  - {year}\nAU  - {author}\nER  - \n" for year, author in papers)
        return inbox.take_in(files.read("x.ris", text.encode()).records, file_name="x.ris")

    assert bring((2026, "Example, A."), (2026, "Example, A."), (2025, "Example, A."), (2026, "Sample, B.")) == 3
    assert bring((2026, "Example, A."), (2024, "Example, A.")) == 1


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([f"x{ending}" for ending in files.ENDINGS]), content=DAMAGED)
def test_damaged_files_bring_whole_papers_or_a_sentence(name, content):
    client, before = signed_in(CURATOR), Candidate.objects.count()
    answer = client.post(f"{INBOX}upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code in (302, 400)
    assert answer.status_code == 302 or Candidate.objects.count() == before


def test_a_run_that_breaks_off_is_taken_up_where_it_was(query, services, settings, monkeypatch):
    settings.LITERATURE_RETRIES = 0
    monkeypatch.setattr(watching, "PAGE", 3)
    for number in range(1, 9):
        services.add(number, f"A made-up paper, number {number}")
    services.moods = [None, None, None, "closed"]  # one page, and in the middle of the second
    said, status = watch()
    assert (said, status) == ("Made-up query: PubMed cannot be reached.\n", 1)
    query.refresh_from_db()
    assert (query.position, query.covered_until) == (3, None)
    assert query.last_problem == "PubMed cannot be reached."
    assert Candidate.objects.count() == 3
    services.asked.clear()
    assert watch() == ("Made-up query: 5 new.\n", 0)
    assert services.asked[0][1]["retstart"] == "3"
    assert Candidate.objects.count() == 8
    query.refresh_from_db()
    assert query.last_problem == ""


def test_papers_that_pubmed_enters_late_are_still_found(query, services):
    watch()
    services.add(1, TITLE, entered=f"{timezone.localdate() - watching.READ_AGAIN:%Y/%m/%d}")
    assert watch()[0] == "Made-up query: 1 new.\n"


def test_a_changed_question_is_asked_from_the_beginning(query, services):
    services.add(1, TITLE.replace("made-up", "invented"))
    watch()
    query.refresh_from_db()
    query.term = "invented"
    query.save()
    assert watch()[0] == "Made-up query: 1 new.\n"


def test_more_than_pubmed_hands_out_at_once_is_read_in_fewer_days(query, services, monkeypatch):
    monkeypatch.setattr(pubmed, "MOST_OF_A_QUERY", 2)
    for number in range(1, 7):
        services.add(number, f"A made-up paper, number {number}", entered=f"2026/11/{number * 3:02}")
    assert watch() == ("Made-up query: 6 new.\n", 0)
    for number in (7, 8, 9):
        services.add(number, f"A made-up paper, number {number}", entered=f"{timezone.localdate():%Y/%m/%d}")
    said, status = watch()
    assert status == 1
    assert "papers of one day" in said


def test_a_query_that_fails_does_not_stop_the_others(services):
    builders.literature_query(name="Bad", term="(made-up")
    builders.literature_query(name="Good", term="made-up")
    builders.literature_query(name="Off", term="made-up", is_active=False)
    services.add(1, TITLE)
    said, status = watch()
    assert status == 1
    assert said.startswith("Good: 1 new.\nBad: PubMed did not understand the query:")
    assert "Off" not in said
    assert watch(query=["Good"]) == ("Good: 0 new.\n", 0)
    with pytest.raises(CommandError, match="no active literature query called Off"):
        watch(query=["Off"])


def test_files_need_no_service(tmp_path, settings):
    settings.EUTILITIES_URL = "http://127.0.0.1:9"
    path = tmp_path / "export.nbib"
    path.write_text(NBIB)
    assert watch(file=[str(path)]) == (f"{path}: 2 new of 2.\n", 0)
    assert watch(file=[str(path)]) == (f"{path}: 0 new of 2.\n", 0)
    assert set(Candidate.objects.values_list("pmid", "file_name")) == {
        ("99999901", "export.nbib"),
        ("99999902", "export.nbib"),
    }
    (tmp_path / "x.pdf").write_bytes(b"%PDF")
    said, status = watch(file=[str(tmp_path / "x.pdf"), str(tmp_path / "none.ris")])
    assert status == 1
    assert "“x.pdf” is no .nbib, .ris or .bib file." in said
    assert "none.ris cannot be read: No such file" in said


def test_a_page_of_papers_costs_the_same_as_one(query, services):
    def queries(first, last):
        for number in range(first, last + 1):
            services.add(number, f"A made-up paper, number {number}, not like any other")
        with CaptureQueriesContext(connection) as captured:
            watch()
        return len(captured)

    queries(1, 1)
    assert queries(2, 2) == queries(3, 40)


# Rules of the database ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "dismissed"},
        {"status": "reference"},
        {"reason": "No."},
        {"query": None, "file_name": ""},
        {"pmid": "x"},
        {"doi": "10.1000/ONE"},
    ],
)
def test_what_the_database_refuses(fields):
    builders.candidate(doi="10.1000/one")
    with pytest.raises(IntegrityError), transaction.atomic():
        builders.candidate(**{"file_name": "", "query": builders.literature_query(), **fields})


def test_the_inbox_is_no_part_of_the_public_data():
    before = DatasetRevision.objects.get().number
    inbox.dismiss(builders.candidate(), builders.person(CURATOR), "No.")
    assert DatasetRevision.objects.get().number == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told():
    candidate = builders.candidate()
    people = [builders.person(CURATOR), builders.person(REVIEWER)]
    outcomes = at_once(
        lambda: inbox.accept(candidate, people[0], "cohort"), lambda: inbox.dismiss(candidate, people[1], "No.")
    )
    [refusal] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refusal, WorkflowError)
    assert "decided about this paper meanwhile" in str(refusal)
    candidate.refresh_from_db()
    assert Reference.objects.filter(pmid=candidate.pmid).exists() == (candidate.status == "reference")


# Deciding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "may"), [(CURATOR, True), (REVIEWER, True), (EDITOR, False)])
def test_who_decides(role, may):
    client, candidate = signed_in(role), builders.candidate()
    assert INBOX in client.get("/admin/").content.decode()
    page = client.get(f"{INBOX}{candidate.pk}/change/")
    assert page.status_code == 200
    assert ("Dismiss</button>" in page.content.decode()) == may
    assert decide(client, candidate, dismiss="yes", reason="No.").status_code == (302 if may else 409)
    candidate.refresh_from_db()
    assert candidate.status == ("dismissed" if may else "new")


def test_strangers_see_nothing():
    candidate = builders.candidate()
    for address in (INBOX, f"{INBOX}{candidate.pk}/change/", f"{INBOX}upload/"):
        assert Client().get(address).status_code == 302
        assert signed_in().get(address).status_code == 403


def test_a_paper_becomes_a_reference_and_the_form_for_evidence_has_it():
    client, candidate = signed_in(CURATOR), builders.candidate(title=TITLE, doi="10.1000/one")
    refused = decide(client, candidate, draft="yes")
    assert refused.status_code == 409
    assert "Choose a publication type." in refused.content.decode()
    answer = decide(client, candidate, draft="yes", publication_type="cohort")
    reference = Reference.objects.get(pmid=candidate.pmid)
    assert (reference.title, reference.doi, reference.publication_type) == (TITLE, "10.1000/one", "cohort")
    assert answer["Location"] == f"/admin/treatments/evidence/add/?reference={reference.pk}"
    form = client.get(answer["Location"])
    assert str(form.context["adminform"].form.initial["reference"]) == str(reference.pk)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.reference, candidate.decided_by) == ("reference", reference, client.user)
    assert candidate.title not in client.get(INBOX).content.decode()
    assert candidate.title in client.get(INBOX, {"state": "reference"}).content.decode()
    assert changes_of(reference)[0].reason.startswith("Taken from the literature inbox (query “Example query")
    assert not Evidence.objects.filter(reference=reference).exists()


def test_a_dismissal_needs_a_reason_and_keeps_what_was_typed():
    client, candidate = signed_in(CURATOR), builders.candidate()
    refused = decide(client, candidate, dismiss="yes", reason=" ")
    assert refused.status_code == 409
    assert "Say why it is dismissed." in refused.content.decode()
    assert decide(client, candidate, dismiss="yes", reason="Not about the disease.")["Location"] == INBOX
    assert "Not about the disease." in client.get(INBOX, {"state": "dismissed"}).content.decode()
    again = decide(client, candidate, dismiss="yes", reason="What I typed.")
    assert again.status_code == 409
    assert "decided about this paper meanwhile" in again.content.decode()


def test_a_paper_with_the_title_of_a_reference_is_asked_about():
    here = builders.reference(title=TITLE, pmid="99999901")
    client, candidate = signed_in(CURATOR), builders.candidate(title=TITLE, pmid="99999902")
    refused = decide(client, candidate, accept="yes", publication_type="cohort")
    assert refused.status_code == 409
    assert str(here) in refused.content.decode()
    assert decide(client, candidate, accept="yes", publication_type="cohort", although_alike="on").status_code == 302
    assert Reference.objects.get(pmid="99999902").title == TITLE


def test_a_paper_that_became_a_reference_elsewhere_waits_no_longer(services):
    client = signed_in(CURATOR)
    by_hand, imported = builders.candidate(doi="10.1000/ONE"), builders.candidate(title=TITLE, pmid="99999901")
    builders.reference(doi="10.1000/one")
    assert by_hand.title not in client.get(INBOX).content.decode()
    services.add(1, TITLE)
    page = client.post("/admin/treatments/reference/import/", {"step": "look", "text": "99999901"})
    form = {
        "step": "add",
        "kept": page.context["kept"],
        "seen": page.context["seen"],
        "add-1": "on",
        "type-1": "cohort",
    }
    client.post("/admin/treatments/reference/import/", form)
    imported.refresh_from_db()
    assert (imported.status, imported.decided_by) == ("reference", client.user)


def test_the_inbox_is_filled_from_a_file_in_the_admin():
    client = signed_in(CURATOR)
    for expected in ("2 new in the inbox; 0 were seen before.", "0 new in the inbox; 2 were seen before."):
        answer = client.post(f"{INBOX}upload/", {"file": SimpleUploadedFile("x.ris", RIS.encode())}, follow=True)
        assert expected in answer.content.decode()
    assert Candidate.objects.filter(file_name="x.ris").count() == 2
    [change] = changes_of(Candidate.objects.get(pmid="99999901"))
    assert (change.who, change.reason) == (client.user.get_username(), "Read from the file x.ris.")
    for form in ({}, {"file": SimpleUploadedFile("x.pdf", b"%PDF")}):
        assert client.post(f"{INBOX}upload/", form).status_code == 400
    assert signed_in(EDITOR).post(f"{INBOX}upload/", {}).status_code == 403


def test_a_query_is_saved_in_the_admin():
    client = signed_in(CURATOR)
    form = {"name": "Mine", "term": "dermatomyositis[ti]", "since": "2026-11-01", "is_active": "on"}
    assert client.post("/admin/treatments/literaturequery/add/", form).status_code == 302
    assert LiteratureQuery.objects.get(name="Mine").is_active


def test_filters_of_the_inbox():
    client, candidate = signed_in(CURATOR), builders.candidate()
    other = builders.candidate(query=None, file_name="x.ris")
    content = client.get(INBOX, {"query": candidate.query_id}).content.decode()
    assert candidate.title in content
    assert other.title not in content
    assert client.get(INBOX, {"state": "<b>"}).status_code == 400
    assert client.get(INBOX, {"colour": "blue"}).status_code == 302


def test_the_inbox_costs_the_same_with_many_papers():
    client = signed_in(CURATOR)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(INBOX, {"state": "all"}).status_code == 200
        return len(captured)

    builders.candidate()
    queries()
    before = queries()
    for _ in range(5):
        inbox.accept(builders.candidate(), builders.person(CURATOR), "cohort")
    assert queries() == before
