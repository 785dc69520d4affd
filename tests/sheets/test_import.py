"""What a sheet changes: drafts of whoever imports it, all or nothing, under the rules that hold everywhere."""

import io
import re
import zipfile

import openpyxl
import pytest
from django.utils import timezone

from tests import builders
from treatments.curation.assignments import take_on
from treatments.curation.history import changes_of
from treatments.curation.workflow import Step, legal_steps, start_revision, submit
from treatments.models import Evidence
from treatments.models.choices import ClaimStatus
from treatments.sheets.formats import CSV, XLSX, FileRefused
from treatments.sheets.importing import import_sheet
from treatments.sheets.resource import BOTH, DRAFTS, PUBLISHED, in_scope

from .sheet import as_csv, entry, exported, imported, problems, result, rows_of

pytestmark = pytest.mark.django_db


def changed(claim, **cells):
    """An export of ``claim`` with other values in the first row."""
    rows = rows_of(exported(Evidence.objects.filter(pk=claim.pk)))
    rows[0] |= cells
    return as_csv(*rows)


# New entries


def test_a_new_entry_with_two_results_becomes_a_draft():
    person, before = builders.person("curator"), Evidence.objects.count()
    antibody, feature = builders.autoantibody(), builders.manifestation()
    content = as_csv(
        entry(
            autoantibodies=antibody.slug,
            manifestations=f"{feature.name}; {builders.manifestation().slug}",
            level="2",
            n_treated="12",
            source_checks="primary | every figure | https://pubmed.example/1/\nsecondary | the abstract",
            last_checked_on="2026-11-23",
            **{"result_number": "2", **result(treated_value="79.0", treated_unit="%"), "entry": "new 1"},
        ),
        result(result_number="1", label="The first", p_value="<0.05"),
    )
    found = imported(content, person)
    assert problems(found) == []
    claim = Evidence.objects.latest("pk")
    assert Evidence.objects.count() == before + 1
    assert (claim.status, claim.author, claim.version) == (ClaimStatus.DRAFT, person, 1)
    assert (claim.aspect, claim.setting, claim.n_treated, claim.n_control) == ("efficacy", "any", 12, None)
    assert [row.label for row in claim.results.all()] == ["The first", "Made-up response"]
    assert str(claim.results.last().treated_value) == "79.0"
    assert [str(row) for row in claim.autoantibodies.all()] == [str(antibody)]
    assert claim.manifestations.count() == 2
    assert claim.source_checks[1] == {"what": "the abstract", "grade": "secondary"}
    (change,) = {(change.who, change.reason) for change in changes_of(claim)}
    assert change == (person.username, "Imported from made-up.csv.")


def test_who_imports_does_not_publish():
    person = builders.person("curator", "reviewer")
    imported(as_csv(entry()), person)
    claim = submit(Evidence.objects.latest("pk"), person)
    assert Step.PUBLISH not in legal_steps(claim, person)
    assert Step.PUBLISH in legal_steps(claim, builders.person("reviewer"))


def test_names_and_labels_are_understood():
    source = builders.reference(pmid=99_000_001)
    drug = builders.treatment("Exampletinib the Second")
    cells = entry(treatment=drug.name.upper(), reference="99000001", design="Randomized controlled trial")
    assert problems(imported(as_csv(cells))) == []
    claim = Evidence.objects.latest("pk")
    assert (claim.treatment, claim.reference, claim.design) == (drug, source, "randomized_controlled_trial")


def test_the_same_file_twice_adds_nothing_the_second_time():
    content = as_csv(entry(), entry("new 2"))
    assert imported(content).totals["new"] == 2
    assert imported(content).totals == {**dict.fromkeys(imported(content).totals, 0), "skip": 2}


def test_who_may_not_draft_imports_nothing():
    found = imported(as_csv(entry()), builders.person("editor"))
    assert "Your roles do not include this" in problems(found)[0][2]


# Entries that are there


def test_a_published_entry_becomes_a_revision():
    claim = builders.published(builders.evidence(statement="Old.", autoantibodies=[builders.autoantibody()]))
    person = builders.person("curator")
    found = imported(changed(claim, statement="New."), person, reason="A misprint")
    assert problems(found) == []
    claim.refresh_from_db()
    revision = Evidence.objects.get(supersedes=claim)
    assert (claim.status, claim.statement) == (ClaimStatus.PUBLISHED, "Old.")
    assert (revision.status, revision.version, revision.author) == (ClaimStatus.DRAFT, 2, person)
    assert (revision.statement, revision.autoantibodies.count()) == ("New.", 1)
    assert revision.change_note == "A misprint", "readers see it, and no names of files"
    told = {(change.step, change.reason) for change in changes_of(revision)}
    assert told == {("import", "A misprint (imported from made-up.csv)")}


def test_a_revision_needs_a_reason():
    claim = builders.published(builders.evidence())
    found = imported(changed(claim, statement="New."))
    assert "say why" in problems(found)[0][2]
    assert not Evidence.objects.filter(supersedes=claim).exists()


def test_results_and_links_are_replaced():
    claim = builders.published(builders.evidence(autoantibodies=[builders.autoantibody()]))
    builders_result = {"label": "Another", "measure": "fvc", "kind": "rate"}
    imported(changed(claim, autoantibodies="", **builders_result), reason="Made up")
    revision = Evidence.objects.get(supersedes=claim)
    assert revision.autoantibodies.count() == 0
    assert [row.label for row in revision.results.all()] == ["Another"]


def test_ones_own_draft_is_edited():
    person = builders.person("curator")
    claim = builders.evidence(author=person, limitations="Few patients.")
    found = imported(changed(claim, statement="New.", limitations=""), person)
    claim.refresh_from_db()
    assert (found.totals["update"], claim.statement, claim.limitations) == (1, "New.", "")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("draft", "is a draft of"), ("in_review", "is in review"), ("retracted", "is retracted")],
)
def test_what_cannot_be_changed_is_refused(state, sentence):
    other = builders.person("curator")
    claim = builders.evidence(author=other)
    if state == "in_review":
        claim = submit(claim, other)
    if state == "retracted":
        claim = builders.retracted(builders.published(claim))
    content = changed(claim, statement="New.")
    row, column, said = problems(imported(content))[0]
    assert (row, column) == (2, "entry")
    assert sentence in said
    if state != "retracted":
        assert imported(changed(claim)).totals["skip"] == 1


def test_a_draft_that_somebody_else_has_in_hand_is_refused():
    person = builders.person("curator")
    claim = builders.evidence(author=person)
    take_on(claim, builders.person("curator"))
    assert "is working on" in problems(imported(changed(claim, statement="New."), person))[0][2]


def test_an_export_that_is_out_of_date_is_refused():
    person = builders.person("curator")
    claim = builders.evidence(author=person)
    old = changed(claim, statement="Mine.")
    claim.limitations = "Somebody else's."
    claim.save()
    assert problems(imported(old, person))[0][:2] == (2, "fingerprint")
    claim.refresh_from_db()
    assert claim.limitations == "Somebody else's."


def test_an_open_revision_of_ones_own_is_not_overwritten_from_the_published_version():
    person = builders.person("curator")
    claim = builders.published(builders.evidence())
    old = changed(claim, statement="From the published one.")
    revision = start_revision(claim, person, "Made up")
    revision.statement = "Worked on."
    revision.save()
    assert problems(imported(old, person, reason="x"))[0][1] == "fingerprint"
    assert imported(changed(claim), person).totals["skip"] == 1


def test_a_column_that_is_left_out_is_left_alone():
    claim = builders.published(builders.evidence(limitations="Few patients.", safety="Tolerated."))
    builders_rows = {"entry": claim.accession, "limitations": "Other."}
    found = imported(as_csv(builders_rows, headings=["entry", "limitations"]), reason="Made up")
    assert problems(found) == []
    revision = Evidence.objects.get(supersedes=claim)
    assert (revision.limitations, revision.safety, revision.results.count()) == ("Other.", "Tolerated.", 0)


# What is wrong


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"treatment": "nothing-like-it"}, "treatment", "which is no treatment here"),
        ({"treatment": "tofacitinb"}, "treatment", "Did you mean “tofacitinib”?"),
        ({"statement": ""}, "statement", "is missing"),
        ({"level": "9"}, "level", "which is no evidence level here"),
        ({"design": "guesswork"}, "design", "which is not one of"),
        ({"n_treated": "twelve"}, "n_treated", "must be a whole number"),
        ({"n_treated": "-1"}, "n_treated", "is not right"),
        ({"last_checked_on": "yesterday"}, "last_checked_on", "must be a date"),
        ({"autoantibodies": "anti-mda5; anti-mda5"}, "autoantibodies", "twice"),
        ({"autoantibodies": "anti-xyz"}, "autoantibodies", "which is no autoantibody here"),
        ({"source_checks": "primary | every figure"}, "source_checks", "must name its source"),
        ({"source_checks": "a|b|c|d|e|f"}, "source_checks", "has a line of 6 parts"),
        ({"design": "expert_opinion", "level": "1"}, "design, level", "This design cannot carry that level."),
        ({"aspect": "safety", "direction": "no_benefit"}, "aspect, direction", "does not go with this aspect"),
        (result(treated_value="12,5"), "treated_value", "must be a number such as 12 or 0.50"),
        (result(treated_value="1" * 16), "treated_value", "at most 15 digits"),
        (result(measure="nothing"), "measure", "which is no outcome measure here"),
        (result(kind=""), "kind", "is missing"),
        (result(treated_events="5", treated_total="4"), "treated_events, treated_total", "more events than patients"),
        (
            result(effect_value="9", effect_ci_low="1", effect_ci_high="2"),
            "effect_value, effect_ci_low, effect_ci_high",
            "does not contain the effect",
        ),
        (
            result(treated_events="1", treated_total="4", treated_value="50", treated_unit="%"),
            "treated_events",
            "1 of 4 is 25.00 %, not 50 %",
        ),
        (result(result_number="first"), "result_number", "must be a whole number"),
        ({"entry": "EV99999"}, "entry", "There is no EV99999."),
        ({"entry": ""}, "entry", "is missing"),
        ({"entry": "x" * 81}, "entry", "longer than 80"),
    ],
)
def test_every_fault_is_told_with_its_cell(cells, column, sentence):
    before = Evidence.objects.count()
    found = problems(imported(as_csv(entry("good"), entry(**{**cells, "entry": cells.get("entry", "new 1")}))))
    assert [(row, name) for row, name, _ in found] == [(3, column)]
    assert sentence in found[0][2]
    assert Evidence.objects.count() == before


def test_all_faults_are_told_at_once():
    content = as_csv(entry(level="9"), result(kind="", treated_value="x"), entry("new 2", statement="", n_treated="x"))
    assert {(row, column) for row, column, _ in problems(imported(content))} == {
        *((2, "level"), (3, "kind"), (3, "treated_value")),
        *((4, "statement"), (4, "n_treated")),
    }


def test_what_is_retired_is_not_used_anew():
    drug = builders.treatment(retired_on=timezone.localdate(), retirement_reason="Made up.")
    claim = builders.published(builders.evidence(treatment=drug))
    assert problems(imported(as_csv(entry(treatment=drug.slug))))[0][1:] == (
        "treatment",
        f"names “{drug.slug}”, which is retired.",
    )
    assert problems(imported(changed(claim, statement="New."), reason="Made up")) == []


def test_rows_of_one_entry_do_not_contradict_each_other():
    content = as_csv(entry(), {**result(), "statement": "Another."})
    assert problems(imported(content)) == [
        (3, "statement", "says something else than row 2 of this entry; leave it empty here.")
    ]


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (["entry", "treatmnt"], "did you mean “treatment”?"),
        (["entry", "entry"], "is the heading of two columns"),
        (["treatment"], "it says which rows belong together"),
        (["entry", "kind"], "all columns of results or none"),
    ],
)
def test_headings_are_checked(headings, sentence):
    content = (",".join(headings) + "\n" + ",".join("x" for _ in headings)).encode()
    assert sentence in problems(imported(content))[0][2]


def test_a_dry_run_writes_nothing():
    before = Evidence.objects.count()
    assert imported(as_csv(entry()), dry_run=True).totals["new"] == 1
    assert Evidence.objects.count() == before


def test_an_import_that_is_stopped_on_the_way_has_written_nothing():
    """A reader who leaves while the page is sent ends it so."""
    before = Evidence.objects.count()
    steps = import_sheet(CSV().create_dataset(as_csv(entry())), builders.person("curator"), file_name="made-up.csv")
    assert "Written" in [next(steps).step for _ in range(4)]
    assert Evidence.objects.count() == before + 1  # in the transaction that now ends
    steps.close()
    assert Evidence.objects.count() == before


# Files


def typed(value, column, number_format="General"):
    """The problems of an XLSX file in which a person typed ``value`` into a cell that is not text."""
    dataset = CSV().create_dataset(as_csv({**result(), **entry()}))
    book = openpyxl.Workbook()
    book.active.append(dataset.headers)
    book.active.append(list(dataset[0]))
    cell = book.active.cell(2, dataset.headers.index(column) + 1, value)
    cell.number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return problems(imported(stream.getvalue(), kind=XLSX))


def test_numbers_typed_into_a_workbook_are_taken_as_they_are_shown():
    assert typed(79, "treated_value") == []
    assert str(Evidence.objects.latest("pk").results.get().treated_value) == "79"
    assert typed(0.29, "p_value") == []
    assert Evidence.objects.latest("pk").results.get().p_value == "0.29"


@pytest.mark.parametrize(
    ("value", "number_format", "sentence"),
    [
        (79, "0.00", "is formatted as “0.00”"),
        (0.5, "0%", "is formatted as “0%”"),
        ("=1+1", "General", "holds a formula"),
        (timezone.datetime(2026, 3, 4), "d-mmm", "was made a date (2026-03-04)"),
    ],
)
def test_a_cell_that_shows_something_else_than_it_holds_is_refused(value, number_format, sentence):
    ((row, column, said),) = typed(value, "p_value", number_format)
    assert (row, column) == (2, "p_value")
    assert sentence in said


def test_a_real_date_is_taken_in_the_column_of_dates():
    assert typed(timezone.datetime(2026, 3, 4), "last_checked_on", "yyyy-mm-dd") == []
    assert str(Evidence.objects.latest("pk").last_checked_on) == "2026-03-04"


def test_the_template_offers_values_and_explains_every_column():
    book = openpyxl.load_workbook(io.BytesIO(exported(Evidence.objects.none(), XLSX)))
    sheet = book["Evidence"]
    headings = [cell.value for cell in sheet[1]]
    lists = {
        cell.value: [other.value for other in column[1:] if other.value]
        for column in book["Lists"].columns
        for cell in column[:1]
    }
    offered = {
        headings[openpyxl.utils.column_index_from_string(re.match("[A-Z]+", str(one.sqref))[0]) - 1]: one
        for one in sheet.data_validations.dataValidation
    }
    assert offered.keys() == lists.keys() > {"treatment", "measure", "design", "kind", "autoantibodies"}
    assert "tofacitinib" in lists["treatment"]
    assert lists["direction"] == ["supports", "mixed", "no_benefit", "harm", "inconclusive"]
    for heading, one in offered.items():
        assert one.formula1.endswith(f"${len(lists[heading]) + 1}")
    assert {row[0].value for row in book["Columns"].rows} >= {*headings}
    assert all(sheet.column_dimensions[cell.column_letter].number_format == "@" for cell in sheet[1])


@pytest.mark.parametrize("kind", [CSV, XLSX])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04broken", b'"', b"\n\n", b"x" * 11_000_000])
def test_what_is_no_spreadsheet_is_refused(kind, content):
    try:
        found = problems(imported(content, kind=kind))
    except FileRefused as refusal:
        found = [str(refusal)]
    assert found


def test_a_sheet_of_far_cells_is_refused_before_it_is_read_through():
    """Each such row is as wide as a sheet can be, and takes a few bytes: all of them would take many minutes."""
    book = openpyxl.Workbook()
    book.active.append(["entry"])
    for row in range(2, 2_000):
        book.active.cell(row, 16_384).font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(FileRefused, match="far to the right"):
        XLSX().create_dataset(stream.getvalue())


def test_a_file_that_would_grow_when_unpacked_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 101 * 1024 * 1024)
    with pytest.raises(FileRefused, match="too large when it is unpacked"):
        XLSX().create_dataset(stream.getvalue())


# What is exported


def test_a_draft_stands_in_for_the_version_it_revises():
    claim = builders.published(builders.evidence())
    revision = start_revision(claim, builders.person("curator"), "Made up")
    draft = builders.evidence()
    rows = Evidence.objects.filter(pk__in=[claim.pk, revision.pk, draft.pk])
    assert {*in_scope(rows, PUBLISHED)} == {claim}
    assert {*in_scope(rows, DRAFTS)} == {revision, draft}
    assert {*in_scope(rows, BOTH)} == {revision, draft}
    assert in_scope(Evidence.objects.all(), BOTH).count() == Evidence.objects.published().count() + 1


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries):
    content = as_csv(*(entry(f"new {number}") for number in range(40)))
    person = builders.person("curator")
    with django_assert_max_num_queries(90):  # an accession each, and a fixed number
        assert imported(content, person).totals["new"] == 40
