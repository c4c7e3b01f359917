"""The importer's declarations: drafted, printed, lodged, answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from core.errors import DomainError
from core.models import WorkState
from customs import queries, services
from customs.forms import CHARGES, DraftForm, QueueForm, RedraftForm, RejectionForm, ReleaseForm
from customs.forms_countering import FIELD_WORDS, RequestForm, place_words
from customs.models import (
    NO_LONGER,
    CounterDocument,
    Declaration,
    DeclarationState,
    DeclarationStep,
    MessageKind,
    OutcomeChoice,
)
from customs.queries import stories
from customs.queries.checking import BEFORE_CUSTOMS
from customs.queries.counted import counted_units
from customs.queries.declarations import missing_by_house
from customs.queries.zone import may_be_dropped
from customs.rules.countering import read_charge, written
from customs.rules.declared import Finding
from customs.rules.declaring import EntryNumberTaken, NotAnEntryNumber, ReasonMissing
from customs.rules.goods import kilograms
from customs.rules.positive_list import LeftOutOfList, NamedGoodsOnly, SomeGoodsExcluded
from customs.rules.stating import STATED
from customs.services.countering import is_posted
from customs.services.ways import has_entered
from customs.tables import DECLARATION_LINES, DECLARATIONS, shown_state
from customs.words import FIELDS
from procurement.models import Shipment, ShipmentState
from warehouse.days import day_of
from warehouse.models import BondedWarehouse
from web.files import attachment
from web.forms import posted, tried
from web.lists import show_list

#: The straight way of a declaration; a rejection leads off it.
WAY = (
    DeclarationState.DRAFT,
    DeclarationState.QUEUED,
    DeclarationState.GENERATING,
    DeclarationState.READY,
    DeclarationState.LODGED,
    DeclarationState.RELEASED,
)

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    NotAnEntryNumber: "their_reference",
    EntryNumberTaken: "their_reference",
    ReasonMissing: "reason",
}

#: What a person answers on the page of the product.
_JUDGED = (SomeGoodsExcluded, NamedGoodsOnly, LeftOutOfList)

#: The next to arrive; the rest come up when these are declared.
SHIPMENTS_SHOWN = 50


def _importer(request: MemberRequest) -> Company | None:
    """Whose declarations the person sees: its own; the platform's operators see all."""
    return None if request.membership.role == Role.OPERATOR else request.membership.company


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def declarations(request: MemberRequest) -> HttpResponse:
    waiting = queries.declarable_shipments(_importer(request))
    context = {
        "shipments": waiting[:SHIPMENTS_SHOWN],
        "hidden": max(0, waiting.count() - SHIPMENTS_SHOWN),
        "may_act": request.membership.role == Role.IMPORTER,
    }
    return show_list(request, DECLARATIONS, "customs/declarations.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def declare(request: MemberRequest, number: str) -> HttpResponse:
    """Look at what a shipment carries and what is missing; then draft its declaration."""
    importer = request.membership.company
    shipment = get_object_or_404(
        Shipment.objects.select_related("order__supplier__company", "order__buyer"),
        number=number,
        order__buyer=importer,
    )
    living = Declaration.objects.filter(shipment=shipment).exclude(state__in=NO_LONGER)
    if there := living.first():
        return redirect("declaration", reference=there.our_reference)
    if shipment.state != ShipmentState.SHIPPED and not has_entered(shipment.pk):
        raise Http404
    warehouses = queries.warehouses()
    form = DraftForm(posted(request), warehouses=warehouses)
    if request.method == "POST" and form.is_valid():
        chosen = next(one for one in warehouses if one.pk == form.cleaned_data["warehouse"])
        draft = partial(_draft, form, shipment, importer, chosen)
        drafted = tried(form, draft, beside=_BESIDE)
        if drafted is not None:
            return redirect("declaration", reference=drafted.our_reference)
    absent, of_houses = missing_by_house(shipment, warehouses, day=day_of(now()))
    counted = counted_units(shipment)
    context = {
        "shipment": shipment,
        "form": form,
        "has_warehouse": bool(warehouses),
        "lines": [
            (one, counted[one.pk] if counted else None)
            for one in shipment.lines.select_related("order_line__product").order_by(
                "order_line__position", "pk"
            )
        ],
        "missing": [
            (entry.subject, [FIELDS.get(name, name) for name in entry.fields]) for entry in absent
        ],
        "of_houses": [
            (house, [FIELDS.get(name, name) for name in fields]) for house, fields in of_houses
        ],
        "is_counted": counted is not None,
    }
    return render(request, "customs/declare.html", context, status=422 if form.errors else 200)


def _draft(
    form: DraftForm, shipment: Shipment, importer: Company, warehouse: BondedWarehouse
) -> Declaration:
    """With the charges that were typed; of others the supplier's notice tells."""
    told = form.cleaned_data
    charges = [read_charge(kind, told[field].strip()) for field, kind in CHARGES.items()]
    return services.draft_declaration(
        shipment=shipment,
        importer=importer,
        warehouse=warehouse,
        charges=[one for one in charges if one is not None],
        now=now(),
    )


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def declaration(request: MemberRequest, reference: str) -> HttpResponse:
    found = queries.declaration_of(reference)
    document = found.document
    taken = list(found.steps.order_by("pk"))
    story, house = stories.of_declaration(found, now=now())
    findings, cautions = queries.looked_at(found, now=now(), house=house)
    # What customs has not seen is neither amended nor withdrawn there.
    counters = () if found.state in BEFORE_CUSTOMS else queries.counters_of(found)
    is_importer = request.membership.role == Role.IMPORTER
    context = {
        "declaration": found,
        "gross_kg": kilograms(found.gross_weight_g),
        "net_kg": kilograms(found.net_weight_g),
        "document": document,
        "shown": shown_state(found),
        "findings": findings,
        "cautions": cautions,
        "must_state": any(one.field in STATED for one in findings),
        "must_judge": _unjudged(findings),
        "story": story,
        "replaced_by": getattr(found, "replaced_by", None),
        "steps": _way(found, taken),
        "history": taken[::-1],
        "may_act": is_importer,
        "queue_form": QueueForm(),
        "release_form": ReleaseForm(),
        "rejection_form": RejectionForm(),
        "redraft_form": _redraft_form(found) if _is_to_redraft(found) else None,
        "counters": [counter_shown(one) for one in counters],
        "request_form": RequestForm(auto_id="asked_%s"),
        "may_counter": found.state in services.WITH_CUSTOMS and not is_posted(found),
        "may_drop": is_importer and not _is_listed(story) and may_be_dropped(found),
    }
    template = "customs/declaration.html"
    lines = found.goods.select_related("declaration")
    return show_list(request, DECLARATION_LINES, template, context, place=reference, rows=lines)


@require_POST
@role_required(Role.IMPORTER)
def queue(request: MemberRequest, reference: str) -> HttpResponse:
    found = queries.declaration_of(reference)
    form = QueueForm(request.POST)
    language = form.cleaned_data["language"] if form.is_valid() else "zh-hans"
    services.queue_document(declaration=found, language=language, now=now())
    return redirect("declaration", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def retry(request: MemberRequest, reference: str) -> HttpResponse:
    document = queries.declaration_of(reference).document
    if document is None:
        raise Http404
    services.retry_document(document=document, now=now())
    return redirect("declaration", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def lodge(request: MemberRequest, reference: str) -> HttpResponse:
    services.lodge(declaration=queries.declaration_of(reference), now=now())
    messages.success(request, _("Recorded as lodged. Enter here what customs answers."))
    return redirect("declaration", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def release(request: MemberRequest, reference: str) -> HttpResponse:
    found, form = queries.declaration_of(reference), ReleaseForm(request.POST)
    if form.is_valid():
        record = partial(services.record_release, declaration=found, **form.cleaned_data, now=now())
        if tried(form, record, beside=_BESIDE) is not None:
            messages.success(request, _("Released: the warehouse can receive the shipment now."))
            return redirect("declaration", reference=reference)
    return _asked_again(request, found, form, _("Record the release"))


@require_POST
@role_required(Role.IMPORTER)
def reject(request: MemberRequest, reference: str) -> HttpResponse:
    found, form = queries.declaration_of(reference), RejectionForm(request.POST)
    if form.is_valid():
        record = partial(
            services.record_rejection, declaration=found, **form.cleaned_data, now=now()
        )
        if tried(form, record, beside=_BESIDE) is not None:
            return redirect("declaration", reference=reference)
    return _asked_again(request, found, form, _("Record the rejection"))


def _asked_again(
    request: MemberRequest,
    found: Declaration,
    form: ReleaseForm | RejectionForm | RedraftForm,
    title: str,
) -> HttpResponse:
    """What was typed, with what is wrong about it."""
    where = reverse("declaration", args=[found.our_reference])
    context = {"declaration": found, "where": where, "form": form, "title": title}
    return render(request, "customs/decision.html", context, status=422)


@require_POST
@role_required(Role.IMPORTER)
def redraft(request: MemberRequest, reference: str) -> HttpResponse:
    """A new draft, with the warehouse and the charges that are told with it."""
    found = queries.declaration_of(reference)
    form = _redraft_form(found, request.POST)
    if form.is_valid():
        fresh = tried(form, partial(_redraft, form, found), beside=_BESIDE)
        if fresh is not None:
            messages.success(request, _("A new draft takes the place of the rejected declaration."))
            return redirect("declaration", reference=fresh.our_reference)
    return _asked_again(request, found, form, _("Draft it anew"))


def _redraft_form(found: Declaration, data: QueryDict | None = None) -> RedraftForm:
    """As it stood on the one whose place the new draft takes."""
    stands = {one.kind: written(one) for one in queries.declared_charges(found)}
    initial = {"warehouse": found.warehouse_id} | {
        field: stands.get(kind, "") for field, kind in CHARGES.items()
    }
    return RedraftForm(data, warehouses=queries.warehouses(), initial=initial)


def _redraft(form: RedraftForm, found: Declaration) -> Declaration:
    told = form.cleaned_data
    houses = {one.pk: one for one in queries.warehouses()}
    return services.redraft(
        declaration=found,
        # What the form does not have stays as it was.
        told={
            kind: read_charge(kind, told[field].strip())
            for field, kind in CHARGES.items()
            if field in form.data
        },
        warehouse=houses.get(told["warehouse"]),
        now=now(),
    )


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def paper(request: MemberRequest, reference: str) -> HttpResponse:
    document = queries.document_of(reference)
    name = f"{reference}.pdf"
    return attachment(bytes(document.content or b""), document.media_type, name)


def _unjudged(findings: Sequence[Finding]) -> list[str]:
    """The products of which nobody said yet whether the list's remark lets them in."""
    waiting = (one.error for one in findings if isinstance(one.error, _JUDGED))
    return list(dict.fromkeys(str(one.facts["product"]) for one in waiting))


def _is_to_redraft(found: Declaration) -> bool:
    over = (DeclarationState.REJECTED, DeclarationState.WITHDRAWN)
    return found.state in over and getattr(found, "replaced_by", None) is None


def _is_listed(story: Sequence[stories.Chapter]) -> bool:
    """Its bonded list is told, and customs has not sent it back."""
    return any(
        one.kind == MessageKind.BONDED_LIST and one.state != OutcomeChoice.REFUSED for one in story
    )


def counter_shown(one: CounterDocument) -> dict[str, Any]:
    """A counter-document with its changes in words."""
    changes = [
        (place_words(told.line), FIELD_WORDS[told.field], told.before, told.after)
        for told in one.changes.all()
    ]
    return {"document": one, "answer": getattr(one, "answer", None), "changes": changes}


def _way(declaration: Declaration, taken: Sequence[DeclarationStep]) -> list[dict[str, Any]]:
    """The straight way with the times of what was reached; a rejection ends it."""
    reached = {step.state: step for step in taken}
    way: list[dict[str, Any]] = []
    for state in WAY:
        step = reached.get(state)
        if declaration.state in NO_LONGER and state == DeclarationState.RELEASED:
            ended = DeclarationState(declaration.state)
            bad = reached.get(ended)
            way.append(
                {
                    "label": ended.label,
                    "at": bad.at if bad else None,
                    "note": declaration.rejection_reason or (bad.note if bad else ""),
                    "state": "bad",
                }
            )
            continue
        is_now = state == declaration.state
        mark = "now" if is_now and state != DeclarationState.RELEASED else "done" if step else ""
        if is_now and shown_state(declaration) == WorkState.FAILED:
            mark = "bad"
        way.append(
            {"label": state.label, "at": step.at if step else None, "note": "", "state": mark}
        )
    return way


#: What is done with a declaration, by the end of its address.
STEPS = (
    *(("retry", retry), ("lodge", lodge), ("release", release)),
    *(("reject", reject), ("redraft", redraft)),
)
