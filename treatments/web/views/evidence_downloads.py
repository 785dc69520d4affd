"""The evidence list to take away: all entries that the filters find, in the order asked for, whatever page is open.

CSV and JSON are sent as they are read, however many entries there are. The others have to be made whole and are
refused above ``MOST_AT_ONCE``.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.utils.encoders import JSONEncoder

from treatments.api.serializers import EvidenceRow
from treatments.errors import bad_request_answer
from treatments.filtering import Problem
from treatments.filters import EvidenceFilter
from treatments.interop.citations import BIBTEX_TYPE, RIS_TYPE, bibtex, ris
from treatments.models import DatasetRevision, Evidence, Reference
from treatments.web import reading
from treatments.web.downloads import Sheet, attached, csv_stream, workbook
from treatments.web.presenters import evidence_sheets as sheets

MOST_AT_ONCE = 5_000
READ_AT_ONCE = 1_000  # a handful of queries for so many entries
# What the page takes besides filters: it says how entries are shown, and a file shows all of them whole.
OF_THE_PAGE = ("page", "view", "column")
LICENCE = f"MIT. Whoever passes facts on should pass their sources on with them: {settings.SITE_URL}/about/#licence"


@dataclass(frozen=True)
class Asked:
    """What was asked for, and when the answer held."""

    request: HttpRequest
    found: EvidenceFilter
    revision: DatasetRevision

    @property
    def address(self) -> str:
        """The page that lists the same entries."""
        query = self.found.data.urlencode()
        return f"{settings.SITE_URL}{reverse('web:evidence-list')}{'?' if query else ''}{query}"

    @property
    def filters(self) -> str:
        return self.found.data.urlencode() or "all evidence"

    @property
    def data(self) -> str:
        return f"revision {self.revision.number}{self._on(' of ')}"

    def name(self, of: str, ending: str) -> str:
        """A name that tells one state of the data from another."""
        return f"dermatomyositis-{of}-r{self.revision.number}{self._on('-')}.{ending}"

    def _on(self, before: str) -> str:
        """The day the data last changed; nothing while nothing was ever published."""
        return f"{before}{self.revision.changed_at:%Y-%m-%d}" if self.revision.number else ""

    @property
    def about(self) -> list[tuple[str, str]]:
        return [
            ("Dermatomyositis treatment knowledge base", "Not medical advice. An empty cell was not recorded."),
            ("Filters", self.filters),
            ("Address", self.address),
            ("Data", self.data),
            ("Licence", LICENCE),
        ]

    def claims(self) -> Iterator[Evidence]:
        """Every entry with all its parts, a thousand in memory at a time."""
        return reading.evidence_list_rows(self.found.qs).iterator(chunk_size=READ_AT_ONCE)


Make = Callable[[Asked], HttpResponseBase]


def _download(make: Make) -> Callable[[HttpRequest], HttpResponseBase]:
    """The view of a file: 400 for whatever the list itself would refuse."""

    def view(request: HttpRequest) -> HttpResponseBase:
        query = request.GET.copy()
        for name in OF_THE_PAGE:
            query.pop(name, None)
        found = EvidenceFilter(query, queryset=Evidence.objects.published().best_level_first())
        found.passthrough = ()
        if found.problems:
            return bad_request_answer(request, "There is no such download.", found.problems)
        return make(Asked(request, found, DatasetRevision.current()))

    return view


def _made_whole(make: Make) -> Make:
    """``make``, but for so many entries only as can be held at once."""

    def bounded(asked: Asked) -> HttpResponseBase:
        count = asked.found.qs.count()
        if count > MOST_AT_ONCE:
            detail = f"These are {count:,} entries; such a file takes {MOST_AT_ONCE:,}. CSV and JSON take any number."
            return bad_request_answer(asked.request, detail, [Problem("", detail)])
        return make(asked)

    return bounded


def _csv(asked: Asked) -> HttpResponseBase:
    rows = sheets.entry_rows(asked.claims())
    return csv_stream(asked.name("evidence", "csv"), asked.about, sheets.ENTRY_HEADER, rows)


def _results_csv(asked: Asked) -> HttpResponseBase:
    rows = sheets.result_rows(asked.claims())
    return csv_stream(asked.name("results", "csv"), asked.about, sheets.RESULT_HEADER, rows)


def _xlsx(asked: Asked) -> HttpResponseBase:
    claims = list(asked.claims())
    about = [*([label, "", text] for label, text in asked.about), [], *sheets.columns_explained()]
    return workbook(
        asked.name("evidence", "xlsx"),
        [
            Sheet("Entries", sheets.ENTRY_HEADER, sheets.ENTRY_WIDTHS, sheets.entry_rows(claims)),
            Sheet("Results", sheets.RESULT_HEADER, sheets.RESULT_WIDTHS, sheets.result_rows(claims)),
            Sheet("About", ["Table", "Column", "What it holds"], [42, 22, 90], about),
        ],
    )


def _json(asked: Asked) -> HttpResponseBase:
    head = {
        "title": "Evidence on treatments of dermatomyositis",
        "filters": asked.filters,
        "address": asked.address,
        "revision": asked.revision.number,
        "revision_at": asked.revision.changed_at,
        "licence": LICENCE,
        "count": asked.found.qs.count(),
    }
    claims = EvidenceRow.read(asked.found.qs).iterator(chunk_size=READ_AT_ONCE)
    context = {"request": asked.request}

    def pieces() -> Iterator[bytes]:
        yield f'{_as_json(head)[:-1]}, "results": ['.encode()
        for number, claim in enumerate(claims):
            row = _as_json(EvidenceRow(claim, context=context).data)
            yield f"{',' if number else ''}\n{row}".encode()
        yield b"\n]}\n"

    return attached(StreamingHttpResponse(pieces(), content_type="application/json"), asked.name("evidence", "json"))


def _as_json(value: object) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False)


def _references(asked: Asked) -> list[Reference]:
    """What the entries rest on, each once, in the order the entries come in."""
    keys = list(dict.fromkeys(asked.found.qs.values_list("reference", flat=True)))
    found = Reference.objects.defer(reading.SEARCH).in_bulk(keys)
    return [found[key] for key in keys]


def _ris(asked: Asked) -> HttpResponseBase:
    content = ris(_references(asked))
    return attached(HttpResponse(content, content_type=f"{RIS_TYPE}; charset=utf-8"), asked.name("references", "ris"))


def _bibtex(asked: Asked) -> HttpResponseBase:
    # BibTeX passes over what stands outside its entries; an @ would begin one.
    about = "".join(f"% {label}: {text}\n".replace("@", "(at)") for label, text in asked.about)
    content = f"{about}\n{bibtex(_references(asked))}"
    return attached(
        HttpResponse(content, content_type=f"{BIBTEX_TYPE}; charset=utf-8"), asked.name("references", "bib")
    )


as_csv = _download(_csv)
results_as_csv = _download(_results_csv)
as_json = _download(_json)
as_xlsx = _download(_made_whole(_xlsx))
as_ris = _download(_made_whole(_ris))
as_bibtex = _download(_made_whole(_bibtex))
