"""The literature inbox: the saved queries, the papers that wait for a decision, and the page on which one is made."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from treatments.curation.workflow import WorkflowError
from treatments.literature import files
from treatments.literature.inbox import accept, dismiss, may_decide, may_fill, take_in
from treatments.models import Candidate, LiteratureQuery
from treatments.models.choices import CandidateStatus, PublicationType

from .paging import asked_with, page_links
from .records import ReadOnly, RecordAdmin

CANDIDATES_A_PAGE = 25
DAYS_TO_BEGIN_WITH = 30
MOST_RECORDS = 2_000
WAITING, ALL = "waiting", "all"
STATES = {
    WAITING: "Waiting for a decision",
    CandidateStatus.REFERENCE.value: "Turned into a reference",
    CandidateStatus.DISMISSED.value: "Dismissed",
    ALL: "All",
}


@admin.register(LiteratureQuery)
class LiteratureQueryAdmin(RecordAdmin):
    list_display = ("name", "term", "is_active", "waiting", "covered_until", "last_run_at", "last_problem")
    list_filter = ("is_active",)
    search_fields = ("name", "term")
    fieldsets = (
        (None, {"fields": ("name", "term", "since", "is_active")}),
        ("Last run", {"fields": ("last_run_at", "covered_until", "last_problem")}),
    )

    def view_on_site(self, row: Any) -> None:
        """No page that readers see."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        new = Count("candidates", filter=Q(candidates__status=CandidateStatus.NEW))
        return super().get_queryset(request).annotate(waiting=new)

    @admin.display(description="New")
    def waiting(self, query: Any) -> int:
        return query.waiting

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[:1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("last_run_at", "covered_until", "last_problem")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"since": timezone.localdate() - timedelta(days=DAYS_TO_BEGIN_WITH)}


@admin.register(Candidate)
class CandidateAdmin(ReadOnly, RecordAdmin):
    """Its list is of what waits; a paper's page is where it is decided about."""

    list_display = ()  # the list below is its own

    def view_on_site(self, row: Any) -> None:
        """No page that readers see."""

    def get_urls(self) -> list[URLPattern]:
        upload = path("upload/", self.admin_site.admin_view(self.upload_view), name="treatments_candidate_upload")
        return [upload, *super().get_urls()]

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        unknown = request.GET.keys() - {"state", "query", "p"}
        if unknown:
            names = ", ".join(f"“{name}”" for name in sorted(unknown))
            self.message_user(request, f"There is no filter {names} here; it was left out.", messages.WARNING)
            return HttpResponseRedirect(f"{request.path}{asked_with(request.GET, **dict.fromkeys(unknown))}")
        return self._list(request, [], 200)

    def _list(self, request: HttpRequest, problems: list[str], status: int) -> HttpResponse:
        queries = {str(query.pk): query.name for query in LiteratureQuery.objects.all()}
        state, query = request.GET.get("state") or WAITING, request.GET.get("query", "")
        if state not in STATES or (query and query not in queries):
            problems, status = [*problems, "There is no such filter. Choose from the lists."], 400
            state, query = (state if state in STATES else WAITING), (query if query in queries else "")
        found = Candidate.objects.all()
        if state == WAITING:
            found = found.waiting()
        elif state != ALL:
            found = found.filter(status=state)
        if query:
            found = found.filter(query_id=int(query))
        found = found.select_related("query", "decided_by", "reference")
        page = Paginator(found, CANDIDATES_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self._context(request, "Literature inbox"),
            "problems": problems,
            "page": page,
            "pages": page_links(request.GET, page),
            "states": STATES,
            "state": state,
            "queries": queries,
            "query": query,
            "may_fill": may_fill(request.user),
            "largest_file": files.LARGEST_FILE // 1024 // 1024,
            "most_records": MOST_RECORDS,
        }
        return TemplateResponse(request, "admin/literature/inbox.html", context, status=status)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Papers from a citation file, for the inbox; what came before is left out."""
        if not may_fill(request.user):
            raise PermissionDenied
        address = reverse("admin:treatments_candidate_changelist")
        if request.method != "POST":
            return HttpResponseRedirect(address)
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise files.FileError("Choose a file first.")
            contents = files.read(upload.name or "", upload.read(files.LARGEST_FILE + 1))
            if len(contents.records) > MOST_RECORDS:
                raise files.FileError(
                    f"The file has {len(contents.records):,} records; at most {MOST_RECORDS:,} are taken at once."
                )
        except files.FileError as problem:
            return self._list(request, [str(problem)], 400)
        new = take_in(contents.records, file_name=files.plain_name(upload.name), by=request.user)
        self.message_user(
            request,
            f"{new} new in the inbox; {len(contents.records) - new} were seen before.",
            messages.SUCCESS if new else messages.INFO,
        )
        for remark in contents.problems[:5]:
            self.message_user(request, remark, messages.WARNING)
        return HttpResponseRedirect(address)

    # One paper

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is known of a paper, and the forms to turn it into a reference or to dismiss it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        candidate = self.get_object(request, unquote(object_id))
        if candidate is None:
            raise Http404(f"There is no candidate {object_id}.")
        problem, status = "", 200
        if request.method == "POST":
            try:
                return self._decide(request, candidate)
            except WorkflowError as refusal:
                problem, status = str(refusal), 409
                candidate.refresh_from_db()
        context = {
            **self._context(request, "Candidate"),
            "absolute_url": None,
            "candidate": candidate,
            "problem": problem,
            "may_decide": may_decide(request.user) and candidate.status == CandidateStatus.NEW,
            "types": PublicationType.choices,
            "publication_type": request.POST.get("publication_type", candidate.publication_type),
            "although_alike": "although_alike" in request.POST,
            "reason": request.POST.get("reason", "").replace("\x00", ""),
        }
        return TemplateResponse(request, "admin/literature/candidate.html", context, status=status)

    def _decide(self, request: HttpRequest, candidate: Any) -> HttpResponse:
        post = request.POST
        inbox = reverse("admin:treatments_candidate_changelist")
        if "dismiss" in post:
            dismiss(candidate, request.user, post.get("reason", ""))
            self.message_user(request, f"“{candidate}” was dismissed.", messages.SUCCESS)
            return HttpResponseRedirect(inbox)
        if not {"accept", "draft"} & post.keys():
            raise WorkflowError("Say what is to become of it.")
        reference = accept(
            candidate, request.user, post.get("publication_type", ""), although_alike="although_alike" in post
        )
        self.message_user(request, f"{reference} is a reference now.", messages.SUCCESS)
        if "draft" in post:
            return HttpResponseRedirect(f"{reverse('admin:treatments_evidence_add')}?reference={reference.pk}")
        return HttpResponseRedirect(inbox)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("query", "decided_by", "reference")

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        request.current_app = self.admin_site.name
        return {**self.admin_site.each_context(request), "title": title, "subtitle": None, "opts": self.opts}
