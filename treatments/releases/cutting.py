"""Making releases. Nothing public is changed by anybody else meanwhile, so a release holds one state and no other."""

from collections.abc import Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from treatments.curation.problems import sentence
from treatments.curation.workflow import WorkflowError
from treatments.dataset.reports import DumpReport, LoadReport
from treatments.dataset.schema import MANIFEST, SCHEMA_VERSION, Values
from treatments.dataset.stored import read_stored
from treatments.dataset.writing import published_rows
from treatments.models import DatasetRevision, Release, ReleaseFile, ReleaseSnapshot
from treatments.models.choices import ReleaseForm

from .difference import counted, difference, told
from .files import Made, bundles, checksum, manifest, manifest_file, members, versions_published

STEP = "cut_release"


class ReleaseRefused(WorkflowError):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """Nothing was released; the sentence says why."""


def cut(name: str, title: str, notes: str = "") -> Release:
    """A new release of everything that is published now, with its files. Waits for publications under way.

    Raises ``ReleaseRefused``, and has then written nothing.
    """
    release = Release(name=name.strip(), title=title.strip(), notes=notes.strip(), released_on=timezone.localdate())
    try:
        with transaction.atomic(), pghistory.context(step=STEP, reason=release.notes, release=release.name):
            if not _hold_still():
                raise ReleaseRefused("There is nothing to release: nothing was ever published.")
            _refuse_unfit(release)
            release.save(force_insert=True)
            _keep(release)
    except DatabaseError as error:
        raise ReleaseRefused(sentence(error)) from error
    return release


def keep_loaded(report: LoadReport) -> Release | None:
    """Make the files of a release that was just loaded, where it has none and the data set is exactly what it says.

    None where the release has its files already, or where this database holds anything else than what was loaded: a
    bundle under that name would then not be that release. The caller holds the transaction that loaded it.
    """
    release = Release.objects.filter(name=report.release, snapshot=None).first()
    newest = Release.objects.first()
    if release is None or release != newest:
        return None
    if report.left_alone or report.not_in_data_set or report.said_otherwise:
        return None
    _hold_still()
    with pghistory.context(command="load_dataset", release=release.name):
        _keep(release)
    return release


def _hold_still() -> bool:
    """Let nobody else publish anything until the transaction ends; false where nothing was ever published.

    Every transaction that changes something public raises the revision, and so holds its row until it commits: those
    under way are waited for, and the next ones wait for us. Readers and work on drafts go on. The table of releases
    comes first, as it does for a load, so that the two never wait for each other.
    """
    with connection.cursor() as cursor:
        releases = connection.ops.quote_name(Release._meta.db_table)
        cursor.execute(f"LOCK TABLE {releases} IN SHARE ROW EXCLUSIVE MODE")
        table = connection.ops.quote_name(DatasetRevision._meta.db_table)
        cursor.execute(f"SELECT number FROM {table} FOR UPDATE")  # noqa: S608
        return cursor.fetchone() is not None


def _refuse_unfit(release: Release) -> None:
    if Release.objects.filter(name=release.name).exists():
        raise ReleaseRefused(f"There is a release {release.name} already; the name of a release is never used again.")
    try:
        release.full_clean()
    except ValidationError as problem:
        said = "; ".join(f"{field}: {' '.join(texts)}" for field, texts in problem.message_dict.items())
        raise ReleaseRefused(said) from problem


def _keep(release: Release) -> ReleaseSnapshot:
    """Write the snapshot of ``release`` with its files."""
    stored = read_stored()
    report = DumpReport()
    values = stored.of(MANIFEST)[release.name,].values
    rows = published_rows(stored, report)
    made = bundles(values, rows, versions_published())
    previous = _previous(release)
    changes = difference(_json_files(previous), _json_of(made)) if previous else []
    revision = _revision_to_be()
    snapshot = ReleaseSnapshot.objects.create(
        release=release,
        previous=previous.release if previous else None,
        revision=revision,
        schema_version=SCHEMA_VERSION,
        counts=report.rows,
        change_counts=counted(changes),
        difference=told(changes),
        left_out=report.left_out,
    )
    _store(snapshot, values, made)
    return snapshot


def _store(snapshot: ReleaseSnapshot, values: Values, made: list[Made]) -> None:
    said = manifest(values, snapshot.revision, snapshot.counts, snapshot.left_out, made)
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            snapshot=snapshot,
            form=one.form,
            name=one.name,
            media_type=one.media_type,
            size=len(one.content),
            sha256=checksum(one.content),
            content=one.content,
        )
        for one in [*made, manifest_file(values["name"], said)]
    )


def _revision_to_be() -> int:
    """The revision that this transaction makes: the row is ours, and it was raised when the release was written.

    A release that was loaded before and only gets its files now raises it with the snapshot.
    """
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(DatasetRevision._meta.db_table)
        cursor.execute(
            "SELECT number + CASE WHEN transaction_id = pg_current_xact_id()::text AND changed_at = now()"  # noqa: S608
            f" THEN 0 ELSE 1 END FROM {table}"
        )
        return int(cursor.fetchone()[0])


def _previous(release: Release) -> ReleaseSnapshot | None:
    """The snapshot made last before this one."""
    earlier: Any = ReleaseSnapshot.objects.exclude(release=release).select_related("release")
    return earlier.order_by("-cut_at", "-pk").first()


def _json_files(snapshot: ReleaseSnapshot) -> Mapping[str, bytes]:
    return members(bytes(snapshot.files.get(form=ReleaseForm.JSON).content))


def _json_of(made: list[Made]) -> Mapping[str, bytes]:
    return next(one.members for one in made if one.form == ReleaseForm.JSON)
