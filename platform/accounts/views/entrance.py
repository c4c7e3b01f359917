"""The gate: how people come in. allauth's views with the house's forms, pages and lock."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import to_confirm_first
from accounts.adapters import WAYS
from accounts.lockout import closed_door, count_failure, is_locked
from accounts.models import User
from accounts.second_factor import NEEDS_SECOND_FACTOR

#: Where somebody wanted to go before a second factor had to be set up.
WANTED_KEY = "wanted_before_second_factor"


class _Refused422:
    """A form that was not filled in rightly is answered with 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = cast(HttpResponse, super().form_invalid(form))  # type: ignore[misc]
        if answer.status_code == 200:
            answer.status_code = 422
        return answer


class _CountsCodes:
    """Wrong codes count for the lock like wrong passwords, and the lock holds for codes."""

    request: HttpRequest

    def _who(self) -> str:
        stage = getattr(self, "stage", None) or getattr(self.request, "_login_stage", None)
        user = stage.login.user if stage else self.request.user
        return str(getattr(user, "email", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_locked(request, self._who()):
            return closed_door(request, credentials={"email": self._who()})
        return cast(HttpResponse, super().post(request, *args, **kwargs))  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        count_failure(self.request, self._who())
        return cast(HttpResponse, super().form_invalid(form))  # type: ignore[misc]


@method_decorator(never_cache, name="dispatch")
class SignIn(_Refused422, account.LoginView):
    pass


class SignOut(account.LogoutView):
    """A press of the button, never a link."""

    http_method_names = ("post",)


class SignUp(_Refused422, account.SignupView):
    pass


class ResetPassword(_Refused422, account.PasswordResetView):
    pass


class ResetPasswordFromKey(_Refused422, account.PasswordResetFromKeyView):
    pass


class ChangePassword(_Refused422, account.PasswordChangeView):
    """Who guesses the present password here is locked out as at the door."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        email = cast(User, request.user).email
        if is_locked(request, email):
            return closed_door(request, credentials={"email": email})
        return cast(HttpResponse, super().post(request, *args, **kwargs))

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.data.get("oldpassword") and "oldpassword" in form.errors:
            count_failure(self.request, cast(User, self.request.user).email)
        return super().form_invalid(form)


class ChangeEmail(_Refused422, account.EmailView):
    """Whoever may reset the password holds the account: who changes the address shows once more
    who is there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if way := to_confirm_first(request):
            return way
        return cast(HttpResponse, super().post(request, *args, **kwargs))


class _OtherWays:
    def get_reauthentication_alternatives(self) -> list[dict[str, Any]]:
        others = super().get_reauthentication_alternatives()  # type: ignore[misc]
        return [{**one, "description": WAYS[one["id"]]} for one in others]


class Reauthenticate(_OtherWays, _Refused422, account.ReauthenticateView):
    pass


class ReauthenticateByCode(_OtherWays, _CountsCodes, _Refused422, mfa.ReauthenticateView):
    pass


class ReauthenticateByPasskey(_OtherWays, webauthn.ReauthenticateWebAuthnView):
    pass


class SecondFactor(_CountsCodes, _Refused422, mfa.AuthenticateView):
    """After the password: the code, or the passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_passkey": self._has_passkey()}

    def _has_passkey(self) -> bool:
        return bool(self.stage.login.user.authenticator_set.filter(type="webauthn").exists())


class _Shown:
    """A factor that was just set up was shown by that."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        answer = cast(HttpResponse, super().form_valid(form))  # type: ignore[misc]
        record_authentication(self.request, cast(User, self.request.user), method="mfa")
        return answer


class ActivateApp(_Shown, _Refused422, totp.ActivateTOTPView):
    pass


class AddPasskey(_Shown, _Refused422, webauthn.AddWebAuthnView):
    pass


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """And the way on, to where the person wanted to go before all this."""
        wanted = self.request.session.pop(WANTED_KEY, "")
        return {**super().get_context_data(**kwargs), "wanted": wanted}


@require_safe
@login_required
@never_cache
def second_factor_wanted(request: HttpRequest) -> HttpResponseBase:
    """Finance and operators are led here until they have set up a second factor.

    Who acts for others as well may go on there: nothing of theirs is closed by it.
    """
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        request.session[WANTED_KEY] = wanted
    if not getattr(request, "lacks_second_factor", False):
        return HttpResponseRedirect(request.session.pop(WANTED_KEY, "/"))
    user = cast(User, request.user)
    others = user.memberships.exclude(role__in=NEEDS_SECOND_FACTOR).select_related("company")
    context = {"others": others.order_by("pk")}
    return render(request, "account/second_factor_wanted.html", context)
