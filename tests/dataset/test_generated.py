"""Any data set that can be loaded is written as it was, whatever its texts and figures look like."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from treatments.dataset import DataSetRefused, dump, load
from treatments.dataset.parsing import parse
from treatments.dataset.reading import read_tree
from treatments.dataset.schema import MANIFEST, TABLES, TREATMENTS
from treatments.dataset.stored import read_stored
from treatments.dataset.writing import as_yaml

from .small_set import SMALL, copy

pytestmark = pytest.mark.django_db

# What YAML readers like to take for something else, and what breaks lines in unexpected places.
AWKWARD = [
    *("yes", "no", "on", "off", "y", "N", "true", "null", "~", "None", "NaN", ".inf", "<<", "=", "-", "?", ":", "..."),
    *("1e3", "0x1F", "0o17", "010", "1_000", "1:30", "2025-11", "2025-11-20", "12.50", "-0", "+1", ".5", "5.", "0.50"),
    *(
        "'",
        '"',
        "''",
        "\\",
        "\\n",
        "# note",
        "a # b",
        "a: b",
        "- a",
        "---",
        "--- a",
        "%TAG",
        "@a",
        "`a",
        "&a",
        "*a",
        "!a",
    ),
    *(
        "|",
        ">",
        "|-",
        "{a: b}",
        "[a]",
        "a\nb",
        "a\n",
        "\na",
        "a\n\n\nb",
        " a",
        "a ",
        "  a\n b",
        "a\n  b\nc",
        "a\tb",
        "\t",
    ),
    *(
        "a\r\nb",
        "a\rb",
        "a\x85b",
        "a\u2028b",
        "a\u2029 b",
        "\ufeffa",
        "\u200b",
        "\x07",
        "\x7f",
        "é",
        "e\u0301",
        "γ ≥ 5 µg",
        "😀",
    ),
    *("- - - - " * 40, "word " * 60 + "end", "x" * 200, "a\n# b\n--- c\n... d"),
]
AWKWARD = [text for text in AWKWARD if len(text) > 1] + ["- - - - " * 40, "y", "N", "-", "?", ":"]
storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = (
    st.sampled_from(AWKWARD)
    | st.text(storable, min_size=1, max_size=60)
    | st.text("a \n-#:'\"", min_size=1, max_size=200)
)
short = texts.filter(lambda text: len(text) <= 100)
figures = st.decimals(min_value=-999999, max_value=999999, places=None, allow_nan=False, allow_infinity=False).map(
    lambda number: round(number, 6)
) | st.builds(lambda whole, places: Decimal(whole).scaleb(-places), st.integers(-99999, 99999), st.integers(0, 6))
figures = figures.map(lambda number: abs(number) if number == 0 else number)


def lists(items, **bounds):
    return st.lists(items, unique=True, max_size=3, **bounds)


def optional(**fields):
    return st.fixed_dictionaries({}, optional=fields)


check = st.fixed_dictionaries(
    {"what": texts, "grade": st.just("secondary")}, optional={"note": texts, "on": st.just("2026-11-23")}
)


@st.composite
def arm(draw):
    total = draw(st.integers(0, 500))
    filled = {"events": draw(st.integers(0, total)), "total": total}
    return filled | draw(
        st.just({}) | st.fixed_dictionaries({"value": figures, "unit": short.filter(lambda t: len(t) <= 60)})
    )


@st.composite
def data_sets(draw):
    """A made-up data set of a few rows, with every kind of field in it."""
    references = [
        {"slug": f"sample-{n}", "title": draw(texts), "publication_type": "cohort"}
        | draw(optional(authors=texts, year=st.integers(1850, 2100), source_checks=st.lists(check, max_size=2)))
        for n in range(draw(st.integers(1, 3)))
    ]
    names = st.sampled_from([row["slug"] for row in references])
    treatments = [
        {
            "slug": f"exampletinib-{n}",
            "name": draw(short),
            "kind": "small_molecule",
            "stage": "emerging",
            "summary": draw(texts),
        }
        | draw(
            optional(
                synonyms=st.lists(short, max_size=3),
                monitoring=st.lists(short, max_size=2),
                boxed_warning=texts,
                references=lists(names),
                approvals=st.lists(
                    st.fixed_dictionaries(
                        {"region": st.just("Nowhere"), "indication": texts},
                        optional={"for_dermatomyositis": st.booleans(), "year": st.integers(1850, 2100)},
                    ),
                    max_size=2,
                ),
            )
        )
        for n in range(draw(st.integers(1, 3)))
    ]
    measures = [
        {"slug": "example-score", "name": "Example score", "better": "higher"}
        | draw(optional(minimum=figures, unit=short.filter(lambda text: len(text) <= 60), references=lists(names)))
    ]
    result = st.fixed_dictionaries(
        {"measure": st.just("example-score"), "label": short, "kind": st.just("mean_change")},
        optional={
            "treated": arm(),
            "control": arm(),
            "effect": st.fixed_dictionaries({"value": figures}),
            "p_value": short,
        },
    )
    evidence = [
        {
            "accession": f"EV{90001 + n}",
            "treatment": draw(st.sampled_from([row["slug"] for row in treatments])),
            "reference": draw(names),
            "design": "case_series",
            "aspect": "efficacy",
            "level": "4",
            "population": "adult",
            "setting": "any",
            "autoantibodies": [],
            "manifestations": [],
            "direction": "supports",
            "statement": draw(texts),
        }
        | draw(
            optional(
                key=short.filter(lambda text: len(text) <= 70).map(lambda text, n=n: f"{text}{n}"),
                regimen=texts,
                n_treated=st.integers(0, 2_000_000_000),
                results=st.lists(result, max_size=2),
                last_checked_on=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            )
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    return {
        "dataset": {
            "name": draw(st.sampled_from(["example", "2026-11", "1e3"])),
            "title": draw(short),
            "released_on": date(2026, 1, 31),
        }
        | draw(optional(notes=texts)),
        "evidence_levels": [{"code": "4", "rank": 4, "label": "Example", "description": "Made up."}],
        "references": references,
        "outcome_measures": measures,
        "treatments": treatments,
        "evidence": evidence,
    }


def write(content, directory):
    for name, rows in content.items():
        (directory / f"{name}.yaml").write_bytes(as_yaml(rows))


def loaded_and_dumped(directory, target):
    """The files that a database holding nothing but this data set writes, and what it holds."""
    with transaction.atomic():
        load(directory)
        assert not load(directory).changed_anything
        dump(target)
        stored = {name: [row.values for row in rows.values()] for name, rows in read_stored().rows.items()}
        transaction.set_rollback(True)
    return {path.name: path.read_bytes() for path in target.iterdir()}, stored


def without_empty_lists(values, table):
    required = {part.name for part in table.parts if part.required}
    return {name: value for name, value in values.items() if value != [] or name in required}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=data_sets())
def test_load_and_dump_lose_nothing(empty, content):
    with tempfile.TemporaryDirectory() as name:
        given_files, first, second = (Path(name) / part for part in ("given", "first", "second"))
        given_files.mkdir()
        write(content, given_files)
        files, stored = loaded_and_dumped(given_files, first)
        for table in (MANIFEST, *TABLES):
            rows = content.get(table.name, [])
            expected = [without_empty_lists(row, table) for row in ([rows] if table.single else rows)]
            # As text, so that 0.5 is not 0.50.
            assert sorted(map(comparable, stored[table.name])) == sorted(map(comparable, expected))
        again, _ = loaded_and_dumped(first, second)
        assert again == files


def comparable(values):
    """``values`` as text, whatever the order of the fields."""
    if isinstance(values, dict):
        return str(sorted((name, comparable(value)) for name, value in values.items() if value not in ([], {})))
    return str([comparable(value) for value in values]) if isinstance(values, list) else repr(values)


@settings(max_examples=500, deadline=None)
@given(text=texts, figure=figures)
@example(text="a\n", figure=Decimal("0.50"))
@example(text="\n", figure=Decimal("100.0"))
@example(text=" \n \n", figure=Decimal("-0.000001"))
def test_any_text_and_figure_is_read_as_it_was_written(text, figure):
    """Without the database: what is written is read back by our reader, and by any other reader of YAML as well."""
    content = as_yaml([{"slug": text, "low": figure, "inner": [{"text": text}], "list": [text]}])
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "treatments.yaml"
        path.write_bytes(content)
        problems = []
        tree = read_tree(path, problems)
    assert not problems
    fields = {name: value for name, _, value in tree.items[0].entries}
    assert fields["slug"].text == text
    assert fields["slug"].kind == "str"
    assert fields["list"].items[0].text == text
    assert fields["low"].text == f"{figure:f}"
    plain = yaml.safe_load(content)[0]
    assert (plain["slug"], plain["inner"], plain["list"]) == (text, [{"text": text}], [text])


@settings(max_examples=300, deadline=None)
@given(
    content=st.binary(max_size=300) | st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(str.encode)
)
@example(content=b"- &a [*a]")
@example(content=b"? ? ? ?")
@example(content=b"- ? x\n  : : y")
def test_any_bytes_give_rows_or_problems(content):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "treatments.yaml"
        path.write_bytes(content)
        problems = []
        tree = read_tree(path, problems)
        if tree is None:
            assert len(problems) >= 1
        else:
            parse(TREATMENTS, tree, problems)


@st.composite
def mistakes(draw):
    """Something done to the lines of a file: dropped, doubled, moved, indented otherwise or with another value."""
    file = draw(st.sampled_from(sorted(path.name for path in SMALL.iterdir())))
    lines = (SMALL / file).read_text().splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "double", "move", "indent", "value"]))
        if kind == "drop" and len(lines) > 1:
            del lines[at]
        elif kind == "double":
            lines.insert(to, lines[at])
        elif kind == "move":
            lines[at], lines[to] = lines[to], lines[at]
        elif kind == "indent":
            lines[at] = " " * draw(st.integers(0, 8)) + lines[at].lstrip()
        elif ": " in lines[at]:
            value = draw(st.sampled_from(["", "~", "[]", "{}", "{a: b}", "1", "-0.5", "9" * 20, "x" * 500, "EV90001"]))
            lines[at] = f"{lines[at].split(': ')[0]}: {value}"
    return file, "\n".join(lines)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(mistake=mistakes())
def test_any_mistake_is_refused_with_places_or_loads_losslessly(empty, mistake):
    """Never a traceback, never a refusal by the database itself that the checks should have foreseen."""
    file, content = mistake
    with tempfile.TemporaryDirectory() as name:
        files = copy(Path(name))
        (files / file).write_text(content)
        refused = []
        try:
            loaded_and_dumped(files, Path(name) / "dump")
        except DataSetRefused as refusal:
            refused = refusal.problems
        assert not [problem for problem in refused if "The database refused it" in problem.sentence]
