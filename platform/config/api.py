"""The API of the house, put together from each app's routes. Its addresses stand under /api/v1/."""

from __future__ import annotations

import json
from functools import cache

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET

from catalog.api import routes as catalogue
from config.home.api import routes as start
from customs.api import ROUTES as CUSTOMS
from jobs.api import routes as jobs
from notices.api import ROUTES as NOTICES
from notices.payloads import webhooks
from procurement.api import ROUTES as PROCUREMENT
from rest.api import ROUTES as EVERYBODY
from rest.reference import chapters
from rest.routes import Api
from rest.wording import in_words
from settlement.api import ROUTES as SETTLEMENT
from warehouse.api import ROUTES as WAREHOUSE

_ABOUT = _(
    "Everything the portal does for sellers, importers and finance. JSON in UTF-8; amounts are "
    "whole numbers in the currency's smallest unit, times carry their offset. Errors are problem "
    "details (RFC 9457). What creates something wants an `Idempotency-Key`, what changes something "
    "wants `If-Match`. How a whole quarter is done with curl stands in docs/api.md."
)

api = Api(
    title="Bondpool",
    version="1",
    description=_ABOUT,
    urls_namespace="api",
    openapi_extra={
        "info": {"license": {"name": "as the product"}},
        "tags": [
            {"name": "everybody", "description": _("Every role")},
            {"name": "catalogue", "description": _("Every role: the shared catalogue")},
            {
                "name": "sellers",
                "description": _("Forecasts, shares, stock, retail orders, charges"),
            },
            {"name": "importers", "description": _("Orders, shipments, declarations, the tariff")},
            {
                "name": "operators",
                "description": _("Offers and freight, rounds, approvals"),
            },
            {
                "name": "warehouses",
                "description": _("Waves, packing, counts, pallets, hand-overs, tracking, events"),
            },
            {"name": "finance", "description": _("Invoices, batches, payment files, terms")},
            {
                "name": "webhooks",
                "description": _("Sellers and importers: own systems that are told"),
            },
            {"name": "events", "description": _("What own systems are told, by event")},
        ],
        "webhooks": webhooks(),
    },
)
for _routes in (
    *EVERYBODY,
    start,
    *NOTICES,
    jobs,
    catalogue,
    *PROCUREMENT,
    *WAREHOUSE,
    *CUSTOMS,
    *SETTLEMENT,
):
    api.add_router("", _routes)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The schema, in the language asked for; anybody may read what the API can do."""
    answer = HttpResponse(_schema(get_language()), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    # Who has chosen a language in the portal is told by a cookie.
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The reference, for people: in our own look, with nothing from elsewhere and no script."""
    return render(request, "rest/reference.html", {"reference": _reference(get_language())})


# Neither changes while the process lives, and both take longer than any page.
@cache
def _schema(language: str) -> bytes:
    with override(language):
        told = in_words(api.get_openapi_schema(path_prefix="/api/v1/"))
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


@cache
def _reference(language: str) -> SafeString:
    found = chapters(json.loads(_schema(language)))
    return SafeString(render_to_string("rest/_reference.html", {"chapters": found}))
