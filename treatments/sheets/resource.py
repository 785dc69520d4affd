"""Evidence as django-import-export knows a resource: what is exported, and the result of an import."""

from collections.abc import Callable, Generator
from typing import Any

import tablib
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.resources import Resource
from import_export.results import Result, RowResult

from treatments.models import Evidence
from treatments.models.choices import ClaimStatus

from .columns import HEADINGS
from .importing import ImportRefused, import_sheet, preview
from .planning import Outcome, Plan, Progress
from .stored import sheet_rows

PUBLISHED, DRAFTS, BOTH = "published", "drafts", "both"
SCOPES = {
    PUBLISHED: "Published entries",
    DRAFTS: "Drafts and entries in review",
    BOTH: "Published entries, with the draft in place of the version it revises",
}


def in_scope(queryset: QuerySet, scope: str) -> QuerySet:
    """At most one version of each entry of ``queryset``: the published one, the open one, or the open one if any."""
    if scope == DRAFTS:
        return queryset.filter(status__in=(ClaimStatus.DRAFT, ClaimStatus.IN_REVIEW))
    published = queryset.filter(status=ClaimStatus.PUBLISHED)
    if scope == PUBLISHED:
        return published
    drafts = queryset.filter(status__in=(ClaimStatus.DRAFT, ClaimStatus.IN_REVIEW))
    revised = drafts.order_by().values("accession")
    kept = [
        *published.exclude(accession__in=revised).values_list("pk", flat=True),
        *drafts.values_list("pk", flat=True),
    ]
    return Evidence.objects.filter(pk__in=kept)


class EvidenceResource(Resource):
    """Evidence with its results. A row of the file is one result; a row of the result of an import is one entry."""

    def export(self, queryset: QuerySet | None = None, **kwargs: Any) -> tablib.Dataset:
        """A dataset of text cells; ``queryset`` holds at most one version of each entry."""
        rows = sheet_rows(Evidence.objects.published() if queryset is None else queryset)
        return tablib.Dataset(*rows, headers=HEADINGS)

    def import_data(
        self,
        dataset: tablib.Dataset,
        dry_run: bool = False,
        raise_errors: bool = False,
        use_transactions: bool | None = True,
        collect_failed_rows: bool = False,
        rollback_on_validation_errors: bool = True,
        *,
        person: User,
        file_name: str = "",
        reason: str = "",
        tell: Callable[[Progress], Any] = lambda progress: None,
        **kwargs: Any,
    ) -> Result:
        """Import all of ``dataset`` as ``person``, or nothing; with ``dry_run`` say only what that would do.

        Each row of the result names an entry and what became of it; its ``diff`` are the ``Difference``s. Every
        problem is an invalid row, numbered as in the file.
        """
        base = None
        try:
            plan = run(
                preview(dataset, person)
                if dry_run
                else import_sheet(dataset, person, file_name=file_name, reason=reason),
                tell,
            )
        except ImportRefused as refusal:
            if raise_errors:
                raise
            plan, base = refusal.plan or Plan(person), refusal
        result = result_of(plan, dataset)
        if base is not None and not plan.problems:
            result.append_base_error(self.get_error_result_class()(base))
        return result


def run(steps: Generator[Progress, None, Plan], tell: Callable[[Progress], Any] = lambda progress: None) -> Plan:
    """The plan at the end of ``steps``; each of them is told."""
    while True:
        try:
            tell(next(steps))
        except StopIteration as end:
            plan: Plan = end.value
            return plan


def result_of(plan: Plan, dataset: tablib.Dataset) -> Result:
    result = Result()
    result.diff_headers = list(HEADINGS)
    result.total_rows = len(dataset)
    for one in plan.planned:
        row = RowResult()
        row.import_type = one.outcome.value
        row.object_repr = one.entry.label if one.outcome is Outcome.NEW else str(one.before or one.entry.label)
        row.diff = one.differences
        result.append_row_result(row)
        result.increment_row_result_total(row)
    for problem in plan.problems:
        error = ValidationError({problem.column or "__all__": [problem.sentence]})
        result.append_invalid_row(problem.row, {}, error)
    return result
