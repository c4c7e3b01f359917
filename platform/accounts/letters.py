"""What the letters about an account say, by kind. Plain sentences; at most one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from web.letters import Letter, letter

Text = str | Promise

_NOT_YOU = _("If it was not you, reset your password at once and tell the platform's operator.")
_IGNORE = _("If you did not ask for this, do nothing: nothing will change.")


@dataclass(frozen=True, slots=True)
class Wording:
    """``lines`` and ``after`` may name facts, such as %(company)s; ``action`` is the button."""

    subject: Text
    lines: tuple[Text, ...]
    action: Text = ""
    after: Text = ""


WORDINGS: dict[str, Wording] = {
    "email_confirmation_signup": Wording(
        _("Confirm your e-mail address"),
        (
            _("Someone, we hope you, has signed up at Bondpool with this address."),
            _("Confirm it within three days; then you can sign in."),
        ),
        _("Confirm the address"),
        _IGNORE,
    ),
    "email_confirmation": Wording(
        _("Confirm your e-mail address"),
        (_("This address is to become the one of your account. Confirm it within three days."),),
        _("Confirm the address"),
        _IGNORE,
    ),
    "password_reset_key": Wording(
        _("Choose a new password"),
        (_("You asked for a new password. The link works once, and for one day."),),
        _("Choose a new password"),
        _IGNORE,
    ),
    "unknown_account": Wording(
        _("There is no account with this address"),
        (
            _("Someone asked for a new password for this address, but it has no account here."),
            _("Perhaps you signed up with another address; or you can sign up now."),
        ),
        _("Sign up"),
        _IGNORE,
    ),
    "account_already_exists": Wording(
        _("You have an account already"),
        (
            _("Someone signed up with this address, but it has an account already."),
            _("If you forgot your password, you can choose a new one."),
        ),
        _("Choose a new password"),
        _IGNORE,
    ),
    "password_changed": Wording(
        _("Your password was changed"),
        (_("The password of your account was changed, from the address %(address)s."),),
        after=_NOT_YOU,
    ),
    "password_reset": Wording(
        _("Your password was changed"),
        (_("A new password was chosen with a link from a mail, from the address %(address)s."),),
        after=_NOT_YOU,
    ),
    "email_changed": Wording(
        _("Your e-mail address was changed"),
        (_("Your account now has the address %(to_email)s. Mails go there from now on."),),
        after=_NOT_YOU,
    ),
    "email_confirm": Wording(
        _("Your e-mail address is confirmed"), (_("This address is confirmed."),), after=_NOT_YOU
    ),
    "email_deleted": Wording(
        _("An e-mail address was removed"),
        (_("This address no longer belongs to your account."),),
        after=_NOT_YOU,
    ),
    "totp_activated": Wording(
        _("An authenticator app was set up"),
        (_("Signing in now asks for a code of the app. Set up from %(address)s."),),
        after=_NOT_YOU,
    ),
    "totp_deactivated": Wording(
        _("An authenticator app was removed"),
        (_("The authenticator app was removed, from the address %(address)s."),),
        after=_NOT_YOU,
    ),
    "webauthn_added": Wording(
        _("A passkey was added"),
        (_("A passkey was added to your account, from the address %(address)s."),),
        after=_NOT_YOU,
    ),
    "webauthn_removed": Wording(
        _("A passkey was removed"),
        (_("A passkey was removed from your account, from the address %(address)s."),),
        after=_NOT_YOU,
    ),
    "recovery_codes_generated": Wording(
        _("New recovery codes were made"),
        (_("The recovery codes from before no longer work. Made from %(address)s."),),
        after=_NOT_YOU,
    ),
    "account_closed": Wording(
        _("Your account is closed"),
        (
            _("An operator of the platform closed your account; nobody can sign in with it."),
            _("The reason: %(reason)s"),
        ),
        after=_("If you do not know why, ask the platform's operator."),
    ),
    "account_reopened": Wording(
        _("Your account is open again"),
        (
            _("An operator of the platform reopened your account; you can sign in again."),
            _("The reason: %(reason)s"),
        ),
        after=_("API tokens from before stay worthless; make new ones."),
    ),
    "second_factor_reset": Wording(
        _("Your second factor was reset"),
        (
            _("An operator of the platform removed your authenticator app, passkeys and codes."),
            _("The reason: %(reason)s"),
            _("You are signed out everywhere. Sign in and set up a second factor anew."),
        ),
        after=_NOT_YOU,
    ),
    "invitation": Wording(
        _("%(company)s invites you to Bondpool"),
        (
            _("%(inviter)s invites you to act for %(company)s, as: %(role)s."),
            _("The link works once, and for seven days."),
        ),
        _("Accept the invitation"),
        _("If you do not know %(company)s, do nothing: nothing will change."),
    ),
}


def account_letter(kind: str, facts: Mapping[str, str], *, language: str) -> Letter:
    """The letter of one kind, in the reader's language."""
    wording = WORDINGS[kind]
    with override(language):
        chinese = language.startswith("zh")
        told = dict(facts)
        if "company_zh" in told:
            told["company"] = told["company_zh"] if chinese else told["company_en"]
            told["role"] = str(Role(told["role"]).label)
        name = told.get("name", "")
        context = {
            "greeting": gettext("Hello %(name)s,") % {"name": name} if name else gettext("Hello,"),
            "lines": [str(line) % told for line in wording.lines],
            "afterwards": str(wording.after) % told,
            "action": wording.action if told.get("url") else "",
            "action_url": told.get("url", "") if wording.action else "",
        }
        return letter(
            "mail/account", context, subject=str(wording.subject) % told, language=language
        )
