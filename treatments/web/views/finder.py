"""The finder: a question and its answer, what stands behind one row of it, and the answer as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from treatments.errors import bad_request_answer
from treatments.finder import Question
from treatments.finder_filter import FinderFilter
from treatments.finder_reading import Answer, answer
from treatments.models import Autoantibody, Manifestation
from treatments.web import reading
from treatments.web.downloads import csv_file
from treatments.web.presenters import finder as shown
from treatments.web.presenters import finder_behind, finder_file
from treatments.web.presenters.finder_form import address, form

from .pages import Context

REFUSED = "This question could not be answered as it was asked."


def find(request: HttpRequest) -> HttpResponse:
    """The form, and beside it the answer to what the address asks. htmx gets the answer alone.

    Where nothing is asked there is no answer; a question with something wrong is 400 and keeps what was typed.
    """
    filterset = FinderFilter(request.GET)
    problems = filterset.problems
    question = Question() if problems else filterset.question
    context: Context = {"problems": problems}
    if question:
        found = answer(question)
        context |= {
            "answer": shown.answer_view(found, _best_results(found)),
            "download": address("web:finder-download", question),
            "program": address("api:finder", question),
            "permanent": request.build_absolute_uri(address("web:finder", question)),
        }
    context["cited_path"] = address("web:finder", question)
    status = 400 if problems else 200
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "web/finder_fragment.html", context, status=status)
        if not problems:
            response["HX-Push-Url"] = address("web:finder", question)
        return response
    context["form"] = form(
        filterset,
        Autoantibody.objects.defer("search_vector"),
        Manifestation.objects.defer("search_vector"),
    )
    return render(request, "web/finder.html", context, status=status)


def _best_results(found: Answer) -> dict[str, shown.Best]:
    """The best single result of every ranked row, by slug of its treatment."""
    rows = found.ranking.rows
    # Mostly the strongest entry has figures, so the results of the others are read only where it has none.
    results = reading.results_by_accession(row.matches[0].entry.accession for row in rows)
    without = [row for row in rows if not shown.first_in_figures(row, results)]
    results |= reading.results_by_accession(match.entry.accession for row in without for match in row.matches[1:])
    chosen = [(row, *best) for row in rows if (best := shown.first_in_figures(row, results))]
    entries = reading.cited_entries(match.entry.accession for _, match, _ in chosen)
    return {
        row.treatment: shown.best_result(row, found, match, result, entries[match.entry.accession])
        for row, match, result in chosen
    }


def behind(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that stands behind one treatment in an answer; htmx gets it without the page around it."""
    filterset = FinderFilter(request.GET)
    if filterset.problems:
        return bad_request_answer(request, REFUSED, filterset.problems)
    found = answer(filterset.question)
    row = found.ranking.row(slug)
    if row is None:
        raise Http404("There is no evidence on such a treatment that fits the question.")
    accessions = [match.entry.accession for match in finder_behind.all_matches(row)]
    claims = reading.evidence_rows(reading.published_evidence(accessions))
    context = {
        "behind": finder_behind.behind(row, found, {claim.accession: claim for claim in claims}),
        "heading": 5,  # within a row, whose own heading is the fourth level
        "answer_url": address("web:finder", found.question),
    }
    template = "web/finder_behind.html" if request.htmx else "web/finder_treatment.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def download(request: HttpRequest) -> HttpResponse:
    """The answer as a CSV file, one row a treatment."""
    filterset = FinderFilter(request.GET)
    if filterset.problems:
        return bad_request_answer(request, REFUSED, filterset.problems)
    found = answer(filterset.question)
    rows = finder_file.rows(found, _best_results(found), request.build_absolute_uri)
    return csv_file(finder_file.name(found.question), finder_file.HEADER, rows)
