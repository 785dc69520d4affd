"""Lists of the admin: every one opens, searches and filters, with a number of queries that rows do not change."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders
from treatments.models import AuditLog, Evidence, ReleaseFile, ReleaseSnapshot
from treatments.models.claims import ClaimPart
from treatments.models.vocabulary import Part

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label == "treatments"]
# The audit log has no rows of its own: each is on the page of the record that was changed.
WITH_PAGES = [model for model in MODELS if model is not AuditLog]
MAKERS = {
    "treatment": builders.treatment,
    "mechanism": lambda: builders.mechanism(parent=builders.mechanism()),
    "mechanisminteraction": builders.mechanism_interaction,
    "autoantibody": builders.autoantibody,
    "prevalence": builders.prevalence,
    "manifestation": builders.manifestation,
    "outcomemeasure": builders.outcome_measure,
    "reference": builders.reference,
    "trial": builders.trial,
    "release": builders.release,
    "literaturequery": builders.literature_query,
    "candidate": builders.candidate,
    "evidence": lambda: builders.evidence(author=builders.person(), trial=builders.trial()),
    "phenotypeassociation": lambda: builders.phenotype_association(author=builders.person()),
    "recommendation": lambda: builders.recommendation(author=builders.person(), treatment=builders.treatment()),
    "evidenceimport": builders.evidence_import,
    "appraisal": lambda: builders.appraisal(author=builders.person(), autoantibody=builders.autoantibody()),
    "declaration": builders.declaration,
    "comment": lambda: builders.comment(builders.evidence()),
    "assignment": lambda: builders.assignment(builders.evidence()),
    "noticesetting": builders.notice_setting,
}


@pytest.fixture
def client():
    client = Client()
    client.force_login(builders.person(is_superuser=True))
    return client


def changelist(model):
    return reverse(f"admin:treatments_{model._meta.model_name}_changelist")


def ids(model):
    return model._meta.model_name


def test_everything_is_registered():
    """Models without a list of their own are edited on the page of what they belong to."""
    inlines = {inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines}
    for model in apps.get_app_config("treatments").get_models():
        if hasattr(model, "pgh_tracked_model") or model in (ReleaseSnapshot, ReleaseFile):
            continue  # what happened to rows, and what a release holds, is shown with them
        if issubclass(model, (Part, ClaimPart)) and model not in admin.site._registry:
            assert model in inlines, f"{model.__name__} can be edited nowhere"
        else:
            assert model in admin.site._registry, f"{model.__name__} is not in the admin"


@pytest.mark.parametrize("model", [model for model in MODELS if model._meta.model_name in MAKERS], ids=ids)
def test_queries_do_not_grow_with_rows(client, model):
    make = MAKERS[model._meta.model_name]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(changelist(model)).status_code == 200
        return len(captured)

    for _ in range(2):
        make()
    queries()  # warms content types
    before = queries()
    for _ in range(5):
        make()
    assert queries() == before
    assert before <= 15


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_lists_search_filter_and_sort(client, model):
    model_admin = admin.site._registry[model]
    address = changelist(model)
    if model_admin.search_fields:
        for text in ("ex", "[", "'; DROP TABLE x; --", "γ", "x" * 500):
            assert client.get(address, {"q": text}).status_code == 200
    for number in range(1, len(model_admin.list_display) + 1):
        assert client.get(address, {"o": str(number)}).status_code == 200
    for parameter, value in {"checked": "awaiting", "use": "retired", "p": "7"}.items():
        assert client.get(address, {parameter: value}).status_code in (200, 302)


@pytest.mark.parametrize("model", WITH_PAGES, ids=ids)
def test_every_page_of_a_row_opens(client, model):
    make = (MAKERS | {"dismissal": builders.dismissal}).get(model._meta.model_name)
    row = make() if make else model._default_manager.first()
    name = f"admin:treatments_{model._meta.model_name}"
    page = client.get(reverse(f"{name}_change", args=[row.pk]))
    assert page.status_code == 200
    assert client.get(reverse(f"{name}_history", args=[row.pk])).status_code == 200
    if admin.site._registry[model].has_add_permission(page.wsgi_request):
        assert client.get(reverse(f"{name}_add")).status_code == 200
    if page.context["absolute_url"]:
        assert page.context["absolute_url"] in page.content.decode()


@pytest.mark.parametrize("model", WITH_PAGES, ids=ids)
@pytest.mark.parametrize("key", ["0", "nothing", "99999999999999999999"])
def test_a_row_that_does_not_exist_is_no_error(client, model, key):
    name = f"admin:treatments_{model._meta.model_name}"
    for page in ("change", "history"):
        assert client.get(reverse(f"{name}_{page}", args=[key])).status_code in (302, 404)


def test_awaiting_a_primary_check_is_a_list_of_work(client):
    checked = builders.evidence(source_checks=[builders.PRIMARY_CHECK])
    awaiting = builders.evidence(source_checks=[builders.SECONDARY_CHECK])
    content = client.get(changelist(Evidence), {"checked": "awaiting", "status__exact": "draft"}).content.decode()
    assert awaiting.accession in content
    assert checked.accession not in content
