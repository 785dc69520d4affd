"""What an autocomplete offers: found by every name that the public search knows, and told apart by what it is."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Case, IntegerField, Model, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.text import Truncator

from treatments.models import (
    Autoantibody,
    Evidence,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    Reference,
    Treatment,
    Trial,
)
from treatments.search.answers import answer
from treatments.search.kinds import Kind
from treatments.search.names import Role

KINDS: dict[type[Model], Kind] = {
    Treatment: Kind.TREATMENT,
    Autoantibody: Kind.AUTOANTIBODY,
    Manifestation: Kind.MANIFESTATION,
    Mechanism: Kind.MECHANISM,
    OutcomeMeasure: Kind.OUTCOME_MEASURE,
    Reference: Kind.REFERENCE,
    Trial: Kind.TRIAL,
    Evidence: Kind.EVIDENCE,
}
LONGEST_TERM = 200  # letters; what is longer finds what its beginning finds
MOST = 60
WORDS_OF_A_TITLE = 90  # letters of it
NAMES_SHOWN = 3


def found_by_name(request: HttpRequest, model: type[Model], term: str) -> dict[int, int]:
    """The primary keys of the rows of ``model`` that answer to ``term``, with their place in the answer.

    Spelling is forgiven as in the public search. The name that a row was found by, where it is not its own, is kept on
    the request for the text of the option.
    """
    kind = KINDS.get(model)
    term = term.strip()[:LONGEST_TERM]
    if kind is None or not term:
        return {}
    found = answer(term)
    matches = [hit.match for hit in found.of([kind]) if hit.match] or [
        m for m in found.nearest if m.subject.kind == kind
    ]
    request.found_as = {  # type: ignore[attr-defined]
        match.subject.pk: match.name for match in matches if match.role not in (Role.NAME, Role.IDENTIFIER)
    }
    keys = [hit.pk for hit in found.of([kind])] or [match.subject.pk for match in matches]
    return {key: place for place, key in enumerate(keys[:MOST])}


def best_first(rows: QuerySet, places: dict[int, int]) -> QuerySet:
    """The rows in the order of their ``places``, those without one after them."""
    whens = [When(pk=key, then=Value(place)) for key, place in places.items()]
    place = Case(*whens, default=Value(len(places)), output_field=IntegerField())
    return rows.order_by(place, *rows.model._meta.ordering, "pk")


def described(row: Any) -> str:
    """A row with what tells it from others: "Tofacitinib – small molecule – Xeljanz"."""
    match row:
        case Treatment():
            parts = [row.name, row.get_kind_display().lower(), _some(row.brand_names) or _some(row.synonyms)]
        case Autoantibody():
            parts = [row.name, row.antigen or row.full_name, _some(row.genes)]
        case Manifestation():
            parts = [row.name, _some(row.synonyms), row.hpo_id or ""]
        case OutcomeMeasure():
            parts = [row.name, row.abbreviation, row.unit]
        case Mechanism():
            parts = [row.name, row.get_kind_display().lower(), _some(row.genes)]
        case Trial():
            parts = [row.nct_id, row.acronym, _short(row.title), row.get_status_display().lower()]
        case Reference():
            pmid = f"PMID {row.pmid}" if row.pmid else row.doi or ""
            parts = [str(row), _short(row.title), row.journal, pmid]
        case Evidence():
            parts = [str(row), str(row.treatment), f"level {row.level_id}", _short(row.statement)]
        case _:
            parts = [str(row)]
    return " – ".join(dict.fromkeys(str(part) for part in parts if part))


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMES_SHOWN])


def _short(text: str) -> str:
    return Truncator(text).chars(WORDS_OF_A_TITLE)


class ChoicesView(AutocompleteJsonView):
    """The options of an autocomplete, each saying what it is and by which name it was found."""

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows.select_related("treatment") if rows.model is Evidence else rows

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        text = described(obj)
        found_as = getattr(self.request, "found_as", {}).get(obj.pk, "")
        if found_as and found_as.casefold() not in text.casefold():
            text = f"{text} (found as “{found_as}”)"
        return {"id": str(getattr(obj, to_field_name)), "text": text}
