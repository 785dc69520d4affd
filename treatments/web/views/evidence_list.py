"""The list of evidence, shown as its reader wants it."""

from django.http import QueryDict

from treatments.filtering import LayoutChoice, LayoutParts, StrictFilterSet
from treatments.filters import EvidenceFilter
from treatments.models import Evidence
from treatments.web import reading
from treatments.web.presenters.columns import Column, View, chosen_columns, row
from treatments.web.presenters.evidence import entry
from treatments.web.presenters.filters import only

from .pages import Context, ListPage, list_page


class EvidenceListFilter(EvidenceFilter):
    """The filters of evidence, and how the page shows what they find."""

    narrows_nothing = ("ordering", "view", "column")

    view = LayoutChoice(View, label="Show as")
    column = LayoutParts(Column, label="Column")


CHOSEN = ("column", "page")
DOWNLOADS = (
    ("web:evidence-xlsx", "Excel", "entries, results, and what each column holds"),
    ("web:evidence-csv", "CSV of entries", "one row an entry"),
    ("web:evidence-results-csv", "CSV of results", "one row a figure, with both arms"),
    ("web:evidence-json", "JSON", "as the API has them"),
    ("web:evidence-ris", "RIS", "the publications, for reference managers"),
    ("web:evidence-bibtex", "BibTeX", "the publications, for LaTeX"),
)


def _query(filterset: StrictFilterSet, **showing: str) -> str:
    """What was asked, without the page; shown as ``showing`` says and not as it was."""
    query = QueryDict(only(filterset.data, filterset.filters), mutable=True)
    for name in ("view", "column"):
        query.pop(name, None)
    query.update(showing)
    return query.urlencode()


def _showing(filterset: StrictFilterSet, rows: list[Evidence]) -> Context:
    asked = filterset.form.cleaned_data
    view = View(asked["view"] or View.ENTRIES)
    columns = chosen_columns(view, asked["column"])
    shown: Context = {
        "view": view.value,
        # Each with the address it stands at: the same question, shown in its standard columns.
        "views": [(choice.label, _query(filterset, view=choice.value), choice == view) for choice in View],
        "columns": [(column.value, column.label, column in columns) for column in Column],
        "columns_chosen": bool(asked["column"]),
        # What the form that chooses columns sends along.
        "kept": [(name, value) for name, values in filterset.data.lists() for value in values if name not in CHOSEN],
    }
    shown |= {
        "downloads": DOWNLOADS,
        "query_filters": _query(filterset),
    }
    if view == View.TABLE or asked["column"]:
        shown["shown_columns"] = columns
        shown["rows_in_columns"] = [row(entry(claim), columns) for claim in rows]
    return shown


evidence_list = list_page(
    ListPage(
        name="Evidence",
        row_name=("entry", "entries"),
        filterset=EvidenceListFilter,
        queryset=lambda: Evidence.objects.published().best_level_first(),
        rows=reading.evidence_list_rows,
        template="web/evidence_list.html",
        context=lambda rows: {"rows": [entry(claim) for claim in rows]},
        shown=("autoantibody", "manifestation", "treatment", "level", "direction", "population"),
        more=(
            "mechanism",
            "aspect",
            "design",
            "setting",
            "analysis",
            "treatment_kind",
            "outcome_measure",
            "autoantibody_named",
            "manifestation_named",
            "primary_checked",
            "published_since",
        ),
        showing=_showing,
    )
)
