"""PubMed, Crossref and ClinicalTrials.gov on 127.0.0.1: a real server that speaks their formats.

It knows the papers and trials that a test puts into it, all of them visibly made up, and can be in any mood the real
services are: busy, broken, slow, cut off in the middle of a sentence.
"""

import json
import re
import textwrap
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest


@dataclass
class Paper:
    """A made-up publication as PubMed has it; ``more`` holds further lines of its MEDLINE record."""

    pmid: str
    title: str
    doi: str = ""
    pmcid: str = ""
    types: tuple[str, ...] = ("Journal Article",)
    more: tuple[tuple[str, str], ...] = ()
    entered: str = "2026/11/20"
    abstract: str = "BACKGROUND: Nothing of this ever happened. RESULTS: Made up."

    def medline(self) -> str:
        lines = [("PMID", self.pmid), ("OWN", "NLM"), ("DP", "2026 Nov 5"), ("TI", f"{self.title}.")]
        lines += [("PG", "1-9"), ("LID", f"{self.doi} [doi]")] if self.doi else [("PG", "1-9")]
        lines += [("AB", self.abstract), ("FAU", "Example, Ann B"), ("AU", "Example AB"), ("AU", "Sample C")]
        lines += [("PT", kind) for kind in self.types]
        lines += [("TA", "J Made Up Results"), ("JT", "Journal of made-up results"), ("VI", "12"), ("IP", "3")]
        lines += [("PMC", self.pmcid)] if self.pmcid else []
        lines += self.more
        wrapped = (
            f"{tag:<4}- " + "\n      ".join(textwrap.wrap(text, 80, break_long_words=False)) for tag, text in lines
        )
        return "\n".join(wrapped) + "\n"


@dataclass
class StandIn:
    papers: dict[str, Paper] = field(default_factory=dict)
    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    """Every request: path, parameters, and the program that it says it comes from."""

    moods: list[Any] = field(default_factory=list)
    """What to do with the next requests instead of answering; the last one stays if it is ``always``."""

    always: Any = None
    url: str = ""

    def add(self, number: int, title: str, **fields: Any) -> Paper:
        paper = Paper(str(99_999_900 + number), title, **fields)
        self.papers[paper.pmid] = paper
        return paper

    def add_work(self, doi: str, title: str, **fields: Any) -> None:
        self.works[doi.lower()] = {
            "DOI": doi,
            "type": "journal-article",
            "title": [title],
            "container-title": ["Journal of Made-up Results"],
            "short-container-title": ["J Made Up Results"],
            "author": [
                {"given": "Ann B.", "family": "Example", "sequence": "first"},
                {"name": "Made-up Study Group", "sequence": "additional"},
            ],
            "issued": {"date-parts": [[2026, 11, 5]]},
            "volume": "12",
            "page": "1-9",
            **fields,
        }

    def add_study(self, nct_id: str, title: str, **status: Any) -> None:
        self.studies[nct_id] = {
            "protocolSection": {
                "identificationModule": {
                    "nctId": nct_id,
                    "briefTitle": title,
                    "officialTitle": title,
                    "acronym": "MADEUP",
                },
                "statusModule": {"overallStatus": "RECRUITING", **status},
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Pharma", "class": "INDUSTRY"}},
                "designModule": {"phases": ["PHASE2", "PHASE3"], "enrollmentInfo": {"count": 90, "type": "ESTIMATED"}},
            },
            "hasResults": False,
        }

    # What the services answer

    def answer(self, path: str, said: dict[str, str]) -> tuple[str, str] | None:
        """The text of the answer and its type; ``None`` for what is not there."""
        match path.split("/")[1:]:
            case ["eutils", "esearch.fcgi"]:
                return json.dumps({"header": {"type": "esearch"}, "esearchresult": self._esearch(said)}), "json"
            case ["eutils", "esummary.fcgi"]:
                return json.dumps({"result": self._esummary(said["id"].split(","))}), "json"
            case ["eutils", "efetch.fcgi"]:
                return self._efetch(said["id"].split(",")), "plain"
            case ["crossref", "works"]:
                dois = [one.removeprefix("doi:").lower() for one in said["filter"].split(",")]
                found = [self.works[doi] for doi in dois if doi in self.works]
                return json.dumps({"status": "ok", "message": {"total-results": len(found), "items": found}}), "json"
            case ["crossref", "works", doi] if unquote(doi).lower() in self.works:
                return json.dumps({"status": "ok", "message": self.works[unquote(doi).lower()]}), "json"
            case ["ctgov", "studies"]:
                found = [self.studies[one] for one in said["filter.ids"].split(",") if one in self.studies]
                return json.dumps({"studies": found}), "json"
        return None

    def _esearch(self, said: dict[str, str]) -> dict[str, Any]:
        term = said["term"]
        if term.count("(") != term.count(")"):
            return {"ERROR": "Invalid query: unbalanced parentheses"}
        papers = sorted(self.papers.values(), key=lambda paper: paper.pmid, reverse=True)
        if dois := re.findall(r'"([^"]+)"\[doi\]', term):
            wanted = {doi.lower() for doi in dois}
            papers = [paper for paper in papers if paper.doi.lower() in wanted]
        else:
            papers = [paper for paper in papers if term.lower() in paper.title.lower()]
        if said.get("datetype") == "edat":
            papers = [paper for paper in papers if said["mindate"] <= paper.entered <= said["maxdate"]]
        start, size = int(said.get("retstart", 0)), int(said["retmax"])
        return {
            "count": str(len(papers)),
            "retmax": str(size),
            "retstart": str(start),
            "idlist": [paper.pmid for paper in papers[start : start + size]],
        }

    def _esummary(self, numbers: list[str]) -> dict[str, Any]:
        result: dict[str, Any] = {"uids": numbers}
        for number in numbers:
            paper = next((one for one in self.papers.values() if one.pmcid == f"PMC{number}"), None)
            result[number] = (
                {"uid": number, "error": "cannot get document summary"}
                if paper is None
                else {
                    "uid": number,
                    "articleids": [
                        {"idtype": "pmid", "value": paper.pmid},
                        {"idtype": "doi", "value": paper.doi},
                        {"idtype": "pmcid", "value": paper.pmcid},
                    ],
                }
            )
        return result

    def _efetch(self, numbers: list[str]) -> str:
        missing = "id: {0} Error occurred: The following PMID is not available: {0}\n"
        return "\n".join(
            self.papers[number].medline() if number in self.papers else missing.format(number) for number in numbers
        )


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, query: str) -> None:
        here = self.stand_in
        path, said = urlsplit(self.path).path, {name: values[0] for name, values in parse_qs(query).items()}
        here.asked.append((path, said, self.headers["User-Agent"]))
        mood = here.moods.pop(0) if here.moods else here.always
        answer = here.answer(path, said)
        match mood:
            case int():
                self._send(mood, '{"error":"API rate limit exceeded","count":"4"}', "json", {"Retry-After": "0"})
            case ("wait", seconds):
                self._send(429, "Too many requests", "plain", {"Retry-After": str(seconds)})
            case ("slow", seconds):
                time.sleep(seconds)
                self._send(200, *(answer or ("", "plain")))
            case ("says", text):
                self._send(200, text, "json")
            case "truncated":
                self._send(200, *(answer or ("", "plain")), cut=True)
            case "closed":
                self.close_connection = True
            case None if answer is None:
                self._send(404, "Resource not found.", "plain")
            case None:
                self._send(200, *answer)
            case _:
                raise AssertionError(f"There is no mood {mood!r}.")

    def _send(
        self, status: int, text: str, kind: str, headers: dict[str, str] | None = None, cut: bool = False
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if kind == "plain" else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = True

    def log_message(self, *arguments: Any) -> None:
        """Nothing: the test says what it looks for."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments: Any) -> None:
        """Nothing: whoever asked may have stopped waiting, as they do when a service is slow."""


class Running:
    """The server, while a ``with`` statement lasts."""

    def __enter__(self) -> StandIn:
        stand_in = StandIn()
        handler = type("Handler", (_Handler,), {"stand_in": stand_in})
        self.server = _Server(("127.0.0.1", 0), handler)
        stand_in.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return stand_in

    def __exit__(self, *problem: Any) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def services(settings, monkeypatch):
    """A stand-in for PubMed, Crossref and ClinicalTrials.gov, which the site is told to ask, and less patience."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with Running() as stand_in:
        settings.EUTILITIES_URL = f"{stand_in.url}/eutils"
        settings.CROSSREF_URL = f"{stand_in.url}/crossref"
        settings.CLINICALTRIALS_URL = f"{stand_in.url}/ctgov"
        settings.LITERATURE_EMAIL = "curator@kb.example"
        settings.NCBI_API_KEY = "made-up-key"
        settings.LITERATURE_READ_TIMEOUT = 0.5
        settings.LITERATURE_BACKOFF = 0.01
        settings.LITERATURE_LONGEST_WAIT = 1
        yield stand_in
