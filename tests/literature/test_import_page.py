"""The page "Add references", as a curator uses it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders
from tests.literature.stand_in import Paper
from tests.literature.test_files import BIB, DAMAGED, NBIB, RIS
from treatments.curation.history import changes_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.literature import files
from treatments.models import Reference, Trial

pytestmark = pytest.mark.django_db

PAGE = "/admin/treatments/reference/import/"
TITLE = "Exampletinib in made-up dermatomyositis: a randomized trial that nobody ever ran"
RCT = ("Journal Article", "Randomized Controlled Trial")


def signed_in(*roles):
    client = Client()
    client.user = builders.person(*roles)
    client.force_login(client.user)
    return client


@pytest.fixture
def curator():
    return signed_in(CURATOR)


def look(client, text="", name="", content=""):
    form = {"step": "look", "text": text}
    if name:
        form["file"] = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(PAGE, form)


def add(client, page, **chosen):
    """Send the form of ``page`` as it stands, with changes; a value of ``None`` unmarks."""
    form = {"step": "add", "kept": page.context["kept"], "seen": page.context["seen"]}
    for line in page.context["lines"]:
        if line.add and line.addable:
            form[f"add-{line.row.number}"] = "on"
        form[f"type-{line.row.number}"] = line.publication_type
    form |= {name.replace("_", "-"): value for name, value in chosen.items()}
    return client.post(PAGE, {name: value for name, value in form.items() if value is not None})


def states(page):
    return [line.row.state for line in page.context["lines"]]


def words(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


@pytest.mark.parametrize(("role", "may"), [(CURATOR, True), (REVIEWER, True), (EDITOR, True), (None, False)])
def test_who_may(role, may):
    client = signed_in(*filter(None, [role]))
    assert client.get(PAGE).status_code == (200 if may else 403)
    assert client.post(PAGE, {"step": "look"}).status_code == (400 if may else 403)
    if may:
        assert PAGE in client.get("/admin/treatments/reference/").content.decode()
    assert Client().get(PAGE).status_code == 302


def test_numbers_of_every_kind_are_looked_up_and_added(curator, services):
    services.add(1, TITLE, doi="10.1000/one", types=RCT)
    services.add(2, "A made-up case of Samplimab", pmcid="PMC99999902", types=("Case Reports",))
    services.add(3, "A made-up review with a DOI that PubMed knows", doi="10.1000/three", types=("Review",))
    services.add_work("10.1000/three", "The same review as Crossref writes it")
    services.add_work("10.1000/four", "Only Crossref knows this made-up cohort")
    services.add_study("NCT99000001", "A made-up trial of Exampletinib")
    page = look(curator, "99999901; PMC99999902 https://doi.org/10.1000/three 10.1000/four NCT99000001 99999999 hello")
    assert states(page) == ["new", "new", "new", "new", "new", "not_found", "not_understood"]
    assert TITLE in words(page)
    assert not Reference.objects.filter(pmid="99999901").exists()

    done = add(curator, page, type_4="cohort", note="For the made-up update.")
    assert (done.status_code, done["Location"]) == (302, PAGE)
    first = Reference.objects.get(pmid="99999901")
    assert (first.title, first.publication_type, first.doi) == (TITLE, "randomized_trial", "10.1000/one")
    assert first.slug == "example-2026-exampletinib-in-made-up-dermatomyositis"
    [check] = first.source_checks
    assert (check["grade"], check["source"]) == ("primary", "https://pubmed.ncbi.nlm.nih.gov/99999901/")
    assert Reference.objects.get(doi="10.1000/three").pmid == "99999903"
    fourth = Reference.objects.get(doi="10.1000/four")
    assert (fourth.publication_type, fourth.source_checks[0]["grade"]) == ("cohort", "secondary")
    trial = Trial.objects.get(nct_id="NCT99000001")
    assert (trial.status, trial.phase, trial.enrollment) == ("recruiting", "2/3", 90)
    [change] = changes_of(first)
    assert change.who == curator.user.get_username()
    assert change.reason.startswith("Imported from PubMed, PubMed and Crossref, Crossref, ClinicalTrials.gov.")
    assert change.reason.endswith("For the made-up update.")
    assert "Added 5:" in words(curator.get(PAGE))


def test_fifty_at_once_with_a_number_of_requests_and_queries_that_does_not_grow(curator, services):
    for number in range(1, 51):
        services.add(number, f"A made-up paper about Exampletinib, number {number}", types=RCT)

    def cost(count):
        services.asked.clear()
        with CaptureQueriesContext(connection) as queries:
            page = look(curator, "\n".join(str(99_999_900 + number) for number in range(1, count + 1)))
        assert states(page) == ["new"] * count
        return len(queries), len(services.asked)

    assert cost(50) == cost(2)
    assert cost(50)[1] == 1


def test_what_is_here_is_recognised_by_every_identifier_and_by_its_title(curator, services):
    here = builders.reference(title=TITLE, pmid="99999901", doi="10.1000/ONE", pmcid="PMC99999901")
    services.add(1, TITLE, doi="10.1000/one", pmcid="PMC99999901")
    services.add(2, TITLE.replace(":", " –").upper())
    for text in ("99999901", "10.1000/One", "PMC99999901"):
        page = look(curator, text)
        assert states(page) == ["here"]
        assert f"Already here as {here}" in words(page)
    page = look(curator, "99999902")
    [line] = page.context["lines"]
    assert (line.row.state, line.row.row, line.add) == ("possible", here, False)
    assert add(curator, page).status_code == 409
    assert add(curator, page, add_1="on", type_1="cohort").status_code == 302
    assert Reference.objects.get(pmid="99999902").publication_type == "cohort"


def test_the_same_paper_twice_in_one_list_is_added_once(curator, services):
    services.add(1, TITLE, doi="10.1000/one", types=RCT)
    page = look(curator, "99999901 10.1000/one https://pubmed.ncbi.nlm.nih.gov/99999901/")
    assert states(page) == ["new", "repeated"]
    add(curator, page)
    assert Reference.objects.filter(pmid="99999901").count() == 1


def test_a_retraction_is_shown_and_never_overwrites_silently(curator, services):
    here = builders.reference(title=TITLE, pmid="99999901", authors="", year=2026)
    sound = builders.reference(title="Another", pmid="99999902", retraction_status="retracted")
    services.add(1, TITLE, types=(*RCT, "Retracted Publication"), doi="10.1000/one")
    services.add(2, "Another")
    services.add(3, "Quite another made-up paper, new", more=(("RIN", "J Made Up. 2026;1:1."),), types=RCT)
    page = look(curator, "99999901 99999902 99999903")
    suggested = page.context["lines"][0].row.suggestions
    assert (suggested[0].name, suggested[0].grave) == ("retraction_status", True)
    assert "retraction_status" not in {one.name for one in page.context["lines"][1].row.suggestions}
    assert page.context["lines"][2].standing == "Retracted"
    add(curator, page)
    here.refresh_from_db()
    sound.refresh_from_db()
    assert (here.retraction_status, here.authors, sound.retraction_status) == ("none_recorded", "", "retracted")
    assert Reference.objects.get(pmid="99999903").retraction_status == "retracted"

    page = look(curator, "99999901")
    assert add(curator, page, take_1=["retraction_status", "authors"]).status_code == 302
    here.refresh_from_db()
    assert (here.retraction_status, here.authors, here.doi) == ("retracted", "Example AB, Sample C", None)
    assert here.source_checks[-1]["note"] == "imported from PubMed"
    assert "Imported from PubMed." in {change.reason for change in changes_of(here)}


def test_a_trial_that_is_here_takes_over_its_new_status_with_the_day(curator, services):
    trial = builders.trial(nct_id="NCT99000001", status="recruiting", status_as_of="2020-01", title="A made-up trial")
    services.add_study("NCT99000001", "A made-up trial", overallStatus="COMPLETED")
    page = look(curator, "NCT99000001")
    assert {one.name for one in page.context["lines"][0].row.suggestions} >= {"status", "phase", "sponsor"}
    add(curator, page, take_1="status")
    trial.refresh_from_db()
    assert (trial.status, trial.phase) == ("completed", "")
    assert trial.status_as_of > "2026"


@pytest.mark.parametrize("mood", [503, "closed", "truncated", ("says", "no"), ("says", "{}")])
def test_a_service_that_cannot_be_asked_is_said_and_nothing_typed_is_lost(curator, services, settings, mood):
    settings.LITERATURE_RETRIES = 0
    builders.reference(pmid="99999901")
    services.always = mood
    typed = "99999901, 99999902\nNCT99000001 10.1000/one"
    page = look(curator, typed)
    assert page.status_code == 200
    assert typed in page.content.decode()
    assert page.context["lines"][0].row.state == "here"
    if mood != ("says", "{}"):
        assert states(page)[1:] == ["not_asked"] * 3
    assert "or save the records as .nbib, .ris or .bib" in words(page)


@pytest.mark.parametrize(("name", "content", "count"), [("x.nbib", NBIB, 2), ("x.ris", RIS, 2), ("x.bib", BIB, 1)])
def test_files_are_added_without_any_service(curator, settings, name, content, count):
    settings.EUTILITIES_URL = settings.CROSSREF_URL = settings.CLINICALTRIALS_URL = "http://127.0.0.1:9"
    page = look(curator, name=name, content=content)
    assert states(page) == ["new"] * count
    before = Reference.objects.count()
    refused = add(curator, page, **{f"type_{number}": "" for number in range(1, count + 1)})
    assert refused.status_code == 409
    assert "Choose a publication type for number 1." in words(refused)
    assert Reference.objects.count() == before
    assert add(curator, refused, type="case_series").status_code == 302
    assert Reference.objects.count() == before + count
    added = Reference.objects.get(pmid="99999901")
    assert added.source_checks[0]["grade"] == "secondary"
    assert added.source_checks[0]["note"] == "imported from a citation file", "readers see it, and no names of files"
    assert changes_of(added)[0].reason == f"Imported from the file {name}."
    assert states(look(curator, name=name, content=content)) == ["here"] * count


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.pdf", b"%PDF", "is no .nbib, .ris or .bib file"),
        ("x.nbib", b"P" * (files.LARGEST_FILE + 1), "is larger than 5 MB"),
        ("x.nbib", "\n".join(Paper(str(99_000_000 + n), f"T{n}").medline() for n in range(301)), "has 301 records"),
    ],
)
def test_files_that_are_not_taken(curator, name, content, sentence):
    page = look(curator, "  ", name, content)
    assert page.status_code == 400
    assert sentence in words(page)


def test_nothing_typed(curator):
    page = look(curator)
    assert page.status_code == 400
    assert "Paste identifiers or choose a file." in words(page)


def test_the_list_that_is_sent_back_is_the_one_that_was_sent_out(curator):
    page = look(curator, name="x.ris", content=RIS)
    for kept in ("", "x", page.context["kept"][:-1]):
        assert add(curator, page, kept=kept, type="cohort").status_code == 400
    assert not Reference.objects.filter(pmid="99999901").exists()


def test_all_or_nothing(curator):
    page = look(curator, name="x.ris", content=RIS)
    before = Reference.objects.count()
    refused = add(curator, page, type="cohort", note="x" * 1_001)
    assert refused.status_code == 409
    builders.reference(pmid="99999902")  # somebody else adds the second of the two meanwhile
    refused = add(curator, page, type="cohort")
    assert refused.status_code == 409
    assert "Somebody else changed references meanwhile." in words(refused)
    assert states(refused) == ["new", "here"]
    assert Reference.objects.count() == before + 1


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([f"x{ending}" for ending in files.ENDINGS]), content=DAMAGED)
def test_damaged_files_are_never_an_error_and_never_half_written(curator, name, content):
    page = look(curator, name=name, content=content)
    assert page.status_code in (200, 400)
    if page.context["lines"]:
        before = Reference.objects.count()
        wanted = sum(line.add for line in page.context["lines"])
        done = add(curator, page, type="cohort")
        assert done.status_code in (302, 409)
        added = Reference.objects.count() - before
        assert added == (wanted if done.status_code == 302 else 0)
        Reference.objects.filter(publication_type="cohort", source_checks__0__note__startswith="imported from").update(
            pmid=None, doi=None, pmcid=None, title="Forgotten"
        )
