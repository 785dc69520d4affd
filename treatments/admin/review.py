"""Declarations of interests, which a person makes for themself, and what is kept of people's work on claims."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from treatments.curation.interests import last_declaration
from treatments.curation.notices import is_sent_mail, send_mail_to
from treatments.models import Assignment, Comment, Declaration, NoticeSetting
from treatments.models.review import DECLARATION_HOLDS

from .records import ReadOnly, RecordAdmin, RecordForm


class OfPeople(RecordAdmin):
    """Rows of the curators' own work, which readers never see."""

    def view_on_site(self, row: Any) -> None:
        """No page that readers see."""


class StillHolds(admin.SimpleListFilter):
    title = "holding"
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "holds now"), ("no", "out of date")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        since = timezone.now() - DECLARATION_HOLDS
        if self.value() == "yes":
            return queryset.filter(declared_at__gt=since)
        if self.value() == "no":
            return queryset.filter(declared_at__lte=since)
        return queryset


class DeclarationForm(RecordForm):
    def clean(self) -> Any:
        cleaned = super().clean() or {}
        cleaned["interests"] = (cleaned.get("interests") or "").strip()
        if cleaned.get("nothing_to_declare") and cleaned["interests"]:
            self.add_error(
                None, "You ticked that there is nothing to declare, but declared something. Keep one of them."
            )
        elif not cleaned.get("nothing_to_declare") and not cleaned["interests"] and "interests" not in self.errors:
            self.add_error(None, "Say what your interests are, or tick that there is nothing to declare.")
        return cleaned


@admin.register(Declaration)
class DeclarationAdmin(OfPeople):
    """A person declares for themself, and again after a year; what was declared stays, and colleagues can read it."""

    form = DeclarationForm
    add_form_template = "admin/declarations/add.html"
    list_display = ("person", "declared_at", "until", "holds", "nothing_to_declare", "interests")
    list_select_related = ("person",)
    list_filter = (StillHolds,)
    search_fields = ("person__username", "person__first_name", "person__last_name", "interests")
    date_hierarchy = "declared_at"
    actions = None

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        said = ("nothing_to_declare", "interests")
        return ("person", "declared_at", "until", *said) if obj else said

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("person", "declared_at", "until") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.person = request.user
        super().save_model(request, obj, form, change)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        context = {
            "title": "Declare your interests",
            "last": last_declaration(request.user),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        return super().add_view(request, form_url, context)

    @admin.display(description="holds until", ordering="declared_at")
    def until(self, declaration: Declaration) -> Any:
        return declaration.holds_until.date()

    @admin.display(description="holds", boolean=True)
    def holds(self, declaration: Declaration) -> bool:
        return declaration.is_valid


@admin.register(Comment)
class CommentAdmin(ReadOnly, OfPeople):
    """Every comment on every claim, to search; it is written on the page of the claim."""

    list_display = ("accession", "version", "author", "written_at", "step", "text")
    list_select_related = ("author",)
    list_filter = ("step",)
    search_fields = ("accession", "text", "author__username")
    date_hierarchy = "written_at"
    fields = ("accession", "version", "author", "written_at", "step", "text")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, OfPeople):
    list_display = ("accession", "version", "person", "since")
    list_select_related = ("person",)
    search_fields = ("accession", "person__username")
    fields = ("accession", "version", "person", "since")


@admin.register(NoticeSetting)
class NoticeSettingAdmin(ReadOnly, OfPeople):
    """Whether somebody is sent notices by mail, which each person says for themself."""

    list_display = ("person", "by_mail")
    list_select_related = ("person",)
    fields = ("person", "by_mail")

    def get_urls(self) -> list[URLPattern]:
        mine = path("mine/", self.admin_site.admin_view(self.mine_view), name="treatments_noticesetting_mine")
        return [mine, *super().get_urls()]

    def mine_view(self, request: HttpRequest) -> HttpResponse:
        """Whether the person who looks is sent notices by mail, and the button to change that."""
        if request.method == "POST":
            wanted = request.POST.get("mail") == "on"
            send_mail_to(request.user, wanted)  # type: ignore[arg-type]  # nobody comes here without a sign-in
            told = "You are sent notices by mail." if wanted else "You are sent no more notices by mail."
            self.message_user(request, told, messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": "Notices by mail",
            "subtitle": None,
            "sent": is_sent_mail(request.user),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/notices.html", context)
