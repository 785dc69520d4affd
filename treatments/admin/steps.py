"""The steps of a claim's life as buttons: only the legal ones for the person who looks, each a plain POST form.

What a step does and who may take it stands in ``treatments.curation.workflow``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from treatments.curation.plausibility import submit_explained
from treatments.curation.workflow import (
    Person,
    Step,
    WorkflowError,
    legal_steps,
    obstacle,
    publish,
    request_changes,
    retract,
    start_revision,
    submission_of,
)
from treatments.models import Claim

from .records import RecordAdmin


@dataclass(frozen=True)
class Saying:
    """Something to say of a claim: what the button is called, what it asks for, what is told beside it."""

    label: str
    asks: str
    explains: str
    field: str


@dataclass(frozen=True)
class Button:
    """How a step is offered: its name, what it asks for in text, and what is said once it is taken."""

    step: Step
    label: str
    asks: str
    explains: str
    done: str
    take: Callable[[Claim, Person, str, str], Claim]
    """With the text that was typed, and the submission that the person read."""


BUTTONS = {
    button.step: button
    for button in (
        Button(
            Step.SUBMIT,
            "Submit for review",
            "",
            "Another person with the reviewer role then publishes it or sends it back.",
            "{} was submitted for review.",
            lambda claim, by, text, read: submit_explained(claim, by),
        ),
        Button(
            Step.REQUEST_CHANGES,
            "Request changes",
            "What should be changed",
            "The claim goes back to its author as a draft, with your comment.",
            "{} was sent back with your comment.",
            request_changes,
        ),
        Button(
            Step.PUBLISH,
            "Publish",
            "",
            "Readers see it at once, in place of the version published before. It never changes again.",
            "{} was published.",
            lambda claim, by, text, read: publish(claim, by, read),
        ),
        Button(
            Step.START_REVISION,
            "Start a revision",
            "Why a new version is needed",
            "Makes a copy as a new draft. Readers see this version until the next one is published.",
            "{} was started; edit it here.",
            lambda claim, by, text, read: start_revision(claim, by, text),
        ),
        Button(
            Step.RETRACT,
            "Retract",
            "Reason, which readers will see",
            "Readers no longer see the claim in any list; its address says that it was retracted, and why. For good.",
            "{} was retracted.",
            lambda claim, by, text, read: retract(claim, by, text),
        ),
    )
}


class StepsAdmin(RecordAdmin):
    """The admin of a record that goes through the workflow."""

    def get_urls(self) -> list[URLPattern]:
        step = path(
            "<path:object_id>/step/<slug:name>/", self.admin_site.admin_view(self.step_view), name=self.step_url_name
        )
        return [step, *super().get_urls()]

    @property
    def step_url_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_step"

    def buttons(self, claim: Claim, by: Person) -> list[dict[str, object]]:
        """What ``by`` can do with the claim now."""
        return [
            {
                "button": BUTTONS[step],
                "url": reverse(f"admin:{self.step_url_name}", args=[quote(claim.pk), step.value]),
            }
            for step in legal_steps(claim, by)
        ]

    def step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Take a step. A refused one is said on a page of its own, with the text that was typed."""
        claim = self.get_object(request, unquote(object_id))
        if claim is None:
            raise Http404(f"There is no {self.opts.verbose_name} {object_id}.")
        if not self.has_view_permission(request, claim):
            raise PermissionDenied
        try:
            button = BUTTONS[Step(name)]
        except ValueError:
            raise Http404(f"There is no step {name}.") from None

        text, problem = request.POST.get("text", ""), obstacle(button.step, claim, request.user)
        if request.method == "POST":
            try:
                outcome = button.take(claim, request.user, text, _read(request, claim))
            except WorkflowError as refusal:
                problem = str(refusal)
            else:
                self.message_user(request, button.done.format(outcome), messages.SUCCESS)
                return HttpResponseRedirect(self.address_of(outcome))
        return self.step_page(request, claim, button, text=text, problem=problem)

    def step_page(
        self, request: HttpRequest, claim: Claim, button: Button | Saying, *, text: str, problem: str
    ) -> HttpResponse:
        """A page that asks for one thing only, with what was typed and why it was refused."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{button.label}: {claim}",
            "subtitle": None,
            "button": button,
            "claim": claim,
            "address": self.address_of(claim),
            "text": text,
            "read": _read(request, claim),
            "problem": problem,
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/claims/step.html", context, status=409 if problem else 200)

    def address_of(self, claim: Claim) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(claim.pk)])


def _read(request: HttpRequest, claim: Claim) -> str:
    """The submission that the person read before they came here."""
    return request.POST.get("read") or submission_of(claim)
