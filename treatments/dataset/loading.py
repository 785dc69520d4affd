"""Loading a data set: everything is read and checked first, then applied in one transaction, or not at all."""

from pathlib import Path

import pghistory
from django.db import DatabaseError, connection, transaction

from treatments.models import DatasetRevision

from .applying import Plan
from .checking import check
from .parsing import Record, parse
from .problems import DataSetRefused, Place, Problem
from .reading import read_tree
from .reports import LoadReport
from .schema import FILES, MANIFEST, TABLES

SEED = Path(__file__).parent / "seed"


def load(path: Path | str = SEED) -> LoadReport:
    """Make the database hold what the data set in the directory ``path`` says; answers what that took.

    New rows are added and changed vocabulary is updated. A claim whose content changed is published as its next
    version, unless it was revised or retracted here: then it is left alone and reported. Nothing is deleted.
    A claim whose accession a claim written here has is refused; what a release of the same name did not say when it
    was loaded before is reported.
    Loading the same data set twice changes nothing.

    Raises ``DataSetRefused`` with every problem found, and has then written nothing.
    """
    problems: list[Problem] = []
    records = _read(Path(path), problems)
    release = str(records[MANIFEST.name][0].values.get("name", "")) if records[MANIFEST.name] else ""
    try:
        with transaction.atomic(), pghistory.context(command="load_dataset", release=release):
            _keep_others_from_writing()
            before = DatasetRevision.current().number
            plan = Plan(records, problems)
            if problems:
                raise DataSetRefused(problems)
            report = plan.apply()
            # What the database checks at commit is checked here, where it can still be said in a sentence.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        message = " ".join(str(error).split("CONTEXT:")[0].split())
        raise DataSetRefused([Problem(Place(str(path)), f"The database refused it: {message}")]) from error
    report.release = release
    report.revision_before = before
    report.revision = DatasetRevision.current().number
    return report


def _keep_others_from_writing() -> None:
    """Wait for other loads and for curators' changes under way, and let the next ones wait. Readers go on reading."""
    tables = [
        connection.ops.quote_name(model._meta.db_table) for table in (MANIFEST, *TABLES) for model in table.models()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")


def _read(path: Path, problems: list[Problem]) -> dict[str, list[Record]]:
    """The records of every file by table name."""
    names = _file_names(path)
    problems.extend(
        Problem(Place(name), f"This is not a file of a data set; those are {', '.join(FILES)}.")
        for name in names
        if name not in FILES and name != "README.md" and not name.startswith(".")
    )
    if MANIFEST.file not in names:
        problems.append(Problem(Place(MANIFEST.file), "The file is missing; it names the release."))
    records: dict[str, list[Record]] = {}
    unreadable: set[str] = set()
    for table in (MANIFEST, *TABLES):
        records[table.name] = []
        if table.file not in names:
            continue
        before = len(problems)
        tree = read_tree(path / table.file, problems)
        if tree is not None:
            records[table.name] = parse(table, tree, problems)
        rows = records[table.name]
        if (not rows and len(problems) > before) or any("" in record.key for record in rows if not table.is_claim):
            unreadable.add(table.name)
    problems.extend(check(records, unreadable))
    return records


def _file_names(path: Path) -> list[str]:
    def refused(sentence: str) -> DataSetRefused:
        return DataSetRefused([Problem(Place(str(path)), sentence)])

    try:
        if not path.exists():
            raise refused("There is no such directory.")
        if not path.is_dir():
            raise refused("This is not a directory; a data set is a directory of YAML files.")
        return sorted(entry.name for entry in path.iterdir())
    except (OSError, ValueError) as error:
        raise refused(f"The directory cannot be read: {getattr(error, 'strerror', None) or error}.") from error
