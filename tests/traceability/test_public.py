"""What a consumer sees behind the code on the pack."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client, override_settings
from django.utils import timezone

from traceability import links, queries, rules, services
from traceability.models import ItemIdentity, Scan

from ..factories.accounts import CompanyFactory
from ..factories.catalog import gtin
from ..factories.traceability import NOON, FactFactory, TracedLot, a_seller, a_traced_lot


def _page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_the_story_is_told_oldest_first_with_who_says_so(item: ItemIdentity) -> None:
    steps = queries.passport_of(item).steps

    assert [(str(step.title), step.evidence, step.who) for step in steps] == [
        ("向境外供应商下单", "documented", "示例平台运营有限公司"),
        ("境外启运离港", "documented", steps[1].who),
        ("向海关申报", "documented", "示例进出口有限公司"),
        ("海关放行入保税区", "authority", "示例进出口有限公司"),
        ("保税仓收货", "documented", "示例保税仓储有限公司"),
        ("保税仓上架", "declared", "示例保税仓储有限公司"),
        ("一物一码赋码", "declared", "示例保税仓储有限公司"),
    ]
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[1].facts == [("船名", "EXAMPLE STAR"), ("航次", "027E")]
    assert steps[1].place == "德国汉堡港"


def test_the_page_is_chinese_unless_the_browser_asks_for_english(client: Client, path: str) -> None:
    chinese = _page(client, path)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    english = _page(client, path)

    assert '<html lang="zh-hans">' in chinese
    for said in (
        "示例婴幼儿配方奶粉 900 克",
        "德国",
        "首次查询",
        "海关放行入保税区",
        "宁波示例保税仓",
    ):
        assert said in chinese
    for said in ("Example infant formula 900 g", "Germany", "Checked 1 time before", "2028-02-29"):
        assert said in english
    assert "Released by customs into bond" in english


def test_the_declaration_number_is_partly_covered(client: Client, path: str) -> None:
    page = _page(client, path)

    assert "3101**********5678" in page
    assert "310120261012345678" not in page
    assert "OOLU2756301" in page


def test_nothing_of_other_buyers_is_told(
    client: Client, lot: TracedLot, item: ItemIdentity, path: str
) -> None:
    """Not their names, not their lots, not what was pooled."""
    seller = a_seller()
    key, goods = rules.lot_key(item.gtin, item.lot_number), rules.gtin_key(item.gtin)
    other = rules.lot_key(item.gtin, "LOT-2026-000002")
    paper = {"read_point": "SECRET"}
    services.record(
        # A seller's own word about the pool's lot; another consumer's parcel; another lot of
        # the same order; another shipment of it; other goods in the same order.
        FactFactory.build(asserted_by=seller.pk, keys=(key, goods), **paper),
        FactFactory.build(
            asserted_by=lot.warehouse.pk, keys=(rules.retail_key("RO-1"), key, goods), **paper
        ),
        FactFactory.build(
            asserted_by=lot.warehouse.pk,
            keys=(other, goods, rules.shipment_key(lot.shipment)),
            **paper,
        ),
        FactFactory.build(
            asserted_by=lot.supplier.pk,
            keys=(goods, rules.order_key(lot.order), rules.shipment_key("ASN-2026-000099")),
            **paper,
        ),
        FactFactory.build(
            asserted_by=lot.operator.pk,
            keys=(rules.gtin_key(gtin(77)), rules.order_key(lot.order)),
            **paper,
        ),
        now=NOON,
    )

    page = _page(client, path) + client.get(f"{path}.json").content.decode()

    assert "SECRET" not in page
    assert "RO-1" not in page
    assert seller.name_zh not in page
    assert seller.name_en not in page
    # Long enough to stand in no digest by chance.
    assert "43219876" not in page.replace(",", "")
    assert '"quantity"' not in page


def test_the_items_own_events_are_told_whoever_says_them(item: ItemIdentity) -> None:
    seller = a_seller()
    services.record(
        FactFactory.build(
            biz_step="retail_selling",
            disposition="retail_sold",
            asserted_by=seller.pk,
            keys=(rules.item_key(item.gtin, item.serial), rules.retail_key("RO-1")),
        ),
        now=NOON,
    )

    assert queries.passport_of(item).steps[-1].who == seller.name_zh


def test_the_first_check_is_said_to_exactly_one(
    client: Client, item: ItemIdentity, path: str
) -> None:
    first, second, third = (_page(client, path) for _ in range(3))

    assert "本码首次查询" in first
    assert "此前已查询 1 次" in second
    assert "此前已查询 2 次" in third
    scan = Scan.objects.earliest("scanned_at")
    at = timezone.localtime(scan.scanned_at)
    assert f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}" in third
    assert Scan.objects.count() == 3
    assert {field.name for field in Scan._meta.fields} == {"id", "item", "scanned_at"}


def test_the_history_of_checks_is_exact(item: ItemIdentity) -> None:
    first = services.count_scan(item=item, now=NOON)
    again = services.count_scan(item=item, now=NOON + timedelta(hours=1))

    assert (first.times_before, first.first_at, first.is_first) == (0, None, True)
    assert (again.times_before, again.first_at, again.is_first) == (1, NOON, False)


def test_staff_machines_and_headers_check_nothing(warehouse_client: Client, path: str) -> None:
    warehouse_client.get(path)
    warehouse_client.logout()
    warehouse_client.head(path)
    warehouse_client.get(f"{path}.json")
    warehouse_client.get(path, headers={"Sec-Purpose": "prefetch"})

    assert not Scan.objects.exists()


def test_the_page_is_found_without_the_lot_and_with_a_slash(
    client: Client, item: ItemIdentity, path: str
) -> None:
    for address in (
        f"{path}/",
        f"/01/{item.gtin}/21/{item.serial}",
        f"/01/{item.gtin.removeprefix('0')}/10/{item.lot_number}/21/{item.serial.lower()}",
    ):
        assert client.get(address).status_code == 200


def test_no_stranger_learns_which_part_of_a_code_was_wrong(
    client: Client, item: ItemIdentity
) -> None:
    lot, serial = item.lot_number, item.serial
    other_lot = a_traced_lot(lot_number="LOT-2026-000002", n=2)
    other = services.issue_identities(
        product=other_lot.product, lot_number=other_lot.lot_number, count=1, now=NOON
    )[0]
    strangers = [
        links.item_path(item.gtin, lot, "0" * 16),
        links.item_path(item.gtin, "LOT-2026-000009", serial),
        links.item_path(gtin(999), lot, serial),
        links.item_path(item.gtin, lot, other.serial),
        f"/01/00000000000017/10/{lot}/21/{serial}",
        f"/01/abc/10/{lot}/21/{serial}",
        f"/01/{item.gtin}/10/{lot}/21/1",
        f"/01/{item.gtin}/21/%27%3B--",
    ]

    answers = [client.get(path) for path in strangers]
    said = {
        re.sub(r'name="(next|csrfmiddlewaretoken)" value="[^"]*"', "", a.content.decode())
        for a in answers
    }
    data = {client.get(path, headers={"Accept": "application/json"}).content for path in strangers}

    assert {answer.status_code for answer in answers} == {404}
    assert len(said) == 1
    assert len(data) == 1
    assert "未查到这个溯源码" in said.pop()
    assert not Scan.objects.exists()


def test_a_code_is_typed_by_hand(english: Client, item: ItemIdentity, path: str) -> None:
    empty = english.get("/verify/")
    found = english.get("/verify/", {"code": links.grouped(item.serial).lower()})
    unknown = english.get("/verify/", {"code": "0000 0000 0000 0000"})
    missing = english.get("/verify/", {"code": " "})

    assert (empty.status_code, missing.status_code) == (200, 422)
    assert found.headers["Location"] == path
    assert unknown.status_code == 404
    assert "This code is not known" in unknown.content.decode()


@override_settings(BONDPOOL_LOOKUPS_PER_ADDRESS=3, BONDPOOL_LOOKUPS_PER_MINUTE=1000)
def test_who_tries_codes_is_slowed_down(broker: str, client: Client, path: str) -> None:
    answers = [client.get(path, REMOTE_ADDR="192.0.2.7").status_code for _ in range(5)]
    elsewhere = client.get(path, REMOTE_ADDR="192.0.2.8")
    again = client.get(path, REMOTE_ADDR="192.0.2.7")

    # The window of a minute may turn over once while the test runs.
    assert answers.count(200) in (3, 4)
    assert elsewhere.status_code == 200
    if again.status_code == 429:
        assert again.headers["Retry-After"] == "60"
        assert "请稍候" in again.content.decode()


@override_settings(BONDPOOL_LOOKUPS_PER_ADDRESS=1000, BONDPOOL_LOOKUPS_PER_MINUTE=2)
def test_all_together_are_slowed_down_too(broker: str, client: Client, path: str) -> None:
    answers = [client.get(f"{path}.json", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(6)]

    assert 429 in answers
    assert answers.count(200) in (2, 3, 4)


@override_settings(BONDPOOL_PROXIES=1, BONDPOOL_LOOKUPS_PER_ADDRESS=1)
def test_behind_a_proxy_each_visitor_counts_alone(broker: str, client: Client, path: str) -> None:
    # Only the part our own proxy wrote counts; what a visitor claims before it does not.
    one = client.get(path, headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.7"})
    two = client.get(path, headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.8"})
    forged = [
        client.get(path, headers={"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.7"}) for n in range(4)
    ]

    assert (one.status_code, two.status_code) == (200, 200)
    assert 429 in [answer.status_code for answer in forged]


def test_no_address_is_kept_on_the_counter(broker: str, client: Client, path: str) -> None:
    import redis

    client.get(path, REMOTE_ADDR="192.0.2.77")

    address = broker.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    with redis.Redis.from_url(address) as counter:
        names = [name.decode() for name in counter.keys("bondpool:lookups:*")]
        assert len(names) == 2
        assert not any("192.0.2" in name for name in names)
        assert all(0 < counter.ttl(name) <= 60 for name in names)


@override_settings(CELERY_BROKER_URL="redis+socket:///nowhere/valkey.sock?virtual_host=0")
def test_a_counter_that_is_away_closes_no_page(client: Client, path: str) -> None:
    from traceability import limits

    limits._client.cache_clear()
    try:
        assert client.get(path).status_code == 200
    finally:
        limits._client.cache_clear()


def test_the_page_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    page = _page(client, path)

    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)


def test_a_product_name_with_markup_is_text(client: Client, db: None) -> None:
    lot = a_traced_lot()
    product = lot.product
    product.name_zh = "<b>茶</b> & 糖"
    product.save()
    (item,) = services.issue_identities(
        product=product, lot_number=lot.lot_number, count=1, now=NOON
    )

    page = _page(client, links.item_path(item.gtin, item.lot_number, item.serial))

    assert "&lt;b&gt;茶&lt;/b&gt; &amp; 糖" in page


def test_the_page_asks_the_database_little(
    client: Client, path: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get(path)


def test_words_of_our_own_are_explained(english: Client, db: None) -> None:
    CompanyFactory.create()

    known = english.get("/voc/btt/cn-customs-declaration")
    unknown = english.get("/voc/btt/cn-moon-landing")

    assert (known.status_code, unknown.status_code) == (200, 404)
    assert "Declaration of imported goods" in known.content.decode()


def test_an_items_story_has_its_own_labelling_only(lot: TracedLot, item: ItemIdentity) -> None:
    services.issue_identities(
        product=lot.product, lot_number=lot.lot_number, count=1, now=NOON + timedelta(days=1)
    )

    steps = queries.passport_of(item).steps

    assert [step.icon for step in steps].count("qrcode") == 1
    assert steps[-1].at == item.issued_at


def test_the_making_of_another_batch_in_the_same_shipment_is_not_told(
    lot: TracedLot, item: ItemIdentity
) -> None:
    keys = (rules.gtin_key(item.gtin), rules.shipment_key(lot.shipment))
    services.record(
        FactFactory.build(
            asserted_by=lot.warehouse.pk,
            keys=(rules.lot_key(item.gtin, item.lot_number), *keys),
            details={"batch": "B1"},
        ),
        *(
            FactFactory.build(
                action="ADD",
                biz_step="commissioning",
                asserted_by=lot.supplier.pk,
                keys=keys,
                details={"batch": batch, "produced_on": "2026-03-01"},
            )
            for batch in ("B1", "B2")
        ),
        now=NOON,
    )

    supplied = [
        step for step in queries.passport_of(item).steps if str(step.title) == "境外供应商供货"
    ]

    assert [step.facts for step in supplied] == [[("生产日期", "2026-03-01"), ("生产批号", "B1")]]
