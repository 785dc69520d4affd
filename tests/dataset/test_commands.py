"""The two commands, as an operator sees them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from treatments.dataset import SEED
from treatments.management.commands.load_dataset import Command as LoadDataset
from treatments.models import DatasetRevision, Evidence

from .small_set import SMALL, copy, replace


def run(*arguments, **options):
    """What a command that succeeds prints."""
    out, err = StringIO(), StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err, **options)
    assert not err.getvalue()
    return out.getvalue().splitlines()


def refused(*arguments):
    """What a command that refuses prints, and its last word."""
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as error:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    assert not out.getvalue()
    return err.getvalue().splitlines(), str(error.value)


@pytest.mark.django_db
def test_shipped_data_set_is_the_default():
    lines = run("load_dataset")
    assert "evidence: 319 unchanged" in lines
    revision = DatasetRevision.current().number
    assert lines[-1] == f"Release 2026-11 was loaded already; the data set stays at revision {revision}."


@pytest.mark.django_db
def test_quiet(empty):
    assert run("load_dataset", SMALL, verbosity=0) == []


@pytest.mark.django_db
def test_summary(empty, tmp_path):
    assert run("load_dataset", SMALL) == [
        "evidence levels: 2 added",
        "certainty levels: 1 added",
        "references: 3 added",
        "outcome measures: 1 added",
        "mechanisms: 2 added",
        "mechanism interactions: 1 added",
        "autoantibodies: 2 added",
        "manifestations: 1 added",
        "treatments: 4 added",
        "trials: 2 added",
        "evidence: 2 added",
        "phenotype associations: 1 added",
        "recommendations: 2 added",
        "appraisals: 1 added",
        "Release example-1 is loaded; the data set is now at revision 1.",
    ]
    files = copy(tmp_path)
    replace(files, "evidence.yaml", "Two were harmed.", "Three were harmed.")
    (files / "trials.yaml").write_text("[]\n")
    replace(files, "evidence.yaml", "  trial: NCT99999901\n", "")
    lines = run("load_dataset", files)
    assert "evidence: 2 updated" in lines
    assert "Not in this data set and left as they are, trials: NCT99999901; NCT99999902." in lines
    assert lines[-2] == (
        "Release example-1 was loaded before and said otherwise: evidence EV90001; evidence EV90002. What changes a"
        " claim needs a new release name in dataset.yaml."
    )
    assert lines[-1] == "Release example-1 is loaded; the data set is now at revision 1."  # all in one transaction


@pytest.mark.django_db
def test_problems_are_listed(empty, tmp_path):
    files = copy(tmp_path)
    replace(files, "evidence.yaml", "  treatment: samplimab", "  treatment: samplimap")
    replace(files, "references.yaml", "pmid: '99999901'", "pmid: x")
    problems, last_word = refused("load_dataset", files)
    assert problems == [
        'evidence.yaml:55: "treatment" names "samplimap", which is not in treatments.yaml.',
        'references.yaml:9: "pmid" is not right: This is not a PubMed identifier; it looks like 12345678.',
    ]
    assert last_word == "The data set was refused because of 2 problems; nothing was written."
    assert not Evidence.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_exit_status(tmp_path, capsys):
    files = copy(tmp_path)
    replace(files, "evidence.yaml", "  treatment: samplimab", "  treatment: samplimap")
    with pytest.raises(SystemExit) as end:
        LoadDataset().run_from_argv(["manage.py", "load_dataset", str(files)])
    assert end.value.code == 1
    assert "samplimap" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere", "There is no such directory."),
        ("file.yaml", "This is not a directory; a data set is a directory of YAML files."),
        ("a" * 300, "The directory cannot be read: File name too long."),
        ("nul\0", "There is no such directory."),
    ],
)
def test_path_that_is_no_data_set(tmp_path, path, sentence):
    (tmp_path / "file.yaml").touch()
    problems, last_word = refused("load_dataset", tmp_path / path)
    assert [problem.endswith(sentence) for problem in problems] == [True]
    assert last_word == "The data set was refused because of 1 problem; nothing was written."


@pytest.mark.django_db
def test_dump(tmp_path):
    assert run("dump_dataset", tmp_path / "dump") == [f"1248 rows written to {tmp_path / 'dump'}."]
    assert (tmp_path / "dump" / "evidence.yaml").read_bytes() == (SEED / "evidence.yaml").read_bytes()
    (tmp_path / "other.txt").touch()
    assert refused("dump_dataset", tmp_path)[1] == (
        f"{tmp_path} holds other files (dump, other.txt); name an empty or a new directory."
    )


def test_commands_explain_themselves():
    assert isinstance(LoadDataset(), BaseCommand)
    assert "changes nothing" in LoadDataset.help
