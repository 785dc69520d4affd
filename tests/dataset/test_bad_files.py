"""A data set with mistakes: every one is named with its file and line, and nothing is written."""

import pytest

from treatments.dataset import DataSetRefused, load
from treatments.models import DatasetRevision, Release, Treatment

from .small_set import copy, line_of, replace

pytestmark = pytest.mark.django_db


def problems_of(directory):
    """What a load says is wrong, after seeing that it wrote nothing."""
    with pytest.raises(DataSetRefused) as refusal:
        load(directory)
    assert DatasetRevision.current().number == 0
    assert not Treatment.objects.exists()
    assert not Release.objects.exists()
    return [str(problem) for problem in refusal.value.problems]


# File, what to put for what, the line that is to be named (or a text on it), and what is to be said about it.
MISTAKES = {
    "unknown field": (
        "treatments.yaml",
        ("  drug_class: Example inhibitor", "  drug_clas: Example inhibitor"),
        "drug_clas:",
        '"drug_clas" is not a field; did you mean "drug_class"?',
    ),
    "unlike any field": (
        "evidence.yaml",
        ("    kind: mean_change", "    kind: mean_change\n    zzz: 1"),
        "zzz:",
        '"zzz" is not a field; the fields here are measure, label, timepoint, kind,',
    ),
    "missing field": (
        "treatments.yaml",
        ("  summary: Another.\n", ""),
        "slug: samplimab",
        '"summary" is missing.',
    ),
    "missing field of a part": (
        "evidence.yaml",
        ("    label: Change\n", ""),
        45,
        '"label" is missing.',
    ),
    "evidence must say whom it is about": (
        "evidence.yaml",
        ("  autoantibodies: []\n", ""),
        "EV90002",
        '"autoantibodies" is missing.',
    ),
    "number for text": (
        "references.yaml",
        ("  volume: '12'", "  volume: 12"),
        "volume: 12",
        '"volume" must be text; put 12 in quotes.',
    ),
    "truth value for text": (
        "autoantibodies.yaml",
        ("  - 'yes'", "  - yes"),
        "- yes",
        '"synonyms" must be text; put yes in quotes.',
    ),
    "text for number": (
        "references.yaml",
        ("  year: 2020", "  year: MMXX"),
        "MMXX",
        '"year" must be a whole number, not "MMXX".',
    ),
    "quoted number": ("references.yaml", ("  year: 2020", "  year: '2020'"), "year:", '"year" must be a whole number'),
    "octal number": ("references.yaml", ("  year: 2020", "  year: 02020"), "year:", '"year" must be a whole number'),
    "base sixty": ("evidence.yaml", ("      events: 5", "      events: 1:30"), "1:30", '"events" must be a whole'),
    "exponent": (
        "outcome_measures.yaml",
        ("  maximum: 10.50", "  maximum: 1.0e+3"),
        "maximum:",
        '"maximum" must be a number such as 12 or 0.50, not "1.0e+3".',
    ),
    "not a number": ("outcome_measures.yaml", ("  maximum: 10.50", "  maximum: .nan"), "maximum:", "must be a number"),
    "too many digits": (
        "outcome_measures.yaml",
        ("  maximum: 10.50", "  maximum: 10.00000000000000001"),
        "maximum:",
        "A figure has at most 15 digits.",
    ),
    "negative count": ("evidence.yaml", ("  n_treated: 10", "  n_treated: -1"), "n_treated:", '"n_treated" is not'),
    "count beyond the column": (
        "evidence.yaml",
        ("  n_treated: 10", "  n_treated: 99999999999"),
        "n_treated:",
        '"n_treated" is not right: Ensure this value is less than or equal to 2147483647.',
    ),
    "other truth value": (
        "treatments.yaml",
        ("for_dermatomyositis: false", "for_dermatomyositis: no"),
        "for_dermatomyositis",
        '"for_dermatomyositis" must be true or false, not "no".',
    ),
    "no date": (
        "references.yaml",
        ("  retired_on: '2026-01-30'", "  retired_on: '2026-02-30'"),
        "2026-02-30",
        '"retired_on" must be a date such as 2026-11-23, not "2026-02-30".',
    ),
    "partial date": (
        "trials.yaml",
        ("status_as_of: '2025-11'", "status_as_of: '2025-13'"),
        "2025-13",
        '"status_as_of" is not right: A date: 2025, 2025-11 or 2025-11-20.',
    ),
    "empty text": ("evidence.yaml", ("  regimen: 5 mg", "  regimen: ''"), "regimen", '"regimen" has no value; leave'),
    "no value": ("evidence.yaml", ("  regimen: 5 mg", "  regimen:"), "regimen", '"regimen" has no value; leave'),
    "text for a list": ("mechanisms.yaml", ("  - EXM1\n  - EXM2\n", "    EXM1\n"), "EXM1", '"genes" must be a list.'),
    "list for text": ("manifestations.yaml", ("Made up.", "[a, b]"), "description", '"description" must be text.'),
    "text for a map": (
        "evidence.yaml",
        ("    p_value: '0.05'", "    p_value: {}"),
        "p_value",
        '"p_value" must be text.',
    ),
    "list for a map": (
        "phenotype_associations.yaml",
        ("    kind: odds_ratio\n    value: 2.0\n    ci_low: 1.10\n    ci_high: 3\n", "  - 2.0\n"),
        "- 2.0",
        '"effect" must be a map of fields.',
    ),
    "not on the list": (
        "treatments.yaml",
        ("  kind: biologic", "  kind: biological"),
        "biological",
        '"kind" is "biological", which is not one of small_molecule, biologic, blood_product,',
    ),
    "unknown population of a prevalence": (
        "autoantibodies.yaml",
        ("    juvenile:", "    children:"),
        "children:",
        '"prevalence" is "children", which is not one of adult, juvenile, mixed.',
    ),
    "text too long": (
        "references.yaml",
        ("  issue: Suppl 1", f"  issue: {'Suppl ' * 10}1"),
        "issue",
        "Ensure this value has at most 30 characters (it has 61).",
    ),
    "slug": (
        "manifestations.yaml",
        ("- slug: example-rash", "- slug: example rash"),
        "slug",
        '"slug" is not right: Enter a valid',
    ),
    "gene": ("mechanisms.yaml", ("  - EXM2", "  - exm 2"), "- EXM1", "Not written like a gene symbol: exm 2."),
    "PMID": ("references.yaml", ("pmid: '99999901'", "pmid: PMID9"), "PMID9", "This is not a PubMed identifier; it"),
    "DOI": ("references.yaml", ("10.9999/example.1", "doi.org/10.9999"), "doi:", "This is not a DOI identifier;"),
    "PMCID": ("references.yaml", ("PMC99999901", "99999901x"), "pmcid:", "not a PubMed Central identifier"),
    "NCT": ("trials.yaml", ("NCT99999902", "NCT9999X"), "NCT9999X", "not a ClinicalTrials.gov identifier"),
    "HPO": ("manifestations.yaml", ("HP:9999999", "HP9999999"), "hpo_id", "not a Human Phenotype Ontology identifier"),
    "ATC": ("treatments.yaml", ("X99XX99", "X99"), "atc_code", "not a ATC identifier"),
    "ChEMBL": ("treatments.yaml", ("CHEMBL99999999", "99999999x"), "chembl_id", "not a ChEMBL identifier"),
    "year": ("references.yaml", ("  year: 2020", "  year: 202"), "- slug: sample-2020", "A year lies between 1850 and"),
    "unknown slug": (
        "evidence.yaml",
        ("  treatment: samplimab", "  treatment: samplimap"),
        "samplimap",
        '"treatment" names "samplimap", which is not in treatments.yaml.',
    ),
    "unknown slug in a list": (
        "trials.yaml",
        ("  - samplimab", "  - samplimap"),
        "samplimap",
        '"treatments" names "samplimap", which is not in treatments.yaml.',
    ),
    "unknown slug in a part": (
        "treatments.yaml",
        ("  - mechanism: example-pathway", "  - mechanism: example-path"),
        16,
        '"mechanism" names "example-path", which is not in mechanisms.yaml.',
    ),
    "unknown evidence": (
        "appraisals.yaml",
        ("EV90002", "EV90009"),
        "EV90009",
        '"rests_on" names "EV90009", which is not in evidence.yaml.',
    ),
    "same field twice": (
        "treatments.yaml",
        ("  kind: biologic", "  kind: biologic\n  kind: topical"),
        "kind: topical",
        '"kind" is given twice, first on line ',
    ),
    "same slug twice": (
        "mechanisms.yaml",
        ("- slug: example-pathway", "- slug: example-a-target"),
        14,
        'slug "example-a-target" is used already, on line 1.',
    ),
    "same identifier twice": (
        "references.yaml",
        ("  title: A guideline that nobody wrote", "  title: A guideline\n  pmid: '99999901'"),
        22,
        'pmid "99999901" is used already, on line 1.',
    ),
    "same DOI in other letters": (
        "references.yaml",
        ("- slug: sample-2021\n", "- slug: sample-2021\n  doi: 10.9999/EXAMPLE.1\n"),
        "EXAMPLE.1",
        'doi "10.9999/EXAMPLE.1" is used already, on line 1.',
    ),
    "same accession twice": ("evidence.yaml", ("EV90002", "EV90001"), "", 'accession "EV90001" is used already'),
    "same key twice": (
        "recommendations.yaml",
        ("- accession: RC90002", "- accession: RC90002\n  key: sample-2021-for-exampletinib"),
        "",
        'key "sample-2021-for-exampletinib" is used already, on line 1.',
    ),
    "same link twice": ("appraisals.yaml", ("EV90002", "EV90001"), "", '"rests_on" names "EV90001" twice.'),
    "same threshold twice": (
        "outcome_measures.yaml",
        ("    population: juvenile", "    population: adult"),
        12,
        '"thresholds" has the same label and population twice.',
    ),
    "same mechanism of action twice": (
        "treatments.yaml",
        ("  - mechanism: example-a-target\n    action: blocks", "  - mechanism: example-pathway\n    action: inhibits"),
        "",
        '"mechanisms" has the same mechanism and action twice.',
    ),
    "accession of another kind": ("evidence.yaml", ("EV90002", "RC90002"), "RC90002", 'rule "evidence_accession_form"'),
    "nothing to recognise a claim by": (
        "evidence.yaml",
        ("- accession: EV90002\n  treatment", "- treatment"),
        "- treatment",
        'A row needs an "accession" or a "key" to be recognised by.',
    ),
    "more events than patients": (
        "evidence.yaml",
        (
            "      events: 5\n      total: 10\n      value: 50\n",
            "      events: 11\n      total: 10\n      value: 110\n",
        ),
        "- measure: example-score",
        "Treated: there cannot be more events than patients.",
    ),
    "percentage that the counts contradict": (
        "evidence.yaml",
        ("      value: 50\n", "      value: 55\n"),
        28,
        "Treated: 5 of 10 is 50.00 %, not 55 %.",
    ),
    "effect outside its interval": (
        "evidence.yaml",
        ("      ci_high: 75", "      ci_high: 45"),
        "- measure: example-score",
        "The confidence interval does not contain the effect.",
    ),
    "interval upside down": (
        "phenotype_associations.yaml",
        ("    ci_high: 3", "    ci_high: 1.05"),
        "PA90001",
        "The confidence interval does not contain the effect.",
    ),
    "unit without a value": (
        "evidence.yaml",
        ("      value: 0.0\n", ""),
        "- measure",
        "Control: a unit needs a value.",
    ),
    "ratio of nothing": (
        "phenotype_associations.yaml",
        ("    value: 2.0\n    ci_low: 1.10\n    ci_high: 3\n", "    value: 0\n"),
        "PA90001",
        "An effect has a kind and a value greater than zero.",
    ),
    "frequency upside down": (
        "phenotype_associations.yaml",
        ("    low: 5\n", "    low: 50\n"),
        "PA90001",
        "A range in percent: 0 ≤ low ≤ high ≤ 100.",
    ),
    "frequency without its unit": (
        "phenotype_associations.yaml",
        ("    unit: '%'\n", ""),
        "low: 5",
        '"frequency" needs its unit, which is always "%".',
    ),
    "prevalence over a hundred": (
        "autoantibodies.yaml",
        ("      high: 20\n", "      high: 120\n"),
        "adult:",
        "A range in percent: 0 ≤ low ≤ high ≤ 100.",
    ),
    "range without width": (
        "outcome_measures.yaml",
        ("  maximum: 10.50", "  maximum: 0"),
        "example-score",
        "The minimum lies below the maximum.",
    ),
    "level that a design cannot carry": (
        "evidence.yaml",
        ("  level: '4'", "  level: '2'"),
        "EV90002",
        "This design cannot carry that level.",
    ),
    "direction that an aspect cannot have": (
        "evidence.yaml",
        ("  direction: harm", "  direction: no_benefit"),
        "EV90002",
        "That direction does not go with this aspect.",
    ),
    "mechanism below itself": (
        "mechanisms.yaml",
        ("  name: Example pathway", "  name: Example pathway\n  parent: example-a-target"),
        "parent: example-a-target",
        '"example-pathway" stands below itself: follow its parents upwards.',
    ),
    "mechanism that acts on itself": (
        "mechanism_interactions.yaml",
        ("  downstream: example-pathway", "  downstream: example-a-target"),
        "- upstream",
        "A mechanism does not interact with itself.",
    ),
    "class without members": (
        "treatments.yaml",
        ("  members:\n  - exampletinib\n", ""),
        "kind: class",
        "A class needs at least one of its members.",
    ),
    "class in itself": (
        "treatments.yaml",
        ("  members:\n  - exampletinib\n", "  members:\n  - examplinibs\n"),
        "  - examplinibs",
        "A class is not its own member.",
    ),
    "members of no class": (
        "autoantibodies.yaml",
        ("  kind: class\n", ""),
        "members:",
        "Only a class has members.",
    ),
    "combination of one": (
        "treatments.yaml",
        ("  - samplimab\n  - exampletinib\n  stage", "  - samplimab\n  stage"),
        "kind: combination",
        "A combination needs two or more components.",
    ),
    "components of no combination": (
        "treatments.yaml",
        ("  kind: combination", "  kind: biologic"),
        "components:",
        "Only a combination has components.",
    ),
    "source check without a grade": (
        "evidence.yaml",
        ("    grade: secondary\n", ""),
        "what: everything",
        'Source check 1: "grade" is primary or secondary.',
    ),
    "primary check without a source": (
        "recommendations.yaml",
        ("    grade: secondary", "    grade: primary"),
        "what: statement",
        "Source check 1 is primary and must name its source.",
    ),
    "source check with something else": (
        "appraisals.yaml",
        ("    grade: secondary", "    grade: secondary\n    who: me"),
        "what: bottom line",
        "Source check 1 has unknown fields: who.",
    ),
    "retired without a reason": (
        "references.yaml",
        ("  retirement_reason: Entered twice.\n", ""),
        "slug: sample-old",
        "A retired row has a date and a reason; only a retired row has a successor.",
    ),
    "its own successor": (
        "references.yaml",
        ("  successor: sample-2020", "  successor: sample-old"),
        "slug: sample-old",
        "A row cannot succeed itself.",
    ),
    "row that is no map": (
        "certainty_levels.yaml",
        ("- code: low", "- nothing\n- code: low"),
        "nothing",
        "A row must be",
    ),
    "alias": (
        "manifestations.yaml",
        ("  description: Made up.", "  description: &d Made up."),
        "&d",
        "Anchors and aliases (& and *) are not used in a data set; write it out.",
    ),
    "tag": (
        "manifestations.yaml",
        ("  description: Made up.", "  description: !!python/object:os.system Made up."),
        "!!python",
        "Tags (tag:yaml.org,2002:python/object:os.system) are not used in a data set.",
    ),
    "second document": (
        "manifestations.yaml",
        ("  - no rash\n", "  - no rash\n---\n- x\n"),
        "---",
        "A second document",
    ),
    "no YAML": ("manifestations.yaml", ("  - no rash\n", "  - [no rash\n"), "", "This is not YAML: "),
    "map as a name": (
        "manifestations.yaml",
        ("  hpo_id:", "  ? {a: b}\n  :"),
        "{a: b}",
        "The name of a field is a plain",
    ),
    "NUL": ("manifestations.yaml", ("Made up.", '"Made\\0up."'), "Made", "The text holds a character that cannot be"),
}


@pytest.mark.parametrize(("file", "change", "marker", "sentence"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_named_with_its_place(empty, tmp_path, file, change, marker, sentence):
    directory = copy(tmp_path)
    replace(directory, file, *change)
    found = problems_of(directory)
    told = [problem for problem in found if sentence in problem]
    assert told, f"not among {found}"
    assert told[0].startswith(f"{file}:")
    if marker:
        line = marker if isinstance(marker, int) else line_of(directory, file, marker)
        assert told[0].startswith(f"{file}:{line}: ")


def test_all_mistakes_are_named_at_once(empty, tmp_path):
    directory = copy(tmp_path)
    replace(directory, "references.yaml", "pmid: '99999901'", "pmid: none")
    replace(directory, "treatments.yaml", "  kind: biologic", "  kind: biological")
    replace(directory, "evidence.yaml", "  direction: harm", "  direction: no_benefit")
    replace(directory, "evidence.yaml", "      ci_high: 75", "      ci_high: 45")
    replace(directory, "mechanisms.yaml", "  - sample-2021\n", "  - sample-2022\n")
    places = [problem.split(": ")[0] for problem in problems_of(directory)]
    assert places == [
        f"evidence.yaml:{line_of(directory, 'evidence.yaml', '- measure')}",
        f"evidence.yaml:{line_of(directory, 'evidence.yaml', 'EV90002')}",
        "mechanisms.yaml:12",
        "references.yaml:9",
        f"treatments.yaml:{line_of(directory, 'treatments.yaml', 'biological')}",
    ]


# Files as a whole -----------------------------------------------------------------------------------------------------


def test_unknown_files(empty, tmp_path):
    directory = copy(tmp_path)
    (directory / "treatment.yaml").write_text("[]")
    (directory / "README.md").write_text("Belongs here.")
    (directory / ".DS_Store").write_bytes(b"\0")
    known = (
        "treatment.yaml: This is not a file of a data set; those are dataset.yaml, evidence_levels.yaml,"
        " certainty_levels.yaml, references.yaml, outcome_measures.yaml, mechanisms.yaml, mechanism_interactions.yaml,"
        " autoantibodies.yaml, manifestations.yaml, treatments.yaml, trials.yaml, evidence.yaml,"
        " phenotype_associations.yaml, recommendations.yaml, appraisals.yaml."
    )
    assert problems_of(directory) == [known]


def test_directory_without_a_manifest(empty, tmp_path):
    assert problems_of(tmp_path) == ["dataset.yaml: The file is missing; it names the release."]


def test_missing_file_is_a_file_without_rows(empty, tmp_path):
    directory = copy(tmp_path)
    (directory / "appraisals.yaml").unlink()
    assert load(directory).added["evidence"] == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "treatments.yaml: The file is empty; a file without rows holds []."),
        (b"# only a remark\n", "treatments.yaml: The file is empty; a file without rows holds []."),
        (b"slug: x\n", "treatments.yaml:1: The file must hold a list of rows, each beginning with a dash."),
        (b"text", "treatments.yaml:1: The file must hold a list of rows, each beginning with a dash."),
        (b"- slug: x\n  name: \xff\xfe\n", "treatments.yaml:2: The file is not UTF-8 text."),
        (b"\x7fELF\x02\x01\x01\x00\x00\x80\xff", "treatments.yaml:1: The file is not UTF-8 text."),
        (b"\x00\x00\x00", "treatments.yaml:1: The file holds characters that are not text."),
        (b"- " * 40 + b"x", "treatments.yaml:1: Nested more than 20 levels deep."),
        (b"[" * 100_000, "treatments.yaml:1: Nested more than 20 levels deep."),
        (b"{a: " * 100_000, "treatments.yaml:1: Nested more than 20 levels deep."),
        (b"- slug: 'x\n", "treatments.yaml:2: This is not YAML: found unexpected end of stream."),
        (b"- \tslug: x\n  - y", "treatments.yaml"),
    ],
)
def test_file_that_cannot_be_read(empty, tmp_path, content, sentence):
    directory = copy(tmp_path)
    (directory / "treatments.yaml").write_bytes(content)
    found = problems_of(directory)
    # One sentence: links to rows that could not be read are not held against the other files.
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_manifest_that_is_a_list(empty, tmp_path):
    directory = copy(tmp_path)
    (directory / "dataset.yaml").write_text("- name: x\n")
    assert problems_of(directory) == ["dataset.yaml:1: The file must hold one map of fields."]


def test_directory_in_place_of_a_file(empty, tmp_path):
    directory = copy(tmp_path)
    (directory / "trials.yaml").unlink()
    (directory / "trials.yaml").mkdir()
    assert problems_of(directory) == ["trials.yaml: This is not a file."]


def test_file_too_large(empty, tmp_path, monkeypatch):
    monkeypatch.setattr("treatments.dataset.reading.MAX_BYTES", 1000)
    found = problems_of(copy(tmp_path))
    assert "evidence.yaml: The file is larger than 0 MB." in found


def test_byte_order_mark_is_nothing(empty, tmp_path):
    directory = copy(tmp_path)
    content = (directory / "treatments.yaml").read_bytes()
    (directory / "treatments.yaml").write_bytes(b"\xef\xbb\xbf" + content)
    assert load(directory).added["treatments"] == 4
