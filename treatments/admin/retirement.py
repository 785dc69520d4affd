"""What vocabulary and sources share in the admin: where their facts were read, and how they are retired."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

RETIREMENT: Any = (
    "Retirement",
    {
        "classes": ("collapse",),
        "description": "A retired row stays, marked; its address answers that it is gone and names the successor.",
        "fields": (("retired_on", "successor"), "retirement_reason"),
    },
)
SOURCES: Any = ("Sources", {"fields": ("source_checks",)})


class Retired(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in_use", "in use"), ("retired", "retired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in ("in_use", "retired"):
            return queryset.filter(retired_on__isnull=self.value() == "in_use")
        return queryset
