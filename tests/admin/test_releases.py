"""Cutting a release in the admin: an editor does, once and for good."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.admin.forms import buttons_of, fields_of
from treatments.curation.history import OUTSIDE, changes_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.models import Release

pytestmark = pytest.mark.django_db

ADD = reverse("admin:treatments_release_add")


def signed_in(*roles):
    client = Client()
    client.person = builders.person(*roles)
    client.force_login(client.person)
    return client


def test_an_editor_cuts_a_release():
    editor = signed_in(EDITOR)
    page = editor.get(ADD)
    typed = fields_of(page) | {"name": "2026-12", "title": "A made-up release", "notes": "Made up."}
    assert "released_on" not in typed
    response = editor.post(ADD, typed, follow=True)
    assert response.redirect_chain, response.context["errors"]
    release = Release.objects.get(name="2026-12")
    assert release.snapshot.files.count() == 4
    shown = editor.get(reverse("admin:treatments_release_change", args=[release.pk]))
    assert "_save" not in buttons_of(shown)
    assert release.snapshot.files.first().sha256 in shown.content.decode()
    assert "/releases/2026-12/dataset-2026-12.yaml.zip" in shown.content.decode()
    (change,) = changes_of(release)
    assert change.who != OUTSIDE
    assert change.reason == "Made up."


def test_a_name_that_was_used_is_refused_and_nothing_typed_is_lost():
    editor = signed_in(EDITOR)
    before = Release.objects.count()
    typed = fields_of(editor.get(ADD)) | {"name": "2026-11", "title": "A made-up release", "notes": "Kept."}
    page = editor.post(ADD, typed)
    assert page.status_code == 200
    assert "Release with this Name already exists." in page.content.decode()
    assert fields_of(page)["notes"] == "Kept."
    assert Release.objects.count() == before


@pytest.mark.parametrize("role", [CURATOR, REVIEWER])
def test_others_only_look_at_releases(role):
    client = signed_in(role)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"name": "2026-12", "title": "Mine"}).status_code == 403
    release = Release.objects.get(name="2026-11")
    shown = client.get(reverse("admin:treatments_release_change", args=[release.pk]))
    assert "dataset-2026-11.yaml.zip" in shown.content.decode()
    assert not Release.objects.filter(name="2026-12").exists()
