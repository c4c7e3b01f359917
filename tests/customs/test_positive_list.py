"""Remarks of the positive list: a person judges per product, and what is left out goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries
from customs.models import PositiveEntry, RemarkJudgement, RetailList, RetailRefusal
from customs.queries.judging import remark_of
from customs.rules import positive_list as rules
from customs.rules.declared import RulesBroken
from customs.rules.positive_list import Article, Judged, Remark, Verdict
from customs.services import DrawnLists, draw_retail_lists, queue_document
from customs.services.judging import judge_remark
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import (
    DECLARES,
    PositiveEntryFactory,
    TariffRateFactory,
    a_draft,
)
from tests.factories.warehouse import an_incoming_order, received_stock
from tests.walls.rows import all_rows
from warehouse.models import Holding
from warehouse.services import accept_orders

CODE = "1901101010"
NAMED = Remark(("named_only",), "仅限婴幼儿配方")
SAID = Judged(CODE, NAMED, "fits", "婴幼儿配方", "2026-07-14")


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (None, None),
        (SAID, Verdict.FITS),
        (replace(SAID, verdict="left_out"), Verdict.LEFT_OUT),
        (replace(SAID, verdict="withdrawn"), None),
        (replace(SAID, hs_code="1901109000"), None),
        (replace(SAID, remark=Remark(("named_only",), "仅限特殊配方")), None),
        (replace(SAID, remark=Remark(("excluded",), NAMED.text)), None),
    ],
)
def test_a_word_holds_for_its_code_and_remark_only(
    judged: Judged | None, expected: Verdict | None
) -> None:
    assert rules.standing(judged, CODE, NAMED) == expected
    assert rules.must_be_judged(judged, CODE, NAMED) is (expected is None)


@pytest.mark.parametrize(
    ("kinds", "judged", "found"),
    [
        ((), None, []),
        (("named_only",), None, [rules.NamedGoodsOnly]),
        (("excluded",), None, [rules.SomeGoodsExcluded]),
        (("named_only", "excluded"), None, [rules.SomeGoodsExcluded, rules.NamedGoodsOnly]),
        (("bonded_only", "weight_limit"), None, []),
        (("named_only",), "fits", []),
        (("named_only",), "left_out", [rules.LeftOutOfList]),
        (("excluded",), "withdrawn", [rules.SomeGoodsExcluded]),
    ],
)
def test_what_a_remark_has_against_a_product(
    kinds: tuple[str, ...], judged: str | None, found: list[type[DomainError]]
) -> None:
    remark = Remark.of(kinds, "仅限")
    said = Judged(CODE, remark, judged) if judged else None

    told = list(rules.against([Article("MILK-1", said)], CODE, remark))

    assert [type(one) for one in told] == found
    assert all(one.facts == {"product": "MILK-1", "value": CODE, "remark": "仅限"} for one in told)


@pytest.mark.parametrize(
    ("before", "remark", "verdict", "reason", "refusal"),
    [
        (None, Remark(()), Verdict.FITS, "好", rules.JudgementNotAsked),
        (None, NAMED, Verdict.FITS, "  ", rules.JudgementWithoutReason),
        (None, NAMED, Verdict.FITS, "长" * 401, rules.JudgementWithoutReason),
        (SAID, NAMED, Verdict.FITS, "好", rules.JudgementStands),
        (None, NAMED, Verdict.WITHDRAWN, "好", rules.NoJudgement),
        (replace(SAID, verdict="withdrawn"), NAMED, Verdict.WITHDRAWN, "好", rules.NoJudgement),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused(
    before: Judged | None,
    remark: Remark,
    verdict: Verdict,
    reason: str,
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        rules.judge(before, CODE, remark, verdict, reason)


def test_bonded_only_shuts_out_other_modes_than_those_that_count() -> None:
    assert rules.is_shut(("bonded_only",), "1239", ("1210",))
    assert not rules.is_shut(("bonded_only",), "1239", ("1210", "1239"))
    assert not rules.is_shut(("bonded_only",), "1210", ("1210",))
    assert not rules.is_shut(("named_only",), "1239", ("1210",))


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield MembershipFactory.create().user


def says(clerk: User, product: Product, verdict: Verdict, **other: Any) -> RemarkJudgement:
    told: dict[str, Any] = {"reason": "婴幼儿配方", "now": DECLARES} | other
    company = clerk.memberships.get().company
    return judge_remark(
        product=product, verdict=verdict, judged_by=clerk, judged_for=company, **told
    )


def remarked(*kinds: str, text: str = "仅限婴幼儿配方", code: str = "19011010") -> None:
    PositiveEntryFactory.create(code=code, remarks=list(kinds), remark=text)


def test_a_declaration_waits_until_a_person_says_that_its_goods_are_named(clerk: User) -> None:
    remarked("named_only")
    draft = a_draft()
    product = draft.lines.get().product
    findings, cautions = queries.looked_at(draft, now=DECLARES)
    assert [(type(one.error), one.line) for one in findings] == [(rules.NamedGoodsOnly, 1)]
    assert cautions == []
    with pytest.raises(RulesBroken):
        queue_document(declaration=draft, now=DECLARES)
    (row,) = queries.to_do(draft.importer, day=DECLARES.date())
    assert (row.product, row.fields) == (product, ("remark",))

    says(clerk, product, Verdict.FITS)

    findings, cautions = queries.looked_at(draft, now=DECLARES)
    assert findings == []
    assert [one.error.facts for one in cautions] == [
        {
            "product": product.sku,
            "remark": "仅限婴幼儿配方",
            "reason": "婴幼儿配方",
            "on": "2026-07-14",
        }
    ]
    assert queries.to_do(draft.importer, day=DECLARES.date()) == []
    # Taken back, or of a remark that changed since: a person looks again.
    says(clerk, product, Verdict.WITHDRAWN, reason="再核")
    assert [type(one.error) for one in queries.looked_at(draft, now=DECLARES)[0]] == [
        rules.NamedGoodsOnly
    ]
    says(clerk, product, Verdict.LEFT_OUT)
    assert [type(one.error) for one in queries.looked_at(draft, now=DECLARES)[0]] == [
        rules.LeftOutOfList
    ]
    later = DECLARES + timedelta(days=1)
    PositiveEntry.objects.update(valid_to=DECLARES.date())
    PositiveEntryFactory.create(remarks=["excluded"], remark="某些除外", valid_from=later.date())
    assert [type(one.error) for one in queries.looked_at(draft, now=later)[0]] == [
        rules.SomeGoodsExcluded
    ]
    said = remark_of(product, later.date())
    assert [one.verdict for one in said.said] == ["left_out", "withdrawn", "fits"]
    assert (said.stands, said.may_withdraw) == (None, True)


def test_a_page_leads_to_the_remark_that_waits_for_a_word(
    clerk: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "day").write_text(DECLARES.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(tmp_path / "day"))
    remarked("named_only")
    draft = a_draft()
    membership = MembershipFactory.create(company=draft.importer, role=Role.IMPORTER)
    client = Client()
    client.force_login(membership.user)
    led_to = f'href="/customs/products/{draft.lines.get().product.sku}/remark/"'

    pages = ("/customs/to-do/", f"/customs/declarations/{draft.our_reference}/")
    assert [led_to in client.get(page).content.decode() for page in pages] == [True, True]


def test_a_refused_word_leaves_nothing_behind(clerk: User) -> None:
    TariffRateFactory.create()
    product = ProductFactory.create()
    before = all_rows()

    with pytest.raises(rules.JudgementNotAsked):
        says(clerk, product, Verdict.FITS)

    assert all_rows() == before


DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


def test_orders_wait_for_the_word_and_go_or_come_back_by_it(clerk: User) -> None:
    seller = SellerFactory.create()
    TariffRateFactory.create()
    milk, cream = ProductFactory.create(), ProductFactory.create(hs_code="3304990039")
    remarked("excluded", text="注射用除外", code="33049900")
    TariffRateFactory.create(hs_code="3304990039")
    received_stock({seller: 10}, product=milk)
    received_stock({seller: 10}, product=cream)
    for place, product in enumerate((milk, cream), 1):
        order = an_incoming_order(product.sku, number=f"TB-{place}")
        accept_orders(seller=seller, orders=[order], now=DRAWS)
    assert draw_retail_lists(now=DRAWS) == DrawnLists(drawn=1, waiting=1)

    says(clerk, cream, Verdict.LEFT_OUT, now=DRAWS)

    assert draw_retail_lists(now=DRAWS) == DrawnLists(refused=1)
    assert RetailRefusal.objects.get().rule == "customs.goods_left_out"
    assert sum(Holding.objects.filter(product=cream).values_list("on_hand", flat=True)) == 10
    says(clerk, cream, Verdict.FITS, now=DRAWS)
    again = an_incoming_order(cream.sku, number="TB-3")
    accept_orders(seller=seller, orders=[again], now=DRAWS)
    assert draw_retail_lists(now=DRAWS) == DrawnLists(drawn=1)
    assert RetailList.objects.count() == 2
