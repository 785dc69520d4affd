"""Signing in with a passkey, in a Chromium that has one, and the accessibility of the pages around it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import builders
from treatments.curation.roles import CURATOR


@pytest.fixture
def passkeys(page: Page) -> None:
    """A device that keeps passkeys and always says that its owner is there."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(address)
    page.get_by_label("Login").fill(username)
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_set_up_and_then_signs_in_alone(
    page: Page, live_server, passkeys: None, assert_accessible: Callable[[], None]
):
    person = builders.person(CURATOR)
    sign_in(page, f"{live_server.url}/accounts/login/?next=/accounts/2fa/", person.username)
    assert_accessible()
    page.get_by_role("link", name="Add").click()
    page.get_by_label("Password").fill(builders.PASSWORD)
    assert_accessible()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Made-up device")
    page.get_by_label("Passwordless").check()
    assert_accessible()
    page.get_by_role("button", name="Add").click()
    # What to do when the device is lost comes at once.
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    assert_accessible()

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/?next=/admin/")
    assert_accessible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Curation")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_pages_around_signing_in_are_accessible_and_fit(
    page: Page, live_server, assert_accessible: Callable[[], None], width: int, scheme: str
):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, f"{live_server.url}/accounts/login/", builders.person(CURATOR).username)
    expect(page.get_by_role("heading", name="Curation")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(builders.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Activate Authenticator App")).to_be_visible()
    for path in ("2fa/totp/activate/", "2fa/", "password/change/", "logout/", "password/reset/", "signup/"):
        page.goto(f"{live_server.url}/accounts/{path}")
        assert_accessible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
