"""Vocabulary and sources through the admin's addresses."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import buttons_of, fields_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.models import (
    Approval,
    Autoantibody,
    Mechanism,
    MechanismInteraction,
    MechanismInteractionReference,
    Reference,
    Treatment,
    Trial,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    client = Client()
    client.force_login(builders.person(EDITOR))
    return client


@pytest.fixture
def curator():
    client = Client()
    client.force_login(builders.person(CURATOR))
    return client


def address(row, page="change"):
    return reverse(f"admin:treatments_{row._meta.model_name}_{page}", args=[row.pk])


def add(model):
    return reverse(f"admin:treatments_{model._meta.model_name}_add")


def new_treatment(client, **typed):
    return {
        **fields_of(client.get(add(Treatment))),
        "name": "Exampletinib",
        "slug": "exampletinib",
        "kind": "small_molecule",
        "stage": "investigational",
        "summary": "A made-up treatment.",
        **typed,
    }


# Treatments -----------------------------------------------------------------------------------------------------------


def test_an_editor_enters_a_treatment_with_its_parts(editor):
    mechanism, source = builders.mechanism(), builders.reference()
    form = new_treatment(
        editor,
        synonyms="Exampletinibum\r\n\r\n  EXA-1, the first \r\n",
        monitoring="Blood count\nLiver enzymes",
        **{
            "mechanisms_of_action-0-mechanism": mechanism.pk,
            "mechanisms_of_action-0-action": "inhibits",
            "approvals-0-region": "Exampleland",
            "approvals-0-indication": "Made up.",
            "approvals-0-for_dermatomyositis": "unknown",
            "approvals-0-source_checks-0-what": "the label",
            "approvals-0-source_checks-0-grade": "primary",
            "approvals-0-source_checks-0-source": "https://label.example/",
            "treatmentreference_set-0-reference": source.pk,
        },
    )
    response = editor.post(add(Treatment), form)
    assert response.status_code == 302, response.context["errors"]
    drug = Treatment.objects.get(slug="exampletinib")
    assert drug.synonyms == ["Exampletinibum", "EXA-1, the first"]
    assert drug.monitoring == ["Blood count", "Liver enzymes"]
    assert drug.mechanisms.get() == mechanism
    assert drug.references.get() == source
    approval = drug.approvals.get()
    assert approval.for_dermatomyositis is None
    assert approval.source_checks == [{"what": "the label", "grade": "primary", "source": "https://label.example/"}]
    # As it is shown, it can be sent back.
    shown = fields_of(editor.get(address(drug)))
    assert shown["synonyms"] == "Exampletinibum\nEXA-1, the first"
    events = drug.events.count()
    assert editor.post(address(drug), shown).status_code == 302
    assert (drug.events.count(), approval.events.count()) == (events, 1)


def test_an_error_in_a_part_keeps_its_source_checks(editor):
    form = new_treatment(
        editor,
        **{
            "approvals-0-region": "Exampleland",
            "approvals-0-source_checks-0-what": "the label",
            "approvals-0-source_checks-0-note": "page 1",
        },
    )
    response = editor.post(add(Treatment), form)
    assert response.status_code == 200
    content = response.content.decode()
    assert "Source check 1: &quot;grade&quot; is primary or secondary." in content
    shown = fields_of(response)
    assert shown["approvals-0-source_checks-0-what"] == "the label"
    assert shown["approvals-0-source_checks-0-note"] == "page 1"


@pytest.mark.parametrize("components", [0, 1])
def test_a_combination_with_too_few_components_is_a_readable_error(editor, components):
    parts = {f"component_links-{n}-component": builders.treatment().pk for n in range(components)}
    response = editor.post(add(Treatment), new_treatment(editor, kind="combination", **parts))
    assert response.status_code == 200
    assert "A combination needs two or more components." in response.content.decode()
    shown = fields_of(response)
    assert shown["summary"] == "A made-up treatment."
    assert {name: int(shown[name]) for name in parts} == parts
    assert not Treatment.objects.filter(slug="exampletinib").exists()


def test_a_combination_is_entered_and_cannot_lose_its_components(editor):
    one, two = builders.treatment(), builders.treatment()
    parts = {"component_links-0-component": one.pk, "component_links-1-component": two.pk}
    assert editor.post(add(Treatment), new_treatment(editor, kind="combination", **parts)).status_code == 302
    whole = Treatment.objects.get(slug="exampletinib")
    assert list(whole.components.order_by("pk")) == [one, two]
    form = fields_of(editor.get(address(whole)))
    response = editor.post(address(whole), form | {"component_links-0-DELETE": "on"})
    assert "A combination needs two or more components." in response.content.decode()
    response = editor.post(address(whole), form | {"kind": "biologic"})
    assert "Only a combination has components" in response.content.decode()
    assert whole.components.count() == 2


def test_the_database_stands_behind_the_form(editor, monkeypatch):
    """Were the check of the form missing, the deferred rule of the database would still be an error of the form."""
    monkeypatch.setattr("treatments.admin.vocabulary.PartsFormSet.clean", lambda formset: None)
    response = editor.post(add(Treatment), new_treatment(editor, kind="combination"))
    assert response.status_code == 200
    assert "The combination &quot;exampletinib&quot; needs two or more components." in response.content.decode()
    assert fields_of(response)["summary"] == "A made-up treatment."
    assert not Treatment.objects.filter(slug="exampletinib").exists()


def test_a_class_needs_a_member(editor):
    response = editor.post(add(Treatment), new_treatment(editor, kind="class"))
    assert "A class needs at least one member." in response.content.decode()
    antibody = builders.autoantibody()
    response = editor.post(address(antibody), fields_of(editor.get(address(antibody))) | {"kind": "class"})
    assert "A class needs at least one member." in response.content.decode()
    member = {"member_links-0-member": builders.autoantibody().pk}
    form = fields_of(editor.get(address(antibody)))
    assert "Only a class has members" in editor.post(address(antibody), form | member).content.decode()
    assert editor.post(address(antibody), form | member | {"kind": "class"}).status_code == 302


def test_bad_identifiers_and_lists_are_told_with_their_form(editor):
    form = new_treatment(editor, chembl_id="221959", synonyms="x" * 301)
    content = editor.post(add(Treatment), form).content.decode()
    assert "This is not a ChEMBL identifier; it looks like CHEMBL1." in content
    assert "Item 1 in the array did not validate" in content
    antibody = builders.autoantibody()
    form = fields_of(editor.get(address(antibody))) | {"genes": "IFIH1\nnot a gene"}
    assert "Not written like a gene symbol: not a gene." in editor.post(address(antibody), form).content.decode()


def test_a_mechanism_below_itself_is_told(editor):
    top = builders.mechanism()
    below = builders.mechanism(parent=top)
    form = fields_of(editor.get(address(top))) | {"parent": below.pk}
    response = editor.post(address(top), form)
    assert "A mechanism cannot stand below itself." in response.content.decode()


# Retirement, deletion -------------------------------------------------------------------------------------------------


def test_a_term_is_retired_with_a_successor_and_no_longer_offered(editor):
    old, new = builders.treatment("Oldtinib"), builders.treatment("Newtinib")
    form = fields_of(editor.get(address(old))) | {"retired_on": "2026-11-20", "successor": new.pk}
    response = editor.post(address(old), form)
    assert "A retired row has a date and a reason" in response.content.decode()
    editor.post(address(old), form | {"retirement_reason": "The same as Newtinib."})
    old.refresh_from_db()
    assert old.successor == new
    offered = editor.get(
        reverse("admin:autocomplete"),
        {"app_label": "treatments", "model_name": "trialtreatment", "field_name": "treatment", "term": "tinib"},
    )
    names = [row["text"].partition(" – ")[0] for row in offered.json()["results"]]
    assert new.name in names
    assert old.name not in names


@pytest.mark.parametrize(
    "make",
    [
        builders.treatment,
        builders.mechanism,
        builders.autoantibody,
        builders.manifestation,
        builders.outcome_measure,
        builders.reference,
        builders.trial,
        builders.release,
        builders.prevalence,
    ],
)
def test_no_public_row_is_deleted(make):
    client = Client()
    client.force_login(builders.person(EDITOR, is_superuser=True))
    row = make()
    assert client.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    changelist = reverse(f"admin:treatments_{row._meta.model_name}_changelist")
    client.post(changelist, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert type(row)._default_manager.filter(pk=row.pk).exists()


# Who may what ---------------------------------------------------------------------------------------------------------


def test_a_wrong_interaction_is_taken_out_by_those_who_edit_vocabulary(editor):
    """It is a line of the mechanism map, not a record with an address: there is nothing to retire it to."""
    row = builders.mechanism_interaction()
    MechanismInteractionReference.objects.create(interaction=row, reference=builders.reference())
    looking = Client()
    looking.force_login(builders.person(CURATOR))
    assert looking.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    assert address(row, "delete") in editor.get(address(row)).content.decode()
    assert editor.post(address(row, "delete"), {"post": "yes"}).status_code == 302
    assert not MechanismInteraction.objects.filter(pk=row.pk).exists()
    deleted = MechanismInteraction.pgh_event_model.objects.get(pgh_obj_id=row.pk, pgh_label="delete")
    assert deleted.pgh_context.metadata["user"]


def test_a_curator_enters_sources_and_only_looks_at_vocabulary(curator):
    form = fields_of(curator.get(add(Reference))) | {
        "slug": "example-2024",
        "title": "A made-up study",
        "publication_type": "randomized_trial",
        "retraction_status": "none_recorded",
        "pmid": "",
        "doi": "",
    }
    assert curator.post(add(Reference), form).status_code == 302
    source = Reference.objects.get(slug="example-2024")
    assert (source.pmid, source.doi, source.pmcid) == (None, None, None)
    form = fields_of(curator.get(add(Trial))) | {
        "nct_id": "NCT99999999",
        "title": "A made-up trial",
        "status": "unknown",
        "trialresult_set-0-reference": source.pk,
    }
    assert curator.post(add(Trial), form).status_code == 302
    assert Trial.objects.get(nct_id="NCT99999999").results.get() == source

    drug = builders.treatment(source_checks=[builders.PRIMARY_CHECK])
    Approval.objects.create(
        treatment=drug, region="Exampleland", indication="Made up.", source_checks=[builders.SECONDARY_CHECK]
    )
    page = curator.get(address(drug))
    assert page.status_code == 200
    assert "_save" not in buttons_of(page)
    assert "https://pubmed.example/1/" in page.content.decode()
    assert "the abstract" in page.content.decode()
    assert curator.post(address(drug), {"name": "Mine"}).status_code == 403
    for model in (Treatment, Mechanism, Autoantibody):
        assert curator.get(add(model)).status_code == 403


def test_nobody_writes_the_revision_by_hand():
    client = Client()
    client.force_login(builders.person(is_superuser=True))
    assert client.get(reverse("admin:treatments_datasetrevision_add")).status_code == 403
    assert client.get(reverse("admin:treatments_datasetrevision_changelist")).status_code == 200


def test_an_editor_gives_roles_but_makes_no_superuser(editor):
    somebody = builders.person(CURATOR)
    page = editor.get(reverse("admin:auth_user_change", args=[somebody.pk]))
    form = fields_of(page)
    assert "is_superuser" not in page.content.decode()
    form |= {"groups": [Group.objects.get(name=REVIEWER).pk], "is_superuser": "on"}
    form |= {"date_joined_0": "2026-11-20", "date_joined_1": "10:00:00"}
    response = editor.post(reverse("admin:auth_user_change", args=[somebody.pk]), form)
    assert response.status_code == 302, response.context["errors"]
    somebody.refresh_from_db()
    assert [group.name for group in somebody.groups.all()] == [REVIEWER]
    assert not somebody.is_superuser


def test_an_editor_does_not_touch_a_superuser(editor):
    chief = builders.person(is_superuser=True)
    password = reverse("admin:auth_user_password_change", args=[chief.pk])
    typed = {"password1": "correct horse battery staple", "password2": "correct horse battery staple"}
    assert editor.post(password, typed).status_code == 403
    assert editor.post(reverse("admin:auth_user_change", args=[chief.pk]), {"username": "mine"}).status_code == 403
    assert editor.post(reverse("admin:auth_user_delete", args=[chief.pk]), {"post": "yes"}).status_code == 403


def test_people_with_roles_only_have_the_site(curator):
    assert Client().get(reverse("admin:index")).status_code == 302
    outsider = Client()
    outsider.force_login(builders.person(CURATOR, is_staff=False))
    assert outsider.get(reverse("admin:index")).status_code == 302
    content = curator.get(reverse("admin:index")).content.decode()
    assert "Dermatomyositis treatment knowledge base" in content
    assert reverse("admin:treatments_evidence_add") in content
    assert reverse("admin:treatments_treatment_add") not in content


@pytest.mark.parametrize(
    ("make", "key"), [(builders.treatment, "slug"), (builders.reference, "slug"), (builders.trial, "nct_id")]
)
def test_the_address_of_a_record_is_fixed_once_it_is_saved(client, make, key):
    record = make()
    before = getattr(record, key)
    address = f"/admin/treatments/{record._meta.model_name}/{record.pk}/change/"
    sent = fields_of(client.get(address))
    assert key not in sent
    client.post(address, {**sent, key: "something-else"})
    record.refresh_from_db()
    assert getattr(record, key) == before
