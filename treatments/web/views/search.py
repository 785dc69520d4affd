"""The one search box: its results page, and what it suggests while something is typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from treatments.errors import bad_request_answer
from treatments.filtering import Problem
from treatments.search import (
    SEARCHED,
    Answer,
    Hit,
    Kind,
    Question,
    SearchParameters,
    TextParameter,
    answer,
    marked,
    suggest,
)
from treatments.tally import Tally
from treatments.web import reading
from treatments.web.presenters import search as shown
from treatments.web.presenters.evidence import entry
from treatments.web.presenters.phenotype import finding
from treatments.web.presenters.sources import citation

from .pages import ROWS_A_PAGE, Context, page_number, page_problems

A_FEW = 3  # of each kind, where all kinds are shown
MORE_OF = {Kind.EVIDENCE: 5}


@dataclass(frozen=True)
class Shown:
    """How records of one kind are shown.

    ``title`` is the column that is their heading, ``also`` are further columns with their labels: where nothing is
    marked in the heading, the first of them in which something is marked is quoted. ``described`` says that one of them
    is quoted in any case, ``counted`` is the path from evidence to a record whose entries are counted.
    """

    rows: Callable[[QuerySet], QuerySet]
    title: str
    also: tuple[tuple[str, str], ...] = ()
    row: Callable[[Any], Any] = lambda record: record
    described: bool = False
    counted: str = ""


SHOWN: dict[Kind, Shown] = {
    Kind.TREATMENT: Shown(reading.lean_rows, "name", (("summary", ""),), described=True, counted="treatment"),
    Kind.AUTOANTIBODY: Shown(
        reading.lean_rows,
        "name",
        (("description", ""), ("antigen", "Antigen"), ("detection_note", "Detection")),
        described=True,
        counted="autoantibodies",
    ),
    Kind.MANIFESTATION: Shown(
        reading.lean_rows, "name", (("description", ""),), described=True, counted="manifestations"
    ),
    Kind.MECHANISM: Shown(reading.lean_rows, "name", (("description", ""),), described=True),
    Kind.OUTCOME_MEASURE: Shown(reading.lean_rows, "name", (("description", ""),), described=True),
    Kind.EVIDENCE: Shown(
        reading.evidence_rows,
        "statement",
        (
            ("regimen", "Regimen"),
            ("comparator", "Comparator"),
            ("safety", "Safety"),
            ("limitations", "Limitations"),
            ("reference__title", "Publication"),
            ("reference__authors", "Authors"),
            ("trial__title", "Trial"),
        ),
        row=entry,
    ),
    Kind.RECOMMENDATION: Shown(
        reading.recommendation_rows,
        "statement",
        (
            ("body", "Issued by"),
            ("quality", "Quality of evidence"),
            ("note", "Note"),
            ("guideline__title", "Guideline"),
        ),
    ),
    Kind.APPRAISAL: Shown(reading.appraisal_rows, "bottom_line"),
    Kind.PHENOTYPE_ASSOCIATION: Shown(reading.association_rows, "note", row=finding),
    Kind.TRIAL: Shown(reading.trial_rows, "title", (("note", "Note"), ("sponsor", "Sponsor"))),
    Kind.REFERENCE: Shown(
        reading.lean_rows,
        "title",
        (("authors", "Authors"), ("journal", "Journal")),
        row=lambda record: {"record": record, "citation": citation(record)},
    ),
}


def results(question: Question, kind: Kind, hits: list[Hit]) -> list[shown.Result]:
    """``hits``, all of one kind, as they are shown; a fixed number of queries."""
    how = SHOWN[kind]
    columns = [how.title, *(column for column, _ in how.also)]
    marks = {f"marked_{column}": marked(column, question, in_short=column != how.title) for column in columns}
    texts = {f"text_{column}": F(column) for column in columns}
    found = how.rows(SEARCHED[kind].public().filter(pk__in=[hit.pk for hit in hits])).annotate(**marks, **texts)
    records = {record.pk: record for record in found}
    tallies = reading.evidence_tallies(how.counted, **{f"{how.counted}__in": list(records)}) if how.counted else {}
    return [
        _result(records[hit.pk], how, shown.found_as(hit.match), tallies.get(hit.pk))
        for hit in hits
        if hit.pk in records
    ]


def _result(record: Any, how: Shown, note: str, tally: Tally | None) -> shown.Result:
    title = shown.whole(*_text(record, how.title))
    explained = any(part.marked for part in title) and not how.described
    return shown.Result(
        url=record.get_absolute_url(),
        row=how.row(record),
        title=title,
        note=note,
        also=None if explained else _also(record, how),
        tally=tally,
    )


def _text(record: Any, column: str) -> tuple[str, str]:
    """A text of ``record`` and the same with marks; empty where the record has none."""
    return getattr(record, f"text_{column}") or "", getattr(record, f"marked_{column}") or ""


def _also(record: Any, how: Shown) -> shown.Also | None:
    for column, label in how.also:
        if parts := shown.excerpt(*_text(record, column)):
            return shown.Also(label, parts)
    if how.described:
        column, label = how.also[0]
        return shown.Also(label, shown.beginning(_text(record, column)[0]))
    return None


def search(request: HttpRequest) -> HttpResponse:
    """Everything public that answers to ``q``, by kind; one kind with ``kind``, page by page. An identifier leads
    straight to its record."""
    asked = SearchParameters(request.GET)
    asked.passthrough = ("page",)
    problems = [*asked.problems, *page_problems(request)]
    context: Context = {"searched": request.GET.get("q", ""), "problems": problems}
    if problems:
        return render(request, "web/search.html", context, status=400)
    kinds, number = asked.kinds, page_number(request.GET.get("page", "1")) or 1
    if len(kinds) != 1 and "page" in asked.data:
        problems.append(Problem("page", "Only one kind of results has pages: say which with “kind”."))
        return render(request, "web/search.html", context, status=400)
    if not asked.text:
        return render(request, "web/search.html", context)
    found = answer(asked.text)
    if found.identified and set(asked.data) == {"q"}:
        return redirect(found.identified.url)
    context |= {
        "answer": found,
        "nearest": [shown.neighbour(match) for match in found.nearest],
        "named": [(match, shown.named(match)) for match in found.named if shown.named(match)],
        "tabs": shown.tabs(found.counts, kinds),
        "kinds": kinds,
    }
    if len(kinds) == 1:
        page = _page(found, kinds[0], number)
        rows = results(found.question, kinds[0], list(page.object_list))
        page_range = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        context |= {"found": [(kinds[0], rows, page.paginator.count)], "page": page, "page_range": page_range}
    else:
        context["found"] = [
            (kind, results(found.question, kind, hits[: MORE_OF.get(kind, A_FEW)]), len(hits))
            for kind, hits in found.hits.items()
            if not kinds or kind in kinds
        ]
    return render(request, "web/search.html", context)


def _page(found: Answer, kind: Kind, number: int) -> Page:
    paginator = Paginator(found.hits.get(kind, []), ROWS_A_PAGE)
    if number > paginator.num_pages:
        raise Http404(f"There is no page {number}: the last one is {paginator.num_pages}.")
    return paginator.page(number)


def suggestions(request: HttpRequest) -> HttpResponse:
    """What may be meant by the beginning of a name, title or identifier, as options of the box's list."""
    asked = TextParameter(request.GET)
    asked.passthrough = ()
    if asked.problems:
        return bad_request_answer(request, "There are no suggestions for this.", asked.problems)
    found = suggest(asked.text)
    groups = [(kind, [shown.option(one, asked.text) for one in group]) for kind, group in found.groups]
    context = {"typed": asked.text, "groups": groups, "misspelt": found.misspelt}
    response = render(request, "components/suggestions.html", context)
    # Quickly made and seldom asked twice: kept, they would crowd out pages.
    response["Cache-Control"] = "no-store"
    return response
