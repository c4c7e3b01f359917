"""Pages of the payout for finance, and a seller's own charges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, recently_confirmed, role_required
from accounts.models import Company, Role
from core.clock import now
from core.money import Money
from settlement import ecb, exposing, queries, risk, rules, services
from settlement.bank_accounts import paid_to
from settlement.forms import ApprovalForm, OpenBatchesForm, PricingDayForm, TermsForm
from settlement.models import (
    BatchState,
    PaymentFile,
    RateQuote,
    SettlementBatch,
    SettlementPolicy,
)
from settlement.services.terms import PolicyAlreadySet
from settlement.tables import BATCHES, CHARGES, FILES, PAYABLES
from web.forms import posted, tried
from web.lists import show_list
from web.pages import Chart

#: Approved batches offered for one payment file.
APPROVED_SHOWN = 100
#: Importers without terms that are named; the rest come up when these have theirs.
POLICIES_WANTED = 10


@require_GET
@role_required(Role.FINANCE)
def overview(request: MemberRequest) -> HttpResponse:
    exposures = exposing.exposures()
    chart = Chart(
        key="exposure",
        title=_("Still to be paid, by currency"),
        unit=_("CNY at the newest stored rate"),
        head=_("Currency"),
        kind="rows",
        categories=[one.currency for one in exposures],
        series=[
            (_("Worth"), [str(Money(one.home_minor, "CNY").amount) for one in exposures]),
            (
                _("At risk over a quarter, one time in twenty"),
                [_major(one.risks[1]) for one in exposures],
            ),
        ],
    )
    context = {
        "exposures": exposures,
        "chart": chart,
        "windows": risk.WINDOWS,
        "risk_source": risk.SOURCE,
        "saved": queries.saved_minor(),
        "total": sum(one.home_minor for one in exposures),
        "quarter_risk": exposing.quarter_risk(exposures),
        "embedded_until": ecb.last_day(),
        "quotes": RateQuote.objects.order_by("-fetched_at", "-pk")[:12],
        "policies": SettlementPolicy.objects.select_related("debtor").order_by(
            "debtor__code", "-valid_from"
        ),
        "without_policy": queries.without_policy()[:POLICIES_WANTED],
        "batches": SettlementBatch.objects.count(),
    }
    return render(request, "settlement/overview.html", context)


def _major(one: risk.Exposure | None) -> str:
    return str(Money(one.at_risk_minor, "CNY").amount) if one else ""


@require_GET
@role_required(Role.FINANCE)
def payables(request: MemberRequest) -> HttpResponse:
    return show_list(request, PAYABLES, "settlement/payables.html")


@require_GET
@role_required(Role.FINANCE)
def batches(request: MemberRequest) -> HttpResponse:
    context = {
        "form": OpenBatchesForm(today=timezone.localdate(now())),
        "ready": _by_debtor(queries.batches().filter(state=BatchState.APPROVED)[:APPROVED_SHOWN]),
    }
    return show_list(request, BATCHES, "settlement/batches.html", context)


def _by_debtor(approved: Iterable[SettlementBatch]) -> list[tuple[Company, list[SettlementBatch]]]:
    """A payment file pays for one company, so each has a form of its own."""
    found: dict[int, tuple[Company, list[SettlementBatch]]] = {}
    for batch in approved:
        found.setdefault(batch.debtor_id, (batch.debtor, []))[1].append(batch)
    return list(found.values())


@require_POST
@role_required(Role.FINANCE)
def open_batches(request: MemberRequest) -> HttpResponse:
    at = now()
    form = OpenBatchesForm(request.POST, today=timezone.localdate(at))
    if not form.is_valid():
        return render(request, "settlement/open_batches.html", {"form": form}, status=422)
    opened = services.open_batches(**form.cleaned_data, created_by=request.user, now=at)
    told = ngettext("%(n)s batch was opened.", "%(n)s batches were opened.", len(opened))
    messages.success(request, told % {"n": len(opened)})
    return redirect("batch", opened[0].number) if len(opened) == 1 else redirect("batches")


@require_GET
@role_required(Role.FINANCE)
def batch(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(
        queries.batches().select_related("created_by", "priced_by", "approved_by"), number=number
    )
    makers = {found.created_by_id, found.priced_by_id}
    day = queries.offered_pricing_day(found, timezone.localdate(now()))
    lines = list(queries.lines_of(found))
    invoices = queries.invoices_of(found, lines)
    context = {
        "batch": found,
        "lines": lines,
        "figures": queries.figures_of(found, lines, invoices),
        "charges": _named(queries.charges_of(found, invoices)),
        "payment": getattr(found, "payment", None),
        "amount_text": str(Money(found.total_minor, found.currency)),
        "is_maker": request.user.pk in makers,
        "paid_to": paid_to(found),
        "may_price": found.state in {BatchState.DRAFT, BatchState.PRICED},
        "form": PricingDayForm(initial={"priced_on": day}),
        "steps": _steps(found),
        "risk_source": risk.SOURCE,
    }
    # The very price on the page: one that is being written while it is read is another.
    context["seen"] = (found.priced_at or now()).isoformat()
    return render(request, "settlement/batch.html", context)


def _named(charges: Sequence[rules.Charge]) -> list[dict[str, object]]:
    names = Company.objects.in_bulk([charge.seller_id for charge in charges])
    return [
        {
            "seller": names[charge.seller_id],
            "charge": charge,
            "total": charge.goods_minor + charge.fee_minor,
            "saved": charge.alone_minor - charge.goods_minor - charge.fee_minor,
        }
        for charge in charges
    ]


def _steps(batch: SettlementBatch) -> list[dict[str, object]]:
    payment = getattr(batch, "payment", None)
    reached = list(BatchState.values).index(batch.state)
    told = (
        (_("opened"), batch.created_at, batch.created_by.name),
        (_("priced"), batch.priced_at, batch.priced_by.name if batch.priced_by else ""),
        (
            _("approved by a second person"),
            batch.approved_at,
            batch.approved_by.name if batch.approved_by else "",
        ),
        (
            _("in a payment file"),
            payment.file.made_at if payment else None,
            payment.file.message_id if payment else "",
        ),
    )
    return [
        {
            "label": label,
            "at": at,
            "note": note,
            "state": "done" if place <= reached else "now" if place == reached + 1 else "",
        }
        for place, (label, at, note) in enumerate(told)
    ]


@require_POST
@role_required(Role.FINANCE)
def price(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(SettlementBatch, number=number)
    form = PricingDayForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "batch": found}
        return render(request, "settlement/price.html", context, status=422)
    services.price_batch(batch=found, priced_by=request.user, now=now(), **form.cleaned_data)
    messages.success(request, _("The batch is priced; a second person approves it."))
    return redirect("batch", number)


@require_POST
@role_required(Role.FINANCE)
@recently_confirmed
def approve(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(SettlementBatch, number=number)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Look at the batch first, and approve it on its page."))
        return redirect("batch", number)
    services.approve_batch(
        batch=found, approved_by=request.user, seen=form.cleaned_data["seen"], now=now()
    )
    messages.success(request, _("The payment is approved and can be written into a payment file."))
    return redirect("batch", number)


@require_POST
@role_required(Role.FINANCE)
@recently_confirmed
def export(request: MemberRequest) -> HttpResponse:
    chosen = queries.batches_named(request.POST.getlist("batch"))
    file = services.export_batches(batches=chosen, made_by=request.user, now=now())
    messages.success(request, _("Payment file %(file)s is made.") % {"file": file.message_id})
    return redirect("payment_files")


@require_GET
@role_required(Role.FINANCE)
def payment_files(request: MemberRequest) -> HttpResponse:
    return show_list(request, FILES, "settlement/payment_files.html")


@require_GET
@role_required(Role.FINANCE)
def payment_file(request: HttpRequest, message_id: str) -> HttpResponse:
    file = get_object_or_404(PaymentFile, message_id=message_id)
    return HttpResponse(
        bytes(file.content),
        content_type="application/xml",
        headers={
            "Content-Disposition": f'attachment; filename="{file.message_id}.xml"',
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
@recently_confirmed
def terms(request: MemberRequest, code: str) -> HttpResponse:
    debtor = get_object_or_404(Company, code=code)
    form = TermsForm(posted(request), initial={"valid_from": timezone.localdate(now())})
    if not form.is_valid():
        context = {"form": form, "debtor": debtor}
        return render(
            request, "settlement/terms.html", context, status=422 if form.is_bound else 200
        )
    told = form.cleaned_data
    agree = partial(
        services.set_policy,
        debtor=debtor,
        period=told["period"],
        valid_from=told["valid_from"],
        wire_fee_minor=Money.of(told["wire_fee"], "CNY").minor,
        spread_bp=told["spread"] * 100,
        bulk_spread_bp=told["bulk_spread"] * 100,
        bulk_from_minor=Money.of(told["bulk_from"], "CNY").minor,
    )
    if tried(form, agree, beside={PolicyAlreadySet: "valid_from"}) is None:
        context = {"form": form, "debtor": debtor}
        return render(request, "settlement/terms.html", context, status=422)
    messages.success(request, _("The new terms hold from the day they begin."))
    return redirect("settlement")


@require_GET
@role_required(Role.SELLER)
def my_charges(request: MemberRequest) -> HttpResponse:
    return show_list(request, CHARGES, "settlement/my_charges.html", queries.charged())
