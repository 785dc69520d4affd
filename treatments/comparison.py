"""Which treatments stand side by side: what the comparison takes, and what is wrong with what was asked for."""

import difflib
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from .filtering import AnyLinked, Problem, StrictFilterSet, TrueOrFalse
from .models import Treatment


class ComparisonFilter(StrictFilterSet):
    """The treatments that stand side by side, in the order named; one named twice stands once.

    ``missing`` are the names under which there is no treatment, or only a retired one.
    """

    FEWEST, MOST = 2, 4
    passthrough = ()

    treatment = AnyLinked(Treatment, label="Treatment")
    differences = TrueOrFalse(method="of_all", label="Only rows that differ")

    class Meta:
        model = Treatment
        fields: list[str] = []

    def of_all(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        """``differences`` is about rows of the comparison: it leaves the treatments as they are."""
        return queryset

    @cached_property
    def named(self) -> dict[str, Treatment | None]:
        """What each name given stands for, in the order given."""
        slugs = list(dict.fromkeys(self.data.getlist("treatment")))
        found = Treatment.objects.filter(slug__in=slugs).select_related("successor").defer("search_vector")
        by_slug = {treatment.slug: treatment for treatment in found}
        return {slug: by_slug.get(slug) for slug in slugs}

    @property
    def chosen(self) -> list[Treatment]:
        """The treatments named that are in use, however many."""
        return [treatment for treatment in self.named.values() if treatment and not treatment.retired_on]

    @property
    def missing(self) -> list[str]:
        return [slug for slug, treatment in self.named.items() if not treatment or treatment.retired_on]

    @property
    def in_their_place(self) -> list[Treatment]:
        """The treatments chosen, with the successors of retired ones, no more than can be compared."""
        found: list[Any] = [
            treatment.successor if treatment.retired_on else treatment for treatment in self.named.values() if treatment
        ]
        in_use = [treatment for treatment in found if treatment and not treatment.retired_on]
        return list(dict.fromkeys(in_use))[: self.MOST]

    def _invalid(self) -> Iterable[Problem]:
        yield from (problem for problem in super()._invalid() if problem.parameter != "treatment")
        yield from map(self._why_missing, self.missing)
        if len(self.named) > self.MOST:
            yield Problem(
                "treatment", f"At most {self.MOST} treatments stand side by side; {len(self.named)} were named."
            )

    def _why_missing(self, slug: str) -> Problem:
        retired = self.named[slug]
        if retired is None:
            near = difflib.get_close_matches(slug, self._slugs_in_use, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            return Problem("treatment", f"There is no treatment “{slug}”.{hint}")
        successor = f" Its successor is {retired.successor}." if retired.successor else ""
        reason = retired.retirement_reason.rstrip(".")
        return Problem("treatment", f"{retired} is no longer used: {reason}.{successor}")

    @cached_property
    def _slugs_in_use(self) -> list[str]:
        return list(Treatment.objects.in_use().values_list("slug", flat=True))
