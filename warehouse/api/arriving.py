"""The door for what shops send by themselves; signed, so that no token is asked for."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.clients import address_of
from core.clock import now
from core.errors import DomainError
from core.walls import platform_wide
from rest import limits
from rest.calling import tell_allowance
from rest.problems import problem
from rest.reading import read_json
from rest.refusals import TooLarge
from rest.serving import MOST_JSON_BYTES
from warehouse import services
from warehouse.queries.channels import open_channel
from warehouse.rules.channels import DeliveryNotSigned, DeliveryTooOld, is_ping


@csrf_exempt
@require_POST
def channel_orders(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a delivery and answer; what is in it is worked off afterwards.

    202 for a new one, 200 for one that is known; 401 for an unknown channel and for a wrong
    signature alike, and then nothing is written.
    """
    try:
        with platform_wide():
            answer = _take(request, uid)
    except DomainError as error:
        answer = problem(request, error)
    tell_allowance(request, answer)
    return answer


def _take(request: HttpRequest, uid: UUID) -> HttpResponse:
    at, address = now(), address_of(request)
    channel = open_channel(uid)
    try:
        if channel is None:
            raise DeliveryNotSigned()
        left = limits.count(f"channel:{channel.pk}", settings.BONDPOOL_API_PER_MINUTE)
        request.allowance = left  # type: ignore[attr-defined]
        left.check()
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_JSON_BYTES:
            raise TooLarge(most=MOST_JSON_BYTES)
        heads = {name.lower(): value for name, value in request.headers.items()}
        if is_ping(channel.kind, heads, request.body):
            return HttpResponse(status=200)
        kept, is_new = services.keep_delivery(
            channel=channel, heads=heads, body=request.body, now=at, look=read_json
        )
    except (DeliveryNotSigned, DeliveryTooOld):
        # Only who shows a bad signature: others behind the same address go on.
        limits.check_failures(address)
        limits.count_failure(address)
        raise
    told = {"delivery": kept.uid, "state": kept.state}
    return JsonResponse(told, status=202 if is_new else 200)
