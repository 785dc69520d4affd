"""Taking a draft back to an earlier state: from its history, with a look at what would change, and a reason."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst

from treatments.curation.restoring import obstacle_to_restoring, preview, restore, states_of
from treatments.curation.workflow import WorkflowError

from .records import RecordAdmin


class RestorableAdmin(RecordAdmin):
    """The admin of a record whose drafts can be restored."""

    def get_urls(self) -> list[URLPattern]:
        view = path(
            "<path:object_id>/restore/", self.admin_site.admin_view(self.restore_view), name=self.restore_url_name
        )
        return [view, *super().get_urls()]

    @property
    def restore_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_restore"

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """With a way back to each earlier state, for who may edit the draft."""
        claim = self.get_object(request, unquote(object_id))
        offered: dict[str, Any] = {}
        if claim is not None and not obstacle_to_restoring(claim, request.user):
            offered = {"restorable": f"admin:{self.restore_url_name}", "newest": next(iter(states_of(claim)), None)}
        return super().history_view(request, object_id, {**offered, **(extra_context or {})})

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would change, and a form for the reason; sent back, the draft is as it was."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        moment = _moment(request.POST.get("state") or request.GET.get("state", ""))
        if moment is None or moment not in states_of(claim):
            raise Http404(f"{claim} was not changed at that moment.")
        reason = request.POST.get("reason", "")
        problem = obstacle_to_restoring(claim, request.user)
        if request.method == "POST" and not problem:
            try:
                restore(claim, moment, request.user, reason)
            except WorkflowError as refusal:
                problem = str(refusal)
            else:
                said = (
                    f"{claim} says again what it said on {moment:%-d %B %Y, %H:%M}. Its history has what it said since."
                )
                messages.success(request, said)
                name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                return HttpResponseRedirect(reverse(name, args=[quote(claim.pk)]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Restore {claim}",
            "subtitle": None,
            "object": claim,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "problem": problem,
            "moment": moment,
            "changes": preview(claim, moment),
            "reason": reason,
            "possible": not obstacle_to_restoring(claim, request.user),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/claims/restore.html", context, status=409 if problem else 200)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
