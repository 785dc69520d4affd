"""The data checks: one list of what was found, and a page for each finding, where it can be dismissed."""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from treatments.curation.checks import CHECKS, MODELS, Finding, run
from treatments.curation.findings import (
    Judged,
    dismiss,
    earlier_dismissals,
    findings_now,
    judged,
    may_dismiss,
    may_reopen,
    reopen,
)
from treatments.curation.workflow import WorkflowError
from treatments.models import Dismissal

from .beside import address_of, beside
from .paging import asked_with, page_links
from .records import ReadOnly, RecordAdmin

FINDINGS_A_PAGE = 50
RECORDS_A_LINE = 3
OPEN, DISMISSED, ALL = "open", "dismissed", "all"
FILTERS: dict[str, tuple[str, dict[str, str]]] = {
    "check": ("Check", {"": "All", **{name: check.title for name, check in CHECKS.items()}}),
    "kind": ("Kind of record", {"": "All", **{kind.value: str(kind.label) for kind in MODELS}}),
    "state": ("State", {OPEN: "Open", DISMISSED: "Dismissed", ALL: "Open and dismissed"}),
}
"""The filters of the list: what each is called, and its values."""


@admin.register(Dismissal)
class FindingsAdmin(ReadOnly, RecordAdmin):
    """Its list is of findings, which are worked out when asked for; what is stored are the dismissals."""

    list_display = ()  # the list below is its own
    fieldsets = (
        (None, {"fields": ("check_name", "sentence", "reason", "dismissed_by", "dismissed_at")}),
        ("Reopened", {"fields": ("reopened_by", "reopened_at", "reopening_reason")}),
    )

    def view_on_site(self, row: Any) -> None:
        """No page that readers see."""

    def get_urls(self) -> list[URLPattern]:
        finding = path(
            "finding/<slug:check>/<slug:key>/", self.admin_site.admin_view(self.finding_view), name="treatments_finding"
        )
        return [finding, *super().get_urls()]

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        unknown = request.GET.keys() - FILTERS.keys() - {"p"}
        if unknown:
            names = ", ".join(f"“{name}”" for name in sorted(unknown))
            self.message_user(request, f"There is no filter {names} here; it was left out.", messages.WARNING)
            return HttpResponseRedirect(f"{request.path}{asked_with(request.GET, **dict.fromkeys(unknown))}")
        chosen = {name: request.GET.get(name) or next(iter(allowed)) for name, (_, allowed) in FILTERS.items()}
        problems = [
            f"“{label}” has no value “{chosen[name]}”. Choose one from the list."
            for name, (label, allowed) in FILTERS.items()
            if chosen[name] not in allowed
        ]
        found = [] if problems else judged(findings_now(timezone.localdate()))
        page = Paginator([one for one in found if _fits(one, chosen)], FINDINGS_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self._context(request, "Data checks"),
            "problems": problems,
            "filters": [
                {"name": name, "label": label, "allowed": allowed, "chosen": chosen[name]}
                for name, (label, allowed) in FILTERS.items()
            ],
            "check": CHECKS.get(chosen["check"]),
            "checks": _counts(found, request.GET),
            "page": page,
            "lines": [_line(one) for one in page],
            "pages": page_links(request.GET, page),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/findings/list.html", context, status=400 if problems else 200)

    # One finding

    def finding_view(self, request: HttpRequest, check: str, key: str) -> HttpResponse:
        """The records concerned beside each other, and the form to dismiss the finding or to reopen it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if check not in CHECKS:
            raise Http404(f"There is no check {check}.")
        context = {**self._context(request, CHECKS[check].title), "check": CHECKS[check]}
        one = next((one for one in judged(run(timezone.localdate(), [check])) if one.finding.key == key), None)
        if one is None:  # what was said of it, if anything was
            earlier = Dismissal.objects.filter(check_name=check, key=key)
            context["earlier"] = earlier.select_related("dismissed_by", "reopened_by")
            return TemplateResponse(request, "admin/findings/finding.html", context, status=404)
        problem, status, reason = "", 200, request.POST.get("reason", "")
        if request.method == "POST":
            try:
                done = self._judge(request, one, reason)
            except WorkflowError as refusal:
                problem, status = str(refusal), 409
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        context |= {
            "finding": one.finding,
            "dismissal": one.dismissal,
            "earlier": earlier_dismissals(one.finding),
            "tables": beside(one.finding.records),
            "may_judge": may_dismiss(request.user) if one.is_open else may_reopen(request.user),
            "problem": problem,
            "reason": reason,
        }
        return TemplateResponse(request, "admin/findings/finding.html", context, status=status)

    def _judge(self, request: HttpRequest, one: Judged, reason: str) -> str:
        if request.POST.get("fingerprint") != one.finding.fingerprint:
            raise WorkflowError("The figures changed while you were reading. Look at them again; nothing was saved.")
        if (request.POST.get("step") == "dismiss") != one.is_open:
            raise WorkflowError("Somebody else judged this finding a moment ago. Nothing was saved.")
        if one.dismissal is None:
            dismiss(one.finding, request.user, reason)
            return "The finding was dismissed. It comes back when the figures change."
        reopen(one.dismissal, request.user, reason)
        return "The finding is open again."

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "title": title, "subtitle": None, "opts": self.opts}


def address_of_finding(finding: Finding) -> str:
    return reverse("admin:treatments_finding", args=[finding.check, finding.key])


def _fits(one: Judged, chosen: dict[str, str]) -> bool:
    return (
        (not chosen["check"] or one.finding.check == chosen["check"])
        and (not chosen["kind"] or one.finding.kind == chosen["kind"])
        and (chosen["state"] == ALL or one.is_open == (chosen["state"] == OPEN))
    )


def _counts(found: list[Judged], asked: QueryDict) -> list[dict[str, Any]]:
    """Every check with how much it found, and the addresses of the lists of that."""
    counts = Counter((one.finding.check, one.is_open) for one in found)
    return [
        {
            "check": check,
            "open": counts[check.name, True],
            "dismissed": counts[check.name, False],
            "open_address": asked_with(asked, check=check.name, state=None, p=None),
            "dismissed_address": asked_with(asked, check=check.name, state=DISMISSED, p=None),
        }
        for check in CHECKS.values()
    ]


def _line(one: Judged) -> dict[str, Any]:
    return {
        "finding": one.finding,
        "check": CHECKS[one.finding.check],
        "dismissal": one.dismissal,
        "address": address_of_finding(one.finding),
        "records": [(record.name, address_of(record)) for record in one.finding.records[:RECORDS_A_LINE]],
        "more": max(len(one.finding.records) - RECORDS_A_LINE, 0),
    }
