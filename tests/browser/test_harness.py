"""The browser tests' own promises: what `page` catches, and that `site` lets nothing be written."""

import pytest
from django.contrib.auth.models import User
from django.db.utils import InternalError
from playwright.sync_api import Page, expect


def test_requests_that_leave_the_site_are_stopped_and_noted(page: Page, site: str, outside_requests: list[str]):
    page.goto(f"{site}/healthz")
    page.evaluate("new Image().src = 'https://elsewhere.example/pixel.png'")
    page.wait_for_event("requestfailed")
    assert outside_requests == ["https://elsewhere.example/pixel.png"]
    outside_requests.clear()


def test_a_field_without_a_name_fails_the_accessibility_check(page: Page, site: str, assert_accessible):
    page.goto(f"{site}/healthz")
    accessible = '<html lang="en"><title>Search</title><main><h1>Search</h1><label>Drug <input></label></main></html>'
    page.set_content(accessible)
    assert_accessible()
    page.set_content(accessible.replace("Drug ", ""))
    with pytest.raises(AssertionError, match="Ensure every form element has a label"):
        assert_accessible()


def test_a_site_for_readers_refuses_writes(site: str):
    with pytest.raises(InternalError, match="read-only transaction"):
        User.objects.create_user("somebody")


def test_signing_in_works_through_a_real_server(page: Page, live_server):
    User.objects.create_superuser("curator", password="correct horse battery staple")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Login").fill("curator")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Curation")).to_be_visible()


@pytest.mark.django_db
def test_what_a_committing_test_left_is_gone():
    assert not User.objects.filter(username="curator").exists()
