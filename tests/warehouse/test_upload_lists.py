"""What a file of orders would do is a list like any other: searched, narrowed, paged, a file."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta

import pytest
from django.db.models import Q
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Membership
from catalog.models import Product
from core.listed import Listed, fits, take, totals, walk
from core.listing import BadCursor, Listing, Search, Sort, Total, parse
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory, confirm
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS
from warehouse import services
from warehouse.models import RetailOrder, RetailUpload
from warehouse.queries.uploads import UploadForgotten
from warehouse.within import OrderOutcome

NAMES = ("d", "a", None, "c", "b")
ROWS = Listed([OrderOutcome(at, "shop", name, "refused") for at, name in enumerate(NAMES, 1)])  # type: ignore[arg-type]
LISTING = Listing(
    name="in-memory",
    sorts={"place": "pk", "number": Sort("order_number", nullable=True)},
    default="place",
    search=Search(more=lambda words: Q(order_number__icontains=words)),
    totals=(Total("places", "pk"),),
)


def _pages(**params: str) -> list[list[int]]:
    """Forwards to the end, and back again to the same."""
    pages, query = [], parse(LISTING, {"limit": "2", **params})
    while True:
        page = take(LISTING, ROWS, query)
        pages.append([row.pk for row in page.rows])
        if page.next is None:
            break
        query = parse(LISTING, {"limit": "2", **params, "after": page.next})
    back = [pages[-1]]
    while page.previous:
        page = take(
            LISTING, ROWS, parse(LISTING, {"limit": "2", **params, "before": page.previous})
        )
        back.insert(0, [row.pk for row in page.rows])
    assert back == pages
    return pages


def test_rows_in_memory_are_paged_by_key_in_every_order() -> None:
    assert _pages() == [[1, 2], [3, 4], [5]]
    assert _pages(sort="-place") == [[5, 4], [3, 2], [1]]
    assert _pages(sort="number") == [[2, 5], [4, 1], [3]]
    assert _pages(sort="-number") == [[1, 4], [5, 2], [3]]


def test_rows_in_memory_are_searched_added_up_and_walked() -> None:
    query = parse(LISTING, {"q": "B"})

    assert [row.pk for row in take(LISTING, ROWS, query).rows] == [5]
    assert totals(LISTING, ROWS, parse(LISTING, {})).sums == {"places": {"": 15}}
    assert [len(rows) for rows in walk(LISTING, ROWS, parse(LISTING, {}), step=3)] == [3, 2]


def test_a_cursor_of_a_row_that_is_not_there_is_refused() -> None:
    page = take(LISTING, ROWS, parse(LISTING, {"limit": "2"}))

    with pytest.raises(BadCursor):
        take(LISTING, Listed([]), parse(LISTING, {"limit": "2", "after": page.next}))


def test_a_condition_is_read_as_a_table_would_read_it() -> None:
    row = ROWS.rows[0]

    assert fits(row, Q(order_number__in=["d"]) & ~Q(pk__gte=2))
    assert fits(row, Q(pk__in=[]) | Q(channel__startswith="sh"))
    assert not fits(row, Q(order_number__isnull=True))
    assert not fits(row, Q(pk__in=[]))


@pytest.fixture
def seller(db: None) -> Membership:
    return MembershipFactory.create(company=SellerFactory.create(code="S-1"), role="seller")


@pytest.fixture
def upload(seller: Membership) -> RetailUpload:
    with platform_wide():
        kept: RetailUpload = RetailUpload.objects.create(
            seller=seller.company,
            file_name="orders.csv",
            uploaded_at="2026-08-01T06:00:00Z",
            uploaded_by=seller.user,
            taken_at="2026-08-01T06:05:00Z",
            results=[
                {
                    "channel": "shop",
                    "order_number": f"=N-{at}",
                    "outcome": "refused" if at == 7 else "accepted",
                    "number": "" if at == 7 else f"RO-2026-{at:06}",
                    **({"rule": "A consumer's order needs at least one line."} if at == 7 else {}),
                }
                for at in range(60)
            ],
        )
    return kept


@pytest.fixture
def client(seller: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(seller.user)
    confirm(client)
    return client


def test_what_became_of_a_file_is_searched_narrowed_and_paged(
    client: Client, upload: RetailUpload
) -> None:
    path = f"/retail-orders/upload/{upload.pk}/"
    page = client.get(path).text
    refused = client.get(path, {"outcome": "refused"}).text
    onward = re.search(r'rel="next" href="([^"]+)"', page)

    assert page.count('<th scope="row">') == 25
    assert refused.count('<th scope="row">') == 1
    assert "needs at least one line" in refused
    assert onward is not None
    assert client.get(path + onward[1]).text.count('<th scope="row">') == 25
    assert "=N-42" in client.get(path, {"q": "n-42"}).text


def test_what_became_of_a_file_is_itself_a_file_without_formulas(
    client: Client, upload: RetailUpload
) -> None:
    answer = client.post(
        f"/lists/retail-outcomes/file/?upload={upload.pk}&outcome=refused", {"kind": "xlsx"}
    )

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    (row,) = sheet.iter_rows(min_row=2)
    assert [cell.value for cell in row][:2] == ["=N-7", "shop"]
    assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}


def test_a_strangers_file_and_no_file_at_all_are_not_there(
    client: Client, upload: RetailUpload
) -> None:
    other = MembershipFactory.create(company=SellerFactory.create(code="S-2"), role="seller")
    client.force_login(other.user)
    confirm(client)

    for query in (f"?upload={upload.pk}", "?upload=0", "?upload=x", ""):
        answer = client.post(f"/lists/retail-outcomes/file/{query}", {"kind": "csv"})
        assert answer.status_code == 404


def a_file(seller: Membership, at: datetime) -> RetailUpload:
    with platform_wide():
        if not Product.objects.filter(sku="MILK").exists():
            ProductFactory.create(sku="MILK")
        return services.keep_upload(
            seller=seller.company,
            file_name="orders.csv",
            content=(
                "channel,order_number,placed_at,buyer_name,buyer_id_number,consignee_address,"
                "product,quantity,unit_price\nshop,T-2,2026-07-30 10:00,金,360426199101010071,"
                "示例路 1 号,MILK,1,50.00\n"
            ).encode(),
            uploaded_by=seller.user,
            now=at,
        )


def test_a_file_that_nobody_takes_is_forgotten_after_a_week(
    seller: Membership, client: Client
) -> None:
    left, fresh = a_file(seller, SELLS), a_file(seller, SELLS + timedelta(days=1))

    with platform_wide():
        assert services.forget_uploads(now=SELLS + timedelta(days=7)) == 0
        later = SELLS + timedelta(days=7, seconds=1)
        assert [services.forget_uploads(now=later) for _ in range(2)] == [1, 0]
        kept = dict(RetailUpload.objects.values_list("pk", "content"))
        with pytest.raises(UploadForgotten):
            services.accept_upload(upload=left, now=later)
        assert not RetailOrder.objects.exists()

    assert (kept[left.pk], bool(kept[fresh.pk])) == ("", True)
    page = client.get(f"/retail-orders/upload/{left.pk}/")
    assert (page.status_code, "left for a week" in page.text) == (409, True)
