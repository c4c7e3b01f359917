"""Before an operator closes a round it sees what would be ordered, what it costs, who drops out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.walls import platform_wide
from jobs.models import JobOutcome
from procurement import services
from procurement.closing_told import closing
from procurement.models import PurchaseOrder, RoundPlan
from procurement.rules.solving.refusals import PackTooBig
from tests.factories.procurement import (
    AFTER,
    DURING,
    FreightContainerFactory,
    FreightTermsFactory,
)

from .conftest import AsPerson, Market
from .test_deposit_rounds import ENDED, ask, filed  # noqa: F401  a fixture's name
from .test_plan_pages import file, work

At = Callable[[datetime], None]
PAGE = "/rounds/2026-Q3/close/"


def test_the_plan_that_would_be_ordered_is_shown_before_it_is_confirmed(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70, soap=10)
    file(market, market.bela, milk=46)
    at(AFTER)
    with platform_wide():
        row = services.plan_ahead(round=market.round, now=AFTER).row

    told = closing(market.round, now=AFTER)

    assert told.plan is not None
    assert (told.plan.plan.pk, told.refusal, list(told.dropped)) == (row.pk, None, [])
    assert (told.plan.suppliers, len(told.plan.orders)) == (1, 1)
    assert (told.plan.lines, told.plan.units, told.plan.left_out) == (2, 130, 0)
    (order,) = told.plan.orders
    # 20 packs of milk at EUR 54.00 and 10 of soap at EUR 2.50.
    assert order.goods_minor == 20 * 5400 + 10 * 250
    assert order.landed_minor == row.landed_minor
    page = as_person(market.operator).get(PAGE).content.decode()
    assert "What will be ordered" in page
    assert 'href="/rounds/2026-Q3/plans/1/"' in page
    assert "1,105.00" in page
    with platform_wide():
        assert not PurchaseOrder.objects.exists()
        assert RoundPlan.objects.count() == 1

        services.close_round(
            round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
        )

        assert RoundPlan.objects.count() == 1, "what was looked at is what is ordered"
        assert PurchaseOrder.objects.get().amount_minor == order.goods_minor


def test_containers_of_all_orders_are_added_up(market: Market) -> None:
    terms = FreightTermsFactory.create(supplier=market.supplier)
    file(market, market.anna, milk=70)
    services.plan_ahead(round=market.round, now=AFTER)

    told = closing(market.round, now=AFTER).plan

    assert told is not None
    (order,) = told.orders
    assert told.containers == order.containers != "–"
    assert terms.supplier == market.supplier


def test_a_round_that_changed_since_it_was_planned_is_to_be_planned_again(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    with platform_wide():
        services.plan_ahead(round=market.round, now=DURING)
    file(market, market.bela, milk=46)
    at(AFTER)

    page = as_person(market.operator).get(PAGE).content.decode()

    assert closing(market.round, now=AFTER).plan is None
    assert "has not been planned yet" in page
    assert 'action="/rounds/2026-Q3/plan/"' in page


def test_what_would_refuse_it_is_told_before_somebody_tries(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    client = as_person(market.operator)
    at(DURING)
    early = client.get(PAGE).content.decode()
    at(AFTER)
    with platform_wide():
        offer = market.milk.offers.get()
        offer.valid_to = offer.valid_from
        offer.save()

    page = client.get(PAGE).content.decode()

    for told in (early, page):
        assert "It cannot be closed now:" in told
    assert "MILK" in page


def test_a_pack_that_fits_no_container_any_more_is_told_before_the_round_is_closed(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    at(AFTER)
    with platform_wide():
        # Freight that was entered after the offer.
        FreightContainerFactory.create(terms__supplier=market.supplier, volume_cm3=1)

    refusal = closing(market.round, now=AFTER).refusal
    page = as_person(market.operator).get(PAGE).content.decode()

    assert isinstance(refusal, PackTooBig)
    assert "It cannot be closed now:" in page
    with platform_wide():
        company = market.supplier.company
    assert (refusal.facts["product"], refusal.facts["supplier"]) == ("MILK", company.code)
    assert f"product: MILK {market.milk.name_en}</div>" in page
    assert f"supplier: {company.code} {company.name_en}</div>" in page


def test_a_job_that_cannot_plan_names_the_product_as_people_know_it(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    client = as_person(market.operator)
    at(AFTER)
    with platform_wide():
        FreightContainerFactory.create(terms__supplier=market.supplier, volume_cm3=1)
    asked = client.post("/rounds/2026-Q3/plan/")

    work()

    page = client.get(asked["Location"]).content.decode()
    assert "A pack is heavier or bulkier than every container of the supplier." in page
    with platform_wide():
        assert JobOutcome.objects.get().facts == {
            "product": "MILK",
            "supplier": market.supplier.company.code,
            "grams": "6600",
            "cm3": "14400",
        }


def test_who_drops_out_for_want_of_its_deposit_is_named(
    filed: Market,  # noqa: F811
    as_person: AsPerson,
    at: At,
) -> None:
    (anna, _bela) = ask(filed)
    services.record_payment(
        deposit=anna,
        amount_minor=anna.amount_minor,
        value_date=AFTER.date(),
        reference="B-1",
        noted_by=None,
        now=AFTER,
    )
    services.plan_ahead(round=filed.round, now=ENDED)
    at(ENDED)

    filed.round.refresh_from_db()
    told = closing(filed.round, now=ENDED)

    assert [one.code for one in told.dropped] == ["BELA"]
    assert told.plan is not None
    assert told.plan.units >= 70
    page = as_person(filed.operator).get(PAGE).content.decode()
    assert "Who drops out for want of its deposit" in page
    assert "BELA" in page
