"""The page "Add references": identifiers are pasted or a citation file is uploaded, looked through, and then added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from treatments.curation.workflow import WorkflowError
from treatments.literature import files, pasted
from treatments.literature.importing import (
    ADDABLE,
    LONGEST_NOTE,
    Choice,
    Row,
    State,
    do_import,
    fingerprint,
    may_import,
    rows_for,
)
from treatments.literature.inbox import settle
from treatments.literature.looking_up import Answer, look_up
from treatments.models.choices import PublicationType, RetractionStatus
from treatments.models.identifiers import IDENTIFIERS

from .records import RecordAdmin

MOST_RECORDS = 300
SALT = "treatments.admin.importing.1"  # another number when what is kept looks otherwise
NAMED_IN_A_MESSAGE = 10
OFFLINE = (
    "Nothing you typed is lost: try again later, or save the records as .nbib, .ris or .bib on a computer that reaches"
    " the service, and upload the file here."
)
STATE_WORDS = {
    State.NEW: "New",
    State.POSSIBLE: "Possible duplicate",
    State.HERE: "Already here",
    State.REPEATED: "Listed twice",
    State.NOT_FOUND: "Not found",
    State.NOT_ASKED: "Not looked up",
    State.NOT_UNDERSTOOD: "Not understood",
}


@dataclass
class Line:
    """A row as the page shows it, with what the person chose so far."""

    row: Row
    add: bool
    publication_type: str
    take: frozenset[str]

    @property
    def state(self) -> str:
        return STATE_WORDS[self.row.state]

    @property
    def addable(self) -> bool:
        return self.row.state in ADDABLE

    @property
    def asks_for_type(self) -> bool:
        return self.addable and self.row.kind == "reference"

    @property
    def here_address(self) -> str:
        return address_of_row(self.row.row) if self.row.row is not None else ""

    @property
    def links(self) -> list[tuple[str, str, str]]:
        """Each identifier: the registry's name, the identifier, and its page there."""
        if self.row.answer.record is None:
            return []
        return [
            (IDENTIFIERS[name].name, value, IDENTIFIERS[name].link(value))
            for name, value in self.row.record.identifiers().items()
        ]

    @property
    def standing(self) -> str:
        """The retraction or the like that a source reports of something new."""
        said = self.row.answer.record and self.row.record.values.get("retraction_status")
        return RetractionStatus(said).label if said and said != RetractionStatus.NONE_RECORDED else ""


def address_of_row(row: Any) -> str:
    return reverse(f"admin:treatments_{row._meta.model_name}_change", args=[row.pk])


class ImportsRecords(RecordAdmin):
    """Mixed into the admin of references: the page that adds them without typing."""

    change_list_template = "admin/literature/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        page = path("import/", self.admin_site.admin_view(self.import_view), name="treatments_import")
        return [page, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Paste or upload; what would be added; and the adding, after which the page is ready for more."""
        if not may_import(request.user):
            raise PermissionDenied
        page = _Page(request, self)
        if request.method != "POST":
            return page.shown()
        if request.POST.get("step") == "add":
            return page.add()
        return page.look()


class _Page:
    """One request to the page, with what was typed into it."""

    def __init__(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> None:
        self.request, self.admin = request, model_admin
        self.problems: list[str] = []
        self.notices: list[str] = []
        self.lines: list[Line] = []
        self.kept = self.seen = ""

    def shown(self, status: int = 200) -> HttpResponse:
        self.request.current_app = self.admin.admin_site.name
        post = self.request.POST
        counts = {word: sum(1 for line in self.lines if line.state == word) for word in STATE_WORDS.values()}
        context = {
            **self.admin.admin_site.each_context(self.request),
            "title": "Add references",
            "subtitle": None,
            "opts": self.admin.opts,
            "problems": self.problems,
            "notices": self.notices,
            "lines": self.lines,
            "counts": {word: count for word, count in counts.items() if count},
            "anything_to_do": any(line.addable or line.row.suggestions for line in self.lines),
            "kept": self.kept,
            "seen": self.seen,
            "types": PublicationType.choices,
            "text": post.get("text", "").replace("\x00", ""),
            "note": post.get("note", "").replace("\x00", "")[: LONGEST_NOTE * 2],
            "common_type": post.get("type", ""),
            "most_identifiers": pasted.MOST_IDENTIFIERS,
            "most_records": MOST_RECORDS,
            "largest_file": files.LARGEST_FILE // 1024 // 1024,
        }
        return TemplateResponse(self.request, "admin/literature/import.html", context, status=status)

    def look(self) -> HttpResponse:
        """What the services or the file say, each row with what would become of it."""
        text, upload = self.request.POST.get("text", ""), self.request.FILES.get("file")
        answers: list[Answer] = []
        if upload is not None:
            answers += self._of_file(upload)
        if text.strip():
            answers += self._of_text(text)
        if not answers:
            self.problems = self.problems or ["Paste identifiers or choose a file."]
            return self.shown(400)
        self._show(answers)
        return self.shown()

    def _of_file(self, upload: Any) -> list[Answer]:
        try:
            contents = files.read(upload.name or "", upload.read(files.LARGEST_FILE + 1))
        except files.FileError as problem:
            self.problems.append(str(problem))
            return []
        if len(contents.records) > MOST_RECORDS:
            self.problems.append(
                f"The file has {len(contents.records):,} records; at most {MOST_RECORDS} are taken at once."
            )
            return []
        self.notices += contents.problems[:20]
        return [Answer(record.title, record=record) for record in contents.records]

    def _of_text(self, text: str) -> list[Answer]:
        try:
            found = look_up(pasted.identifiers_in(text), timezone.localdate())
        except pasted.TooMuchError as problem:
            self.problems.append(str(problem))
            return []
        if found.problems:
            self.problems.append(" ".join([*found.problems, OFFLINE]))
        return found.answers

    def add(self) -> HttpResponse:
        """Add what was chosen, or show the list again with the reason why not."""
        post = self.request.POST
        try:
            answers = [Answer.from_json(one) for one in signing.loads(post.get("kept", ""), salt=SALT)]
        except signing.BadSignature:
            self.problems.append("The list did not arrive as it was sent out. Look the references up once more.")
            return self.shown(400)
        choices = self._choices(len(answers))
        try:
            done = do_import(
                answers,
                choices,
                post.get("seen", ""),
                self.request.user,
                post.get("note", ""),
                timezone.localdate(),
                also=lambda added: settle(added, self.request.user),
            )
        except WorkflowError as refusal:
            self.problems.append(str(refusal))
            self._show(answers, choices)
            return self.shown(409)
        for rows, words in ((done.added, "Added"), (done.changed, "Changed")):
            if rows:
                self.admin.message_user(self.request, _told(words, rows), messages.SUCCESS)
        return HttpResponseRedirect(self.request.path)

    def _choices(self, count: int) -> dict[int, Choice]:
        post = self.request.POST
        return {
            number: Choice(
                add=f"add-{number}" in post,
                publication_type=post.get(f"type-{number}") or post.get("type", ""),
                take=frozenset(post.getlist(f"take-{number}")),
            )
            for number in range(1, count + 1)
        }

    def _show(self, answers: Sequence[Answer], choices: dict[int, Choice] | None = None) -> None:
        rows = rows_for(answers)
        self.seen = fingerprint(rows)
        self.kept = signing.dumps([answer.as_json() for answer in answers], salt=SALT, compress=True)
        for row in rows:
            said = row.answer.record.values.get("publication_type", "") if row.answer.record else ""
            choice = (choices or {}).get(row.number)
            self.lines.append(
                Line(
                    row,
                    choice.add if choice else row.state == State.NEW,
                    self.request.POST.get(f"type-{row.number}", "") if choice else said,
                    choice.take if choice else frozenset(),
                )
            )


def _told(word: str, rows: Sequence[Any]) -> str:
    """What was done, with links to the first few."""
    links = format_html_join(
        "; ", '<a href="{}">{}</a>', ((address_of_row(row), str(row)) for row in rows[:NAMED_IN_A_MESSAGE])
    )
    more = f" and {len(rows) - NAMED_IN_A_MESSAGE} more" if len(rows) > NAMED_IN_A_MESSAGE else ""
    return format_html("{} {}: {}{}.", word, len(rows), links, more)
