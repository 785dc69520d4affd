"""Working on a claim together: comments on it, and who has its draft in hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from treatments.curation.assignments import assignment_of, let_go, may_work_on, take_on
from treatments.curation.comments import comment, comments_on, may_comment, what_was_asked_for
from treatments.curation.comparison import compare
from treatments.curation.notices import undelivered
from treatments.curation.workflow import WorkflowError
from treatments.models import Assignment, Claim
from treatments.models.choices import ClaimStatus

from .steps import Saying, StepsAdmin
from .work import WorkFilter

COMMENTS = "#comments"
COMMENT = Saying(
    "Comment",
    "Comment, or answer",
    "Colleagues see it, across all versions of this claim; readers never do. It cannot be taken back.",
    "comment",
)


def _who_has_it() -> Subquery:
    """The name of who has the draft of a row in hand."""
    full_name = Trim(Concat("person__first_name", Value(" "), "person__last_name"))
    name = Coalesce(NullIf(full_name, Value("")), F("person__username"))
    here = Assignment.objects.filter(accession=OuterRef("accession"), version=OuterRef("version"))
    return Subquery(here.annotate(name=name).values("name")[:1])


class TogetherAdmin(StepsAdmin):
    """The admin of a claim with what people say of it, and with who works on it."""

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "comment": self.comment_view,
            "take-on": self.take_on_view,
            "let-go": self.let_go_view,
            "compare": self.compare_view,
        }
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=self._url_name(name))
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    # Notices that could not be sent

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._heard(request, super().changeform_view, *args, **kwargs)

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        response: HttpResponse = self._heard(request, super().step_view, object_id, name)
        return response

    def _heard(self, request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with undelivered() as failures:
            response = view(request, *args, **kwargs)
        for failure in failures:
            self.message_user(request, failure, messages.WARNING)
        return response

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(in_hand_of=_who_has_it())

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "in_hand")

    @admin.display(description="in hand")
    def in_hand(self, claim: Any) -> str | None:
        """Who works on the draft; nothing where nobody does."""
        if not claim.in_hand_of:
            return ""
        return format_html('<span class="in-hand">{} is working on this</span>', claim.in_hand_of)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (WorkFilter, *super().get_list_filter(request))

    # The page of a claim

    def together(self, request: HttpRequest, claim: Claim) -> dict[str, Any]:
        """What the page of a claim shows of people's work on it."""
        shown: dict[str, Any] = {
            "comments": list(comments_on(claim)),
            "comment": COMMENT,
            "comment_url": self._url("comment", claim) if may_comment(request.user) else "",
        }
        if claim.is_open:
            shown["asked_for"] = what_was_asked_for(claim)
        if claim.status == ClaimStatus.DRAFT and (assignment := assignment_of(claim)):
            shown |= {"assignment": assignment, "is_mine": assignment.person_id == request.user.pk}
        if claim.supersedes is not None:
            shown["compare_url"] = self._url("compare", claim)
            if claim.is_open:
                shown["comparison"] = compare(claim.supersedes, claim)
        if may_work_on(claim, request.user):
            shown |= {"take_on_url": self._url("take-on", claim), "let_go_url": self._url("let-go", claim)}
        return shown

    # Beside the version before

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A version beside the one it was made from: for a revision under way, the one that readers see."""
        claim = self._claim(request, object_id)
        if claim.supersedes is None:
            raise Http404(f"{claim} is the first version of its claim: there is none to compare it with.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{claim} beside {claim.supersedes}",
            "subtitle": None,
            "claim": claim,
            "comparison": compare(claim.supersedes, claim),
            "address": self.address_of(claim),
            "address_before": self.address_of(claim.supersedes),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/claims/compare.html", context)

    # What people send

    def comment_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Keep a comment. A refused one is said on a page of its own, with the text that was typed."""
        claim = self._claim(request, object_id)
        if request.method != "POST":
            return HttpResponseRedirect(self.address_of(claim) + COMMENTS)
        text = request.POST.get(COMMENT.field, "")
        try:
            comment(claim, request.user, text)
        except WorkflowError as refusal:
            return self.step_page(request, claim, COMMENT, text=text, problem=str(refusal))
        self.message_user(request, f"Your comment on {claim} was kept.", messages.SUCCESS)
        return HttpResponseRedirect(self.address_of(claim) + COMMENTS)

    def take_on_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        seen = request.POST.get("instead_of", "")

        def take(claim: Claim) -> str:
            _, before = take_on(claim, request.user, int(seen) if seen.isdecimal() and len(seen) < 19 else None)
            had = f" {before} had it until now." if before else ""
            return f"You are working on {claim}: your colleagues see that.{had}"

        return self._work(request, object_id, take)

    def let_go_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def release(claim: Claim) -> str:
            let_go(claim, request.user)
            return f"You are no longer working on {claim}."

        return self._work(request, object_id, release)

    def _work(self, request: HttpRequest, object_id: str, do: Callable[[Claim], str]) -> HttpResponse:
        claim = self._claim(request, object_id)
        if request.method == "POST":
            try:
                self.message_user(request, do(claim), messages.SUCCESS)
            except WorkflowError as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(self.address_of(claim))

    def _claim(self, request: HttpRequest, object_id: str) -> Any:
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        return claim

    def _url_name(self, view: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{view.replace('-', '_')}"

    def _url(self, view: str, claim: Claim) -> str:
        return reverse(f"admin:{self._url_name(view)}", args=[quote(claim.pk)])
