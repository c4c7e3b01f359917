"""Retail lists with their tax: a seller's own, all for the platform's operators."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries, services
from customs.forms import RetailReleaseForm
from customs.gap_words import GapWords, in_words
from customs.models import RetailList
from customs.queries import stories
from customs.queries.accepting import waits_of
from customs.queries.billed import billed
from customs.queries.contents import lacking
from customs.queries.exporting import is_apart
from customs.queries.parties import keeper_of, missing_on
from customs.queries.retail_papers import retail_paper_named, retail_papers_of
from customs.rules import positive_list, retail_tax
from customs.rules.releasing import ReferenceWrong
from customs.tables import RETAIL_LISTS, list_state_word, shown_list_state
from warehouse.days import day_of
from web.files import attachment
from web.forms import tried
from web.lists import show_list

PAGE = 50
_REFUSALS = retail_tax.REFUSALS | positive_list.REFUSALS


@require_GET
@role_required(Role.SELLER, Role.OPERATOR)
def retail_lists(request: MemberRequest) -> HttpResponse:
    refusals = queries.refusals_of()
    waiting = queries.waiting_orders().count()
    context = {
        "totals": queries.tax_totals(),
        "refused": refusals.count(),
        "refusals": [
            (refusal, _(_REFUSALS[refusal.rule].rule()) if refusal.rule in _REFUSALS else "")
            for refusal in refusals[:PAGE]
        ],
        "waiting": waiting,
        "lacking": lacking(day_of(now())) if waiting else [],
        "with_seller": request.membership.role == Role.OPERATOR,
    }
    return show_list(request, RETAIL_LISTS, "customs/retail_lists.html", context)


@require_GET
@role_required(Role.SELLER, Role.OPERATOR)
def retail_list(request: MemberRequest, number: str) -> HttpResponse:
    return _shown(request, queries.list_of(number), None)


def _shown(
    request: MemberRequest, found: RetailList, form: RetailReleaseForm | None
) -> HttpResponse:
    lines = sorted(found.lines.all(), key=lambda line: line.position)
    context = {
        "list": found,
        "lines": lines,
        "goods_minor": found.dutiable_minor
        - found.order.freight_minor
        - found.order.insurance_minor,
        "percent": (found.tax_rule.payable_fraction * 100).normalize(),
        "given_back": list(found.given_back.select_related("back").order_by("pk")),
        "state": shown_list_state(found),
        "state_word": list_state_word(found),
        "story": stories.of_list(found, now=now()),
        "billed": billed(found),
        "papers": retail_papers_of(found),
        "may_print": request.membership.role == Role.SELLER,
        "form": form or RetailReleaseForm(),
        "gaps": _gaps(request, found),
        "waits": waits_of(found),
        "is_apart": shown_list_state(found) == "released" and is_apart(found),
        "may_tell": request.membership.role == Role.SELLER,
        "may_release": request.membership.role == Role.OPERATOR
        and shown_list_state(found) == "drawn",
    }
    return render(request, "customs/retail_list.html", context, status=200 if form is None else 422)


def _gaps(request: MemberRequest, found: RetailList) -> list[tuple[GapWords, str]]:
    """What holds the list back, each with where its reader mends it; empty where that is another's
    to do."""
    missing = missing_on(found)
    membership, order = request.membership, found.order
    products = {line.position: line.order_line.product_id for line in found.lines.all()}

    def place(gap: GapWords) -> str:
        if membership.role == Role.SELLER:
            if gap.where == "parties" and membership.is_admin:
                return reverse("retail_parties")
            if gap.where == "parcel":
                return reverse("parcel_numbers", args=[order.number])
            if gap.where == "order":
                return reverse("retail_order", args=[order.number])
        if gap.where in ("product", "units") and gap.position in products:
            return reverse("product", args=[products[gap.position]])
        if gap.where == "house" and membership.role == Role.OPERATOR:
            keeper = keeper_of(order)
            return reverse("company_warehouses", args=[keeper.code]) if keeper else ""
        return ""

    return [(gap, place(gap)) for gap in (in_words(missing.gaps) if missing else [])]


@require_POST
@role_required(Role.OPERATOR)
def release_list(request: MemberRequest, number: str) -> HttpResponse:
    """The authority released one list; many are released from the list of lists."""
    found, form = queries.list_of(number), RetailReleaseForm(request.POST)
    moment = now()
    if form.is_valid():
        record = partial(
            services.release_lists,
            numbers=[found.number],
            reference=form.cleaned_data["reference"],
            released_at=moment,
            recorded_by=request.user,
            now=moment,
        )
        if tried(form, record, beside={ReferenceWrong: "reference"}) is not None:
            messages.success(request, _("Released: the goods of the order may be picked now."))
            return redirect("retail_list", number=number)
    return _shown(request, found, form)


@require_POST
@role_required(Role.SELLER)
def tell_anew(request: MemberRequest, number: str) -> HttpResponse:
    """What customs refused goes once more, mended."""
    done = services.tell_anew(listed=queries.list_of(number), now=now())
    if done.missing:
        messages.warning(request, _("Something is missing for it: see below. Nothing was sent."))
    else:
        messages.success(request, _("It is told to customs anew."))
    return redirect("retail_list", number=number)


@require_POST
@role_required(Role.SELLER)
def print_list(request: MemberRequest, number: str) -> HttpResponse:
    """Have the list and its tax printed, in the reader's language."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    found = queries.list_of(number)
    services.order_retail_papers(retail_list=found, language=language, now=now())
    return redirect("retail_list", number=number)


@require_GET
@role_required(Role.SELLER, Role.OPERATOR)
def paper(request: MemberRequest, number: str, document: str) -> HttpResponse:
    found = retail_paper_named(number, document)
    name = f"{number}-{found.kind.replace('_', '-')}-v{found.version}.pdf"
    return attachment(bytes(found.content or b""), found.media_type, name)
