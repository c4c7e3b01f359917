"""Jobs asked for and done, as the tests do it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from django.test import Client

from accounts.models import Membership
from catalog.tables import PRODUCTS
from core.walls import inside, platform_wide
from customs.tables import RETAIL_ORDERS
from jobs import services
from jobs.models import Job
from rest.models import ApiToken
from warehouse.models import RetailOrder
from web.tables import Viewer

NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def client_of(membership: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(membership.user)
    return client


def viewer_of(membership: Membership) -> Viewer:
    return Viewer(
        membership.user, membership.company, str(membership.role), NOON.date(), NOON, NOON
    )


def worked(at: datetime = NOON) -> int:
    with platform_wide():
        return services.work(now=lambda: at)


def start(membership: Membership, kind: str = "csv", **params: list[str]) -> Job:
    with inside(membership.company_id):
        return services.start_export(
            viewer=viewer_of(membership), table=PRODUCTS, params=params, kind=kind, now=NOON
        )


def read_again(job: Job) -> Job:
    with platform_wide():
        return Job.objects.get(pk=job.pk)


def content_of(job: Job) -> bytes:
    with platform_wide():
        return b"".join(bytes(part.content) for part in job.parts.order_by("position"))


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet reads Chinese only with the mark"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cancel_all(seller: Membership, orders: list[RetailOrder], token: ApiToken | None = None) -> Job:
    (action,) = RETAIL_ORDERS.actions
    with inside(seller.company_id):
        return services.start_action(
            viewer=viewer_of(seller),
            table=RETAIL_ORDERS,
            action=action,
            chosen=[order.pk for order in orders],
            params={},
            is_every=False,
            token=token,
            now=NOON,
        )
