"""Pages of what the authority answered: receipts, files, what waits for a person, tax bills."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clients import address_of
from core.clock import now
from core.errors import DomainError
from customs import services
from customs.forms_receipts import AsideForm, AssignForm, ReceiptFilesForm
from customs.models import Receipt, ReceiptFile, ReceiptMatch, ReceiptState, ReceiptWay
from customs.queries import receipts as queries
from customs.queries.tax_bills import guaranteed
from customs.rules.receipts.parking import NotWhatItIsAbout, ReceiptReasonMissing
from customs.tables_receipts import (
    OPEN,
    RECEIPT_FILES,
    RECEIPTS,
    TAX_BILLS,
    fetched_name,
    file_word,
    message_word,
    receipts_of,
    refusal_word,
    status_word,
    where_in,
)
from web.files import attachment
from web.forms import posted, posted_files, tried
from web.lists import show_list

_SENDERS = (Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR)
#: Receipts and readings of one file on its page.
MOST_TAKEN = 100
_REASON: dict[type[DomainError], str] = {ReceiptReasonMissing: "reason"}


@require_GET
@role_required(*_SENDERS)
def listed(request: MemberRequest) -> HttpResponse:
    """All receipts, and how many wait for a person."""
    return _listed(request, ReceiptFilesForm())


def _listed(request: MemberRequest, form: ReceiptFilesForm) -> HttpResponse:
    context = {
        "form": form,
        "waiting": Receipt.objects.filter(state=ReceiptState.WAITING).count(),
        "parked": ReceiptFile.objects.exclude(refusal="").count(),
    }
    status = 422 if form.errors else 200
    return show_list(request, RECEIPTS, "customs/receipts.html", context, status=status)


@require_GET
@role_required(*_SENDERS)
def files(request: MemberRequest) -> HttpResponse:
    return show_list(request, RECEIPT_FILES, "customs/receipt_files.html")


def _file(pk: int) -> ReceiptFile:
    files = ReceiptFile.objects.defer("content").select_related("brought_by", "gateway")
    found: ReceiptFile = get_object_or_404(files, pk=pk)
    return found


def _may_read(request: MemberRequest, file: ReceiptFile) -> bool:
    """Whose gateway it came through, or who brought it: a platform's operator does not read what
    buyers' data customs sent to somebody else."""
    if request.membership.role == Role.OPERATOR:
        return file.company_id is None
    return file.company_id == request.membership.company_id


@require_GET
@role_required(*_SENDERS)
def file(request: MemberRequest, pk: int) -> HttpResponse:
    """One file: what was taken from it, and who has read it."""
    found = _file(pk)
    context = {
        "file": found,
        "word": file_word(found),
        "where": where_in(found),
        "taken": list(found.taken.order_by("pk")[:MOST_TAKEN]),
        "readings": list(found.readings.select_related("read_by").order_by("-pk")[:MOST_TAKEN]),
        "may_read": _may_read(request, found),
    }
    return render(request, "customs/receipt_file.html", context)


@require_POST
@role_required(*_SENDERS)
def file_content(request: MemberRequest, pk: int) -> HttpResponse:
    """The file as customs wrote it; that it was read is written down."""
    found = _file(pk)
    if not _may_read(request, found):
        raise Http404
    content = services.read_receipt_file(
        file=found, by=request.user, client=address_of(request), now=now()
    )
    return attachment(content, "application/octet-stream", fetched_name(found, content))


@require_POST
@role_required(*_SENDERS)
def upload(request: MemberRequest) -> HttpResponse:
    """Take files that a person brings; what cannot be read is kept, and said."""
    form = ReceiptFilesForm(posted(request), posted_files(request))
    if not form.is_valid():
        return _listed(request, form)
    moment = now()
    taken = [
        services.take_in(
            data=data,
            name=name,
            way=ReceiptWay.PAGE,
            now=moment,
            company=None
            if request.membership.role == Role.OPERATOR
            else request.membership.company,
            brought_by=request.user,
        )
        for name, data in form.cleaned_data["receipts"]
    ]
    for one, is_new in taken:
        said = f"{one.name}: {file_word(one)}"
        if not is_new:
            said = f"{one.name}: {_('This file was taken before.')}"
        (messages.warning if one.refusal else messages.success)(request, said)
    return redirect("receipts")


def _receipt(pk: int) -> Receipt:
    found: Receipt = get_object_or_404(
        receipts_of().select_related("file", "file__brought_by", "aside__set_by"), pk=pk
    )
    return found


@require_GET
@role_required(*_SENDERS)
def receipt(request: MemberRequest, pk: int) -> HttpResponse:
    return _shown(request, _receipt(pk))


def _shown(
    request: MemberRequest,
    found: Receipt,
    assigning: AssignForm | None = None,
    asiding: AsideForm | None = None,
) -> HttpResponse:
    is_open = found.state in OPEN
    matches = list(found.matches.all())
    for match in matches:
        match.why = refusal_word(match.refusal) if match.refusal else ""  # type: ignore[attr-defined]
    context = {
        "receipt": found,
        "word": message_word(found.message),
        "status": status_word(found),
        "matches": matches,
        "sees_lists": request.membership.role == Role.OPERATOR,
        "sees_declarations": request.membership.role != Role.WAREHOUSE,
        "may_try_again": any(match.effect == "refused" for match in matches),
        "may_assign": is_open,
        "may_set_aside": found.state == ReceiptState.WAITING,
        "candidates": queries.alike(found) if is_open else [],
        # A document that was chosen from those it might be about.
        "assigning": assigning
        or AssignForm(initial={"document": request.GET.get("document", "")[:64]}),
        "asiding": asiding or AsideForm(),
    }
    refused = (assigning and assigning.errors) or (asiding and asiding.errors)
    return render(request, "customs/receipt.html", context, status=422 if refused else 200)


@require_POST
@role_required(*_SENDERS)
def assign(request: MemberRequest, pk: int) -> HttpResponse:
    """A person says which document the receipt is about."""
    found, form = _receipt(pk), AssignForm(request.POST)
    if form.is_valid():
        element = queries.document_named(found, form.cleaned_data["document"].strip())
        if element is None:
            form.add_error("document", _("No document of yours that it could be about."))
        else:
            act = partial(
                services.assign,
                receipt=found,
                element=element,
                by=request.user,
                reason=form.cleaned_data["reason"],
                now=now(),
            )
            if tried(form, act, beside={NotWhatItIsAbout: "document", **_REASON}) is not None:
                messages.success(request, _("Assigned: it counts from now on."))
                return redirect("receipt", pk=pk)
    return _shown(request, found, assigning=form)


@require_POST
@role_required(*_SENDERS)
def aside(request: MemberRequest, pk: int) -> HttpResponse:
    """A person lays the receipt aside; it is kept."""
    found, form = _receipt(pk), AsideForm(request.POST)
    if form.is_valid():
        act = partial(
            services.set_aside,
            receipt=found,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=now(),
        )
        if tried(form, act, beside=_REASON) is not None:
            messages.success(request, _("Set aside. It is kept, and may be assigned later."))
            return redirect("receipt", pk=pk)
    return _shown(request, found, asiding=form)


@require_POST
@role_required(*_SENDERS)
def again(request: MemberRequest, pk: int) -> HttpResponse:
    """Do once more what could not be done."""
    found = _receipt(pk)
    refused = ReceiptMatch.objects.filter(receipt=found, effect="refused").order_by("pk")
    n = sum(services.try_again(match=match) for match in refused)
    if n:
        told = ngettext("It is tried again.", "They are tried again.", n)
        messages.success(request, told)
    return redirect("receipt", pk=pk)


@require_GET
@role_required(Role.SELLER, Role.IMPORTER, Role.OPERATOR)
def bills(request: MemberRequest) -> HttpResponse:
    """The authority's tax beside ours, and what stands against each guarantee."""
    today = now().date()
    context = {
        "all": guaranteed(),
        "month": guaranteed(month=today.replace(day=1)),
        "today": today,
    }
    return show_list(request, TAX_BILLS, "customs/tax_bills.html", context)


#: Addresses below ``customs/``, their views and names.
PAGES = (
    ("receipts/", listed, "receipts"),
    ("receipts/files/", files, "receipt_files"),
    ("receipts/files/<int:pk>/", file, "receipt_file"),
    ("receipts/files/<int:pk>/content/", file_content, "receipt_file_content"),
    ("receipts/upload/", upload, "receipt_upload"),
    ("receipts/<int:pk>/", receipt, "receipt"),
    ("receipts/<int:pk>/assign/", assign, "receipt_assign"),
    ("receipts/<int:pk>/aside/", aside, "receipt_aside"),
    ("receipts/<int:pk>/again/", again, "receipt_again"),
    ("tax-bills/", bills, "tax_differences"),
)
