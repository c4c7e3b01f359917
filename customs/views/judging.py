"""A product under the positive list's remark: what a person says of it, and why."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from customs import queries
from customs.models import RemarkVerdict
from customs.queries.judging import remark_of
from customs.rules.positive_list import LONGEST, Verdict
from customs.services.judging import judge_remark
from warehouse.days import day_of
from web.forms import posted, tried


class JudgementForm(forms.Form):
    """What is said, and why."""

    verdict = forms.ChoiceField(label=_("These goods"), choices=())
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: object, may_judge: bool, may_withdraw: bool, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = [RemarkVerdict.FITS, RemarkVerdict.LEFT_OUT] if may_judge else []
        offered += [RemarkVerdict.WITHDRAWN] if may_withdraw else []
        self.fields["verdict"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]


def _scope(request: MemberRequest) -> Company | None:
    return None if request.membership.role == Role.OPERATOR else request.membership.company


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def remark(request: MemberRequest, sku: str) -> HttpResponse:
    """The list's remark, what was said of the product under it, and the form to say it."""
    product = queries.product_of(sku, bought_by=_scope(request))
    moment = now()
    found = remark_of(product, day_of(moment))
    form = JudgementForm(
        posted(request), may_judge=bool(found.remark.kinds), may_withdraw=found.may_withdraw
    )
    if request.method == "POST" and form.is_valid():
        act = partial(
            judge_remark,
            product=product,
            verdict=Verdict(form.cleaned_data["verdict"]),
            reason=form.cleaned_data["reason"],
            judged_by=request.membership.user,
            judged_for=request.membership.company,
            now=moment,
        )
        if tried(form, act) is not None:
            messages.success(request, _("Kept, with your name and the day."))
            return redirect("product_remark", sku=sku)
    is_operator = request.membership.role == Role.OPERATOR
    context = {
        "found": found,
        "product": product,
        "form": form,
        "said": [
            # Who works for another importer is no business of this one.
            (one, is_operator or one.judged_for_id == request.membership.company_id)
            for one in found.said
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "customs/remark.html", context, status=status)


#: Address, view and name.
PAGES = (("products/<str:sku>/remark/", remark, "product_remark"),)
