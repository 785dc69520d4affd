"""Signing in: by password and second factor, slowed down for those who guess, closed to strangers."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests import builders
from treatments.curation.roles import CURATOR, EDITOR

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
IN_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test-sign-in"}
LOCAL = {"default": IN_MEMORY, "answers": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(autouse=True)
def quick_to_check(settings):
    """Passwords are kept anew at sign-in, by a method that is quick to work out: these tests sign in many times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def sign_in(client: Client, person, password=builders.PASSWORD, **more):
    return client.post(LOGIN, {"login": person.username, "password": password, **more}, follow=True)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def confirm_password(client: Client) -> None:
    """What touches the second factor asks for the password once more."""
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": builders.PASSWORD})


def set_up_app(client: Client) -> str:
    """Activate an authenticator app through its page; gives the secret."""
    confirm_password(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert answer.status_code == 200
    return secret


def test_the_admin_sends_strangers_to_the_one_sign_in_and_back(client):
    answer = client.get("/admin/treatments/evidence/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2Ftreatments%2Fevidence%2F"
    assert "Cite this page" not in answer.content.decode()
    answer = sign_in(client, builders.person(CURATOR), next="/admin/treatments/evidence/")
    assert answer.request["PATH_INFO"] == "/admin/treatments/evidence/"


def test_a_person_can_sign_in_with_the_address_of_their_mail(client):
    person = builders.person(CURATOR, email="curator@example.org")
    answer = client.post(LOGIN, {"login": "Curator@Example.org", "password": builders.PASSWORD}, follow=True)
    assert answer.wsgi_request.user == person


def test_a_wrong_password_keeps_the_name_and_says_nothing_of_what_was_wrong(client):
    person = builders.person(CURATOR)
    wrong, unknown = sign_in(client, person, "wrong"), client.post(LOGIN, {"login": "nobody", "password": "wrong"})
    assert f'value="{person.username}"' in wrong.content.decode()
    said = "The username and/or password you specified are not correct."
    assert said in wrong.content.decode()
    assert said in unknown.content.decode()


def test_who_guesses_is_slowed_down_even_with_the_right_password_at_last(client, settings):
    settings.CACHES = LOCAL
    cache.clear()
    person = builders.person(CURATOR)
    for _ in range(5):
        sign_in(client, person, "wrong")
    answer = sign_in(client, person)
    assert "Too many failed login attempts" in answer.content.decode()
    assert not answer.wsgi_request.user.is_authenticated
    cache.clear()


def test_a_form_that_has_gone_stale_is_refused_in_our_words_with_the_way_on():
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "someone", "password": "wrong"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Nothing was saved" in page
    assert f'href="{LOGIN}"' in page


def test_nobody_signs_up(client):
    assert "Cite this page" not in client.get(LOGIN).content.decode(), "pages of one person are not cited"
    assert "Sign Up Closed" in client.get("/accounts/signup/").content.decode()
    client.post(
        "/accounts/signup/", {"username": "stranger", "password1": "long enough 12", "password2": "long enough 12"}
    )
    assert not builders.User.objects.filter(username="stranger").exists()


def test_where_a_second_factor_is_required_only_the_way_to_set_one_up_is_open(client, settings):
    settings.REQUIRE_MFA = True
    person = builders.person(CURATOR)
    answer = sign_in(client, person, next="/admin/treatments/evidence/add/")
    assert answer.request["PATH_INFO"] == "/accounts/2fa/"
    assert "Curation needs a second factor" in answer.content.decode()
    assert client.post("/admin/treatments/reference/add/", {"title": "x"}).status_code == 302

    set_up_app(client)
    assert client.get("/admin/treatments/evidence/add/").status_code == 200


def test_with_a_second_factor_the_password_alone_opens_nothing(client):
    person = builders.person(CURATOR)
    sign_in(client, person)
    secret = set_up_app(client)
    codes = client.post("/accounts/2fa/recovery-codes/generate/", follow=True)
    recovery = codes.context["unused_codes"][0]

    other = Client()
    assert sign_in(other, person).request["PATH_INFO"] == "/accounts/2fa/authenticate/"
    assert other.get("/admin/").status_code == 302
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert other.get("/admin/").status_code == 200

    # A recovery code opens once.
    for expected in (200, 302):
        without_phone = Client()
        sign_in(without_phone, person)
        without_phone.post("/accounts/2fa/authenticate/", {"code": recovery})
        assert without_phone.get("/admin/").status_code == expected


def test_secrets_are_not_readable_in_the_database_and_outlive_a_change_of_the_sites_key(client, settings):
    person = builders.person(CURATOR)
    sign_in(client, person)
    secret = set_up_app(client)
    assert secret not in str(Authenticator.objects.get(user=person, type="totp").data)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, long enough to be one", [settings.SECRET_KEY]
    other = Client()
    sign_in(other, person)
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert other.get("/admin/").status_code == 200


def test_an_editor_takes_away_a_lost_second_factor_and_a_curator_cannot(client):
    person = builders.person(CURATOR)
    sign_in(client, person)
    set_up_app(client)
    factor = Authenticator.objects.get(user=person, type="totp")
    address = f"/admin/mfa/authenticator/{factor.pk}/delete/"
    assert client.post(address, {"post": "yes"}).status_code == 403

    editor = Client()
    editor.force_login(builders.person(EDITOR))
    assert editor.post(address, {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.filter(pk=factor.pk).exists()


def test_an_editor_neither_weakens_the_sign_in_of_a_superuser_nor_reads_a_secret(client):
    client.force_login(builders.person(EDITOR))
    owner = builders.person(is_superuser=True)
    factor = Authenticator.objects.create(user=owner, type="totp", data={"secret": "made-up-secret"})
    address = f"/admin/mfa/authenticator/{factor.pk}"
    page = client.get(f"{address}/change/")
    assert page.status_code == 200
    assert "made-up-secret" not in page.content.decode()
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [factor.pk], "post": "yes"}
    client.post("/admin/mfa/authenticator/", chosen)
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_a_forgotten_password_is_reset_by_mail(client):
    person = builders.person(CURATOR, email="curator@example.org")
    client.post("/accounts/password/reset/", {"email": "curator@example.org"})
    (letter,) = mail.outbox
    assert letter.to == ["curator@example.org"]
    link = re.search(r"/accounts/password/reset/key/\S+", letter.body)[0]
    page = client.get(link, follow=True)
    short = client.post(page.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert "at least 12 characters" in short.content.decode()
    new = "battery staple horse correct"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(Client(), person, new).wsgi_request.user == person
    assert not sign_in(Client(), person).wsgi_request.user.is_authenticated


def test_asking_to_reset_an_unknown_address_tells_nothing_and_sends_nothing(client):
    known = builders.person(CURATOR, email="curator@example.org")
    first = client.post("/accounts/password/reset/", {"email": known.email}, follow=True)
    second = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert first.request["PATH_INFO"] == second.request["PATH_INFO"]
    assert [letter.to for letter in mail.outbox] == [[known.email]]
