"""How allauth is made to fit the house: its mails, its words, its secrets, its addresses."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.lockout import who_tries
from accounts.models import AccountEventKind, Membership, User
from accounts.queries import name_at
from accounts.second_factor import NEEDS_SECOND_FACTOR
from accounts.services.letters import post_letter
from accounts.trail import client_address, note
from core.clock import now
from core.fields import decrypted, encrypted

#: What allauth says after an act, by the template it would take; all else is not said.
_SAID = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/email_confirmed.txt": _("Your e-mail address is confirmed."),
    "account/messages/email_confirmation_failed.txt": _("This e-mail address cannot be used."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("There are new recovery codes."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("E-mail and password do not belong together."),
        "email_password_mismatch": _("E-mail and password do not belong together."),
        "duplicate_email": _("This is your address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("The password is wrong."),
        "incorrect_code": _("The code is wrong, or it was used before."),
        "invalid_password_reset": _("This link is too old or was used before."),
        "too_many_login_attempts": _("Too many tries. Wait a quarter of an hour."),
        "rate_limited": _("Too many tries. Wait a little."),
        "max_email_addresses": _("An account has one address only."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail is a row for the worker, in the language of whoever reads it."""
        user = context.get("user") or User.objects.filter(email=email).first()
        kind = template_prefix.rpartition("/")[2]
        if kind == AccountEventKind.RESET_ASKED:
            note(self.request, AccountEventKind.RESET_ASKED, email=email)
        url = (
            context.get("password_reset_url")
            or context.get("activate_url")
            or context.get("signup_url")
            or ""
        )
        post_letter(
            to=email,
            kind=kind,
            language=user.language if isinstance(user, User) else (get_language() or ""),
            facts={
                "url": url,
                "name": name_at(email),
                "address": str(context.get("ip", "")),
                "to_email": str(context.get("to_email", "")),
            },
            now=now(),
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What a person is written about after a change of its keys is kept as well."""
        kind = template_prefix.rpartition("/")[2]
        if kind in AccountEventKind.values:
            now_at = str((context or {}).get("to_email") or user.email)
            note(self.request, AccountEventKind(kind), email=now_at, user=user)
        super().send_notification_mail(template_prefix, user, context, email)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        note(request, AccountEventKind.SIGNED_IN, email=user.email, user=user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # Behind a closed door nothing was compared; the door itself is kept (lockout).
        if not getattr(request, "axes_locked_out", False):
            note(request, AccountEventKind.FAILED, email=who_tries(request, credentials))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A closed account is no account: it must not tell that the password was right."""
        user = super().authenticate(request, **credentials)
        return user if user is None or user.is_active else None

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        told = message or _SAID.get(message_template or "")
        if told:
            messages.add_message(request, level, str(told), extra_tags=extra_tags)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    # Links in mails begin with the public address, never with what the asker called us.
    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return settings.BONDPOOL_PUBLIC_URL + path

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return settings.BONDPOOL_PUBLIC_URL + path

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        signed_in = self.request.user.is_authenticated
        return reverse("account") if signed_in else reverse("login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def is_safe_url(self, url: str) -> bool:
        # A path of ours, and nothing that a browser would take for another site.
        return url.startswith("/") and super().is_safe_url(url)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor confirms with it: a password alone may be somebody else's."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [way for way in ways if way["id"] != "reauthenticate"] or ways

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Decided here alone: allauth would go on to take any confirmation of late for enough, and
        a password's is none for whoever has a second factor by now."""
        if not signed_lately(context.request):
            raise ReauthenticationRequired
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong, or it was used before."),
        "cannot_delete_authenticator": _(
            "Finance and operators need a second factor. Add another before you remove this one."
        ),
        "cannot_generate_recovery_codes": _("Set up a second factor first."),
    }

    def encrypt(self, text: str) -> str:
        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypted(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with whoever must have one."""
        factors = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        if factors.exclude(pk=authenticator.pk).exists():
            return True
        return not Membership.objects.filter(
            user_id=authenticator.user_id, role__in=NEEDS_SECOND_FACTOR
        ).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}


#: Shown where a way to confirm oneself is chosen, by allauth's id of it.
WAYS = {
    "reauthenticate": pgettext_lazy("a way to confirm oneself", "With the password"),
    "mfa_reauthenticate": pgettext_lazy("a way to confirm oneself", "With a code"),
    "mfa_reauthenticate:webauthn": pgettext_lazy("a way to confirm oneself", "With a passkey"),
}


def signed_lately(request: HttpRequest) -> bool:
    """Whether the person showed a second factor, or typed the password where there is none,
    within the last ten minutes."""
    methods = {"mfa"} if is_mfa_enabled(request.user) else {"password", "mfa"}
    records = get_authentication_records(request, request.user)
    latest = max((r["at"] for r in records if r.get("method") in methods), default=0.0)
    return bool(time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
