"""Forms of the doors. allauth's own, in the house's words; and those of the people page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from allauth.account import forms as entrance
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.lines import NameField
from accounts.models import Role, User
from accounts.rules.admitting import LONGEST_REASON
from core.taking import take_turns

_PASSWORD_HINT = _("At least 10 characters; not only digits, no word that many people use.")


class _InOurWords:
    """Labels instead of placeholders; allauth's placeholders repeat the label."""

    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(_InOurWords, entrance.LoginForm):
    labels: ClassVar = {
        "login": _("E-mail"),
        "password": _("Password"),
        "remember": _("Remember me on this device for two weeks"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}

    def add_prefix(self, field_name: str) -> str:
        """What is signed in with is an e-mail, and the form says so."""
        return "email" if field_name == "login" else str(super().add_prefix(field_name))


class SignUpForm(_InOurWords, entrance.SignupForm):
    labels: ClassVar = {
        "name": _("Your name"),
        "email": _("E-mail"),
        "password1": _("Password"),
        "password2": _("Password again"),
    }
    hints: ClassVar = {"password1": _PASSWORD_HINT}
    field_order: ClassVar = ["name", "email", "password1", "password2"]
    account_already_exists: bool
    name = NameField(
        max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """Two presses of one person, or somebody who accepts an invitation at this moment: the
        second waits here, and then hears what anybody hears whose address has an account."""
        email = self.cleaned_data["email"]
        with transaction.atomic():
            take_turns("email", email)
            if not self.account_already_exists and not User.objects.filter(email=email).exists():
                return cast("tuple[Any, Any]", super().try_save(request))
        self.account_already_exists = True
        return cast("tuple[Any, Any]", super().try_save(request))


class ResetPasswordForm(_InOurWords, entrance.ResetPasswordForm):
    labels: ClassVar = {"email": _("E-mail")}


class NewPasswordForm(_InOurWords, entrance.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password again")}
    hints: ClassVar = {"password1": _PASSWORD_HINT}


class ChangePasswordForm(_InOurWords, entrance.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    hints: ClassVar = {"password1": _PASSWORD_HINT}


class ConfirmPasswordForm(_InOurWords, entrance.ReauthenticateForm):
    labels: ClassVar = {"password": _("Password")}


class ChangeEmailForm(_InOurWords, entrance.AddEmailForm):
    labels: ClassVar = {"email": _("New e-mail address")}


_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class CodeForm(_InOurWords, codes.AuthenticateForm):
    labels: ClassVar = {"code": _("Code")}
    hints: ClassVar = {"code": _("Six digits from the app, or one of your recovery codes.")}
    code = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))


class ConfirmCodeForm(_InOurWords, codes.ReauthenticateForm):
    labels: ClassVar = CodeForm.labels
    hints: ClassVar = CodeForm.hints
    code = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))


class ActivateAppForm(_InOurWords, ActivateTOTPForm):
    labels: ClassVar = {"code": _("Code")}
    hints: ClassVar = {"code": _("The six digits that the app shows now.")}
    code = forms.CharField(max_length=40, widget=forms.TextInput(attrs=_CODE))


class AddPasskeyForm(_InOurWords, AddWebAuthnForm):
    labels: ClassVar = {
        "name": _("Name of the passkey"),
        "passwordless": _("Sign in with this passkey alone, without a password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = 100


class _ReadsPasskeys:
    """What calls itself a passkey's answer comes from outside and may be anything."""

    def clean(self) -> Any:
        with _told_as_wrong():
            return super().clean()  # type: ignore[misc]

    def clean_credential(self) -> Any:
        with _told_as_wrong():
            return getattr(super(), "clean_credential", lambda: self.cleaned_data["credential"])()  # type: ignore[attr-defined]


@contextmanager
def _told_as_wrong() -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class NewPasskeyForm(_ReadsPasskeys, AddPasskeyForm):
    pass


class PasskeyForm(_ReadsPasskeys, AuthenticateWebAuthnForm):
    pass


class SignInPasskeyForm(_ReadsPasskeys, LoginWebAuthnForm):
    pass


class ConfirmPasskeyForm(_ReadsPasskeys, ReauthenticateWebAuthnForm):
    pass


class ProfileForm(forms.Form):
    name = NameField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class InvitationForm(forms.Form):
    """``roles`` are those the company can hand out."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    is_admin = forms.BooleanField(label=_("May manage people and keys"), required=False)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in roles]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Any role of the house; whether it fits the company is a rule."""

    role = forms.ChoiceField(label=_("Role"), choices=Role)
    is_admin = forms.BooleanField(label=_("May manage people and keys"), required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class AccountForm(forms.Form):
    """What an operator does to somebody's account, and why; that it is missing, a rule refuses."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("close", "reopen", "reset")])
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("The person reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever fills it in is told that it is needed.
        self.fields["reason"].required = not self.is_bound


class AcceptForm(forms.Form):
    """How a person new to the house takes an invitation."""

    name = NameField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        help_text=_PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
