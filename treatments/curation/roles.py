"""Who may do what: the one table of roles, written to the database after every migration.

A person's roles are Django groups of these names. What a role may do is changed here, not in the admin: the next
``migrate`` sets the groups' permissions to exactly this table.
"""

from collections.abc import Iterable
from typing import Any

import pghistory.models
from allauth.mfa.models import Authenticator
from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from treatments.models import (
    AuditLog,
    Candidate,
    Claim,
    Comment,
    DatasetRevision,
    Declaration,
    Dismissal,
    LiteratureQuery,
    Reference,
    Release,
    ReleaseFile,
    ReleaseSnapshot,
    Trial,
    TrialResult,
    TrialTreatment,
)
from treatments.models.claims import ClaimPart
from treatments.models.records import Working

CURATOR, REVIEWER, EDITOR = "curator", "reviewer", "editor"

# Beyond Django's four: the steps of the workflow that need more than writing a claim.
REVIEW = "review"  # publish a claim in review, or send it back
RETRACT = "retract"

EDIT = ("add", "change", "delete")

AnyModel = type[Model]


def models_of_the_knowledge_base() -> list[AnyModel]:
    """Every model of the app with a table of its own, without those that keep its history."""
    every = installed.get_app_config("treatments").get_models()
    return [m for m in every if not issubclass(m, pghistory.models.Event) and not m._meta.proxy]


def _claims() -> list[AnyModel]:
    return [m for m in models_of_the_knowledge_base() if issubclass(m, Claim)]


def _claim_parts() -> list[AnyModel]:
    return [m for m in models_of_the_knowledge_base() if issubclass(m, ClaimPart)]


def _vocabulary() -> list[AnyModel]:
    """What claims point at, with its parts; sources and curators' own work are not among them."""
    others = {
        *(*_claims(), *_claim_parts(), Reference, Trial, TrialResult, TrialTreatment),
        *(Release, ReleaseSnapshot, ReleaseFile, DatasetRevision),
    }
    return [m for m in models_of_the_knowledge_base() if m not in others and not issubclass(m, Working)]


def permissions_by_role() -> dict[str, set[tuple[AnyModel, str]]]:
    """The table: for each role, what it may do to which models."""
    view = _all(models_of_the_knowledge_base(), "view")
    # Whoever may write anything may say of a finding that it is no fault, and take that back.
    judge_findings = _all([Dismissal], "add", "change")
    # Everybody may say something of a claim, and declares their own interests. Neither is ever changed.
    speak = _all([Comment, Declaration], "add")
    write_claims = {
        # A draft can be deleted; what was published cannot, whoever asks.
        *_all(_claims(), *EDIT),
        *_all(_claim_parts(), *EDIT),
        # Evidence cannot be entered before its source is. Sources are retired, not deleted.
        *_all([Reference, Trial], "add", "change"),
        *_all([TrialResult, TrialTreatment], *EDIT),
        # What the inbox asks for is switched off, and what came in is dismissed; neither is deleted.
        *_all([LiteratureQuery, Candidate], "add", "change"),
    }
    edit_vocabulary = {
        # In the admin, a term is retired, not deleted; its parts (approvals, members, references …) come and go.
        *_all(_vocabulary(), *EDIT),
        *_all([Reference, Trial, Release], "add", "change"),
        *_all([TrialResult, TrialTreatment], *EDIT),
        *_all([User], "view", "add", "change"),
        *_all([Group, AuditLog], "view"),
        # Who lost the second factor and the recovery codes begins anew.
        *_all([Authenticator], "view", "delete"),
    }
    return {
        CURATOR: view | write_claims | judge_findings | speak,
        REVIEWER: view | write_claims | judge_findings | speak | _all(_claims(), REVIEW, RETRACT),
        EDITOR: view | edit_vocabulary | judge_findings | speak,
    }


def _all(models: Iterable[AnyModel], *actions: str) -> set[tuple[AnyModel, str]]:
    return {(model, action) for model in models for action in actions}


def permission_name(model: AnyModel | Model, action: str) -> str:
    """The name to ask ``User.has_perm`` for: ``treatments.review_evidence``."""
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def create_roles(apps: Apps = installed, **signal: Any) -> None:
    """Write the table to the database. Running it again changes nothing.

    Sent by ``post_migrate`` with ``apps`` as they stand in the database, which may be before they have these tables.
    """
    if not {"auth", "mfa", "treatments"} <= apps.app_configs.keys():
        return
    _create_workflow_permissions()
    for role, granted in permissions_by_role().items():
        wanted = Q(pk__in=[])
        for model, action in granted:
            wanted |= Q(content_type=_content_type(model), codename=f"{action}_{model._meta.model_name}")
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(wanted))


def _create_workflow_permissions() -> None:
    for model in _claims():
        for action in (REVIEW, RETRACT):
            Permission.objects.get_or_create(
                content_type=_content_type(model),
                codename=f"{action}_{model._meta.model_name}",
                defaults={"name": f"Can {action} {model._meta.verbose_name}"},
            )


def _content_type(model: AnyModel) -> ContentType:
    return ContentType.objects.get_for_model(model, for_concrete_model=False)
