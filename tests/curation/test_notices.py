"""Who is told by mail of which step; and that a failing mail server costs nothing but the mail."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from tests import builders
from tests.admin.test_claims import address, as_person, step
from treatments.curation.comments import comment
from treatments.curation.notices import send_mail_to, undelivered
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import WorkflowError, publish, request_changes, retract, submit
from treatments.models.choices import ClaimStatus


def person(name, *roles, **fields):
    return builders.person(*roles, username=name, email=f"{name}@kb.example", **fields)


def told(capture, action):
    """The people told of ``action``, and what the first of them reads."""
    mail.outbox.clear()
    with capture(execute=True):
        action()
    assert all(len(letter.to) == 1 for letter in mail.outbox), "nobody is shown who else was told"
    return [letter.to[0].partition("@")[0] for letter in mail.outbox], [
        f"{letter.subject}\n{letter.body}" for letter in mail.outbox[:1]
    ]


@pytest.mark.django_db
def test_who_has_to_act_or_took_part_is_told(django_capture_on_commit_callbacks):
    author, reviewer = person("ada", CURATOR), person("rob", REVIEWER)
    person("away", REVIEWER, is_active=False)
    person("undeclared", REVIEWER, declared=False)
    person("cora", CURATOR)
    quiet = person("quiet", REVIEWER)
    send_mail_to(quiet, False)
    wrote = person("wrote", REVIEWER)
    author_too = person("both", REVIEWER)
    capture = django_capture_on_commit_callbacks
    claim = builders.evidence(author=author)

    people, (letter,) = told(capture, lambda: submit(claim, author, "Please look at the arms."))
    assert people == ["both", "rob", "wrote"]
    assert f"{claim} was submitted for review" in letter
    assert "by ada" in letter
    assert "Please look at the arms." in letter
    assert f"http://127.0.0.1:8000{address(claim)}" in letter

    people, (letter,) = told(capture, lambda: request_changes(claim, reviewer, "Which arm?"))
    assert people == ["ada"]
    assert "Which arm?" in letter

    assert told(capture, lambda: submit(claim, wrote))[0] == ["both", "rob"], "who wrote cannot review"
    comment(claim, author_too, "Seen.")
    assert told(capture, lambda: publish(claim, reviewer))[0] == ["ada", "both"]
    send_mail_to(author, False)
    assert told(capture, lambda: retract(claim, author_too, "Fraud."))[0] == ["rob"]


@pytest.mark.django_db
def test_a_step_that_is_refused_is_told_to_nobody(django_capture_on_commit_callbacks):
    author = person("ada", REVIEWER)
    claim = submit(builders.evidence(author=author), author)
    person("rob", REVIEWER)
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(WorkflowError):
        publish(claim, author)
    assert callbacks == []


@pytest.mark.django_db
def test_everybody_turns_notices_off_and_on_for_themself():
    client = as_person(person("ada", CURATOR))
    mine = reverse("admin:treatments_noticesetting_mine")
    assert "You are sent these notices at ada@kb.example." in " ".join(client.get(mine).content.decode().split())
    assert "You are sent no more notices by mail." in client.post(mine, {"mail": "off"}, follow=True).content.decode()
    assert "You are not sent these notices." in client.get(mine).content.decode()
    client.post(mine, {"mail": "on"})
    assert "You are sent these notices" in client.get(mine).content.decode()


class OneAddressRefused(EmailBackend):
    """A mail server that does not know one of its people any more."""

    def send_messages(self, messages):
        if any("ada" in address for letter in messages for address in letter.to):
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


@pytest.mark.django_db
def test_an_address_that_is_refused_keeps_no_notice_from_others(settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = f"{__name__}.OneAddressRefused"
    author = builders.person(CURATOR)
    for name in ("ada", "rob"):
        person(name, REVIEWER)
    claim = builders.evidence(author=author)
    with undelivered() as failures:
        people, _ = told(django_capture_on_commit_callbacks, lambda: submit(claim, author))
    assert people == ["rob"]
    [failure] = failures
    assert "could not be mailed to all" in failure


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_fails_loses_no_step_and_is_said(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # where nothing listens
    author, reviewer = person("ada", CURATOR), as_person(person("rob", REVIEWER))
    claim = submit(builders.evidence(author=author), author)
    assert "no notice sent that" in caplog.text
    response = reviewer.post(step(claim, "publish"), follow=True)
    page = response.content.decode()
    assert f"{claim} was published." in page
    assert "The step was taken, but the notice of it could not be mailed" in page
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PUBLISHED
