"""What anybody may open: an item's page behind its QR code, and the look-up."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from traceability import limits, links, queries, rules, services
from traceability.forms import CodeForm
from traceability.models import ItemIdentity

EPCIS_JSON = "application/ld+json"


@never_cache
@require_safe
def item_page(request: HttpRequest, gtin: str, serial: str, lot: str = "") -> HttpResponse:
    """An item's story at its GS1 Digital Link address; EPCIS JSON-LD for who asks for JSON.

    A code that is not known gets one answer, whichever part of it is wrong.
    """
    now = timezone.now()
    as_json = serial.endswith(".json") or not request.accepts("text/html")
    if not limits.may_look_up(request, now=now):
        return _busy(request, as_json)
    item = _find(gtin, lot, serial.removesuffix(".json"))
    if item is None:
        return _unknown(request, as_json)
    if as_json:
        told = queries.epcis_document(item, zone=timezone.get_default_timezone(), now=now)
        answer: HttpResponse = JsonResponse(
            told, content_type=EPCIS_JSON, json_dumps_params={"ensure_ascii": False}
        )
        # The story is public; anybody's page may read it.
        answer["Access-Control-Allow-Origin"] = "*"
    else:
        is_head = getattr(request, "is_head", False)
        counts = request.method == "GET" and not is_head and _is_a_consumer(request)
        history = services.count_scan(item=item, now=now) if counts else services.scan_history(item)
        context = {
            "passport": queries.passport_of(item),
            "history": history,
            "counted": counts,
            "code": links.grouped(item.serial),
            "json_path": f"{links.item_path(item.gtin, item.lot_number, item.serial)}.json",
        }
        answer = render(request, "traceability/item.html", context)
    patch_vary_headers(answer, ["Accept"])
    return answer


@never_cache
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """A code typed by hand leads to its item's page, or to the page of unknown codes."""
    # Asked with GET: it changes nothing, and works where cookies are refused.
    form = CodeForm(request.GET if "code" in request.GET else None)
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "traceability/verify.html", {"form": form}, status=status)
    if not limits.may_look_up(request, now=timezone.now()):
        return _busy(request, as_json=False)
    serial = links.typed(form.cleaned_data["code"])
    item = queries.find_item(serial=serial) if serial else None
    if item is None:
        return _unknown(request, as_json=False)
    return redirect(links.item_path(item.gtin, item.lot_number, item.serial))


@require_safe
def vocabulary(request: HttpRequest, word: str = "") -> HttpResponse:
    """What the words of our own in the EPCIS documents mean; their addresses lead here."""
    return render(
        request,
        "traceability/vocabulary.html",
        {"base": settings.BONDPOOL_PUBLIC_URL, "word": word},
        status=200 if not word or word in rules.OWN_DOCUMENTS else 404,
    )


def _find(gtin: str, lot: str, serial: str) -> ItemIdentity | None:
    code = links.typed(serial)
    try:
        wide = rules.gtin14(gtin)
    except rules.NotAnIdentity:
        # To a stranger a mistyped code and an invented one are the same.
        return None
    return queries.find_item(serial=code, gtin=wide, lot_number=lot) if code else None


def _is_a_consumer(request: HttpRequest) -> bool:
    """Staff who look at a page, and browsers that load it ahead, check nothing."""
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return getattr(request, "membership", None) is None and "prefetch" not in purpose


def _unknown(request: HttpRequest, as_json: bool) -> HttpResponse:
    if as_json:
        return JsonResponse({"title": "This code is not known.", "status": 404}, status=404)
    return render(request, "traceability/unknown.html", {"form": CodeForm()}, status=404)


def _busy(request: HttpRequest, as_json: bool) -> HttpResponse:
    answer: HttpResponse
    if as_json:
        answer = JsonResponse({"title": "Too many look-ups.", "status": 429}, status=429)
    else:
        answer = render(request, "traceability/busy.html", status=429)
    answer["Retry-After"] = str(limits.WINDOW_SECONDS)
    return answer
