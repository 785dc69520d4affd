"""Signing in: who may have an account, how secrets are kept, and the second factor that writing can require."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.checks import Info, register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

ADMIN = "/admin/"
# What somebody without a second factor may still do there.
ALWAYS_OPEN = ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")


def protect(site: AdminSite) -> None:
    """One way in: allauth asks for the second factor and slows down guessing; the admin's own form does neither."""
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


@register("security", deploy=True)
def mail_can_be_sent(**kwargs: Any) -> list[Info]:
    """Without a mail server nobody can reset a forgotten password, and no notice of the workflow arrives."""
    if settings.EMAIL_HOST:
        return []
    hint = "Set KNOWLEDGEBASE_EMAIL_HOST; docs/operations.md lists what goes with it."
    return [Info("No mail server is set: no password can be reset by mail.", hint=hint, id="knowledgebase.I001")]


class ClosedAccounts(DefaultAccountAdapter):
    """Nobody signs up: an editor makes the sign-ins, in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class EncryptedSecrets(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with the site's key, so that a copy of the database does not hold them.

    After a change of ``SECRET_KEY`` the old one stays readable for as long as it stands in ``SECRET_KEY_FALLBACKS``.
    """

    def get_totp_issuer(self) -> str:
        return "Dermatomyositis knowledge base"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor of sign-in" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorRequired:
    """Where ``REQUIRE_MFA`` is on, the admin opens only to those who have set up a second factor.

    With one set up, allauth asks for it at every sign-in; without one, all that opens is the page to set it up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not settings.REQUIRE_MFA or not request.path.startswith(ADMIN) or request.path.startswith(ALWAYS_OPEN):
            return None
        user = request.user
        if not user.is_authenticated or is_mfa_enabled(user):
            return None
        messages.warning(request, "Curation needs a second factor. Set up an authenticator app or a passkey first.")
        return HttpResponseRedirect(reverse("mfa_index"))
