"""A round closes once, into combined orders whose shares sum exactly."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.models import Count, Sum

from core.errors import DomainError
from core.walls import inside, platform_wide
from procurement import services
from procurement.models import (
    Forecast,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundResult,
    RoundStanding,
    RoundState,
)
from procurement.queries import forecasts
from procurement.queries import orders as order_queries
from procurement.rules import offering, ordering
from procurement.rules.forecasting import RoundClosed
from procurement.services import rows
from tests.factories.catalog import ProductFactory, TradingPartnerFactory
from tests.factories.procurement import (
    AFTER,
    CUTOFF,
    DURING,
    OPENS,
    PriceBreakFactory,
    SupplierOfferFactory,
)

from .conftest import Market


def file(market: Market, who: str, **units: int) -> None:
    seller = {"anna": market.anna, "bela": market.bela}[who]
    products = {"milk": market.milk, "soap": market.soap}
    services.file_forecast(
        round=market.round,
        seller=seller,
        lines={products[name].pk: wanted for name, wanted in units.items()},
        filed_by=None,
        now=DURING,
    )


def close(market: Market) -> list[PurchaseOrder]:
    return services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )


def test_a_round_opens_once_for_a_quarter(db: None) -> None:
    opened = services.open_round(quarter="2026-Q4", opens_at=OPENS, cutoff_at=CUTOFF)

    assert (opened.quarter, opened.state) == ("2026-Q4", RoundState.OPEN)
    with pytest.raises(ordering.RoundExists):
        services.open_round(quarter="2026-Q4", opens_at=OPENS, cutoff_at=CUTOFF)
    with pytest.raises(ordering.CutoffBeforeOpening):
        services.open_round(quarter="2027-Q1", opens_at=CUTOFF, cutoff_at=CUTOFF)
    with pytest.raises(DomainError):
        services.open_round(quarter="2027-Q5", opens_at=OPENS, cutoff_at=CUTOFF)
    assert PoolRound.objects.count() == 1


def test_two_sellers_reach_a_price_that_neither_reaches_alone(market: Market) -> None:
    file(market, "anna", milk=70, soap=10)
    file(market, "bela", milk=46)
    told: list[tuple[int, int]] = []

    (order,) = services.close_round(
        round=market.round,
        buyer=market.buyer,
        platform=market.platform,
        now=AFTER,
        progress=lambda done, of: told.append((done, of)),
    )

    assert order.number == "PO-2026-000001"
    assert (order.supplier, order.buyer, order.currency) == (market.supplier, market.buyer, "EUR")
    milk, soap = order.lines.order_by("position")
    # 116 units are 20 packs of six: the break of 20 packs at 54.00.
    assert (milk.wanted, milk.packs, milk.quantity, milk.amount_minor) == (116, 20, 120, 108_000)
    assert (milk.pack_price_minor, milk.base_pack_price_minor) == (5400, 6600)
    assert (soap.wanted, soap.quantity, soap.amount_minor) == (10, 10, 2500)
    assert order.amount_minor == 110_500
    shares = OrderShare.objects.values_list(
        "line__product__sku", "owner__code", "quantity", "amount_minor", "alone_minor"
    )
    assert set(shares) == {
        # Alone: 12 packs at 60.00, and the minimum of ten packs at 60.00.
        ("MILK", "ANNA", 70, 63_000, 72_000),
        ("MILK", "BELA", 46, 41_400, 60_000),
        ("MILK", market.platform.code, 4, 3_600, 3_600),
        ("SOAP", "ANNA", 10, 2_500, 2_500),
    }
    assert told == [(4, 4)]
    closed = PoolRound.objects.get(pk=market.round.pk)
    assert (closed.state, closed.closed_at) == (RoundState.CLOSED, AFTER)


def test_each_supplier_gets_one_order(market: Market) -> None:
    other = TradingPartnerFactory.create(currency="USD")
    tea = ProductFactory.create(sku="TEA")
    offer = SupplierOfferFactory.create(product=tea, supplier=other, currency="USD")
    PriceBreakFactory.create(offer=offer)
    file(market, "anna", milk=70)
    services.file_forecast(
        round=market.round,
        seller=market.bela,
        lines={tea.pk: 31},
        filed_by=None,
        now=DURING,
    )

    orders = close(market)

    assert [(o.supplier, o.currency) for o in orders] == [(market.supplier, "EUR"), (other, "USD")]
    # 31 units wished for, ten packs ordered: 29 units stay with the platform.
    surplus = OrderShare.objects.get(owner=market.platform, line__product=tea)
    assert (surplus.quantity, surplus.amount_minor) == (29, 29_000)
    assert order_queries.pooled(market.round)[1].surplus_minor == 29_000


def test_what_is_written_down_of_a_closed_round_is_what_its_facts_add_up_to(
    market: Market,
) -> None:
    file(market, "anna", milk=600)
    file(market, "anna", milk=50, soap=5)
    file(market, "bela", milk=46)

    close(market)

    stood = forecasts.standings([market.round])
    assert stood == forecasts.count_standings([market.round])
    assert stood[market.round.pk] == forecasts.Standing(2, 3, 101, DURING)
    told = order_queries.pooled(market.round)
    assert [(one.currency, one.orders) for one in told] == [("EUR", 1)]
    shares = OrderShare.objects.filter(line__order__round=market.round)
    sellers = shares.exclude(owner=market.platform).aggregate(
        paid=Sum("amount_minor"), alone=Sum("alone_minor")
    )
    assert sum(one.sellers_minor for one in told) == sellers["paid"]
    assert sum(one.alone_minor for one in told) == sellers["alone"]
    assert sum(one.amount_minor for one in told) == sum(
        order.amount_minor for order in PurchaseOrder.objects.all()
    )


def test_what_is_written_down_of_a_round_never_changes(market: Market) -> None:
    file(market, "anna", milk=50)
    close(market)

    for table in (RoundStanding, RoundResult):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            table.objects.update(round=market.round)


def test_an_empty_round_closes_without_orders(market: Market) -> None:
    assert close(market) == []
    assert forecasts.standing(market.round) == forecasts.Standing(0, 0, 0, None)
    assert order_queries.pooled(market.round) == []
    assert PoolRound.objects.get().state == RoundState.CLOSED
    assert not PurchaseOrder.objects.exists()


def test_only_the_newest_version_is_pooled(market: Market) -> None:
    file(market, "anna", milk=600)
    file(market, "anna", soap=5)

    close(market)

    assert list(PurchaseOrderLine.objects.values_list("product__sku", "wanted")) == [("SOAP", 5)]


def test_a_round_does_not_close_before_its_cutoff(market: Market) -> None:
    file(market, "anna", milk=70)

    with pytest.raises(ordering.CutoffNotReached):
        services.close_round(
            round=market.round,
            buyer=market.buyer,
            platform=market.platform,
            now=CUTOFF - timedelta(seconds=1),
        )

    assert not PurchaseOrder.objects.exists()
    assert PoolRound.objects.get().state == RoundState.OPEN


def test_a_round_closes_once(market: Market) -> None:
    file(market, "anna", milk=70)
    close(market)

    with pytest.raises(ordering.RoundAlreadyClosed):
        close(market)
    with pytest.raises(RoundClosed):
        file(market, "bela", milk=1)

    assert PurchaseOrder.objects.count() == 1


def test_only_an_importer_buys_and_only_the_platform_keeps_the_rest(market: Market) -> None:
    with pytest.raises(ordering.NotAnImporter):
        services.close_round(
            round=market.round, buyer=market.anna, platform=market.platform, now=AFTER
        )
    with pytest.raises(ordering.NotThePlatform):
        services.close_round(
            round=market.round, buyer=market.buyer, platform=market.bela, now=AFTER
        )

    assert PoolRound.objects.get().state == RoundState.OPEN


def test_an_offer_that_went_away_stops_the_round_and_nothing_is_written(market: Market) -> None:
    file(market, "anna", milk=70)
    offer = market.milk.offers.get()
    offer.valid_to = offer.valid_from
    offer.save()

    with pytest.raises(offering.OfferMissing):
        close(market)

    assert not PurchaseOrder.objects.exists()
    assert PoolRound.objects.get().state == RoundState.OPEN


def test_two_operators_close_at_the_same_moment_and_one_wins(committed_market: Market) -> None:
    market = committed_market
    with platform_wide():
        file(market, "anna", milk=70)
    start = threading.Barrier(2)
    ended: list[str] = []

    def press() -> None:
        try:
            start.wait(timeout=10)
            with platform_wide():
                close(market)
            ended.append("closed")
        except ordering.RoundAlreadyClosed:
            ended.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(ended) == ["closed", "refused"]
    with platform_wide():
        assert PurchaseOrder.objects.count() == 1
        assert OrderShare.objects.count() == 2


def test_a_forecast_knows_what_its_lines_come_to(market: Market) -> None:
    file(market, "anna", milk=70)
    file(market, "anna", milk=24)

    with platform_wide():
        kept = Forecast.objects.order_by("version").values_list("products", "units")
        added = Forecast.objects.order_by("version").annotate(
            counted=Count("lines"), summed=Sum("lines__quantity")
        )
        assert list(kept) == [(1, 70), (1, 24)]
        assert list(added.values_list("counted", "summed")) == list(kept)


def test_a_share_is_of_its_lines_order_whoever_wrote_it(market: Market) -> None:
    file(market, "anna", milk=70)
    close(market)
    with platform_wide():
        written = OrderShare.objects.first()
        assert written is not None
        copied = OrderShare.objects.create(
            line=written.line, owner=market.bela, quantity=1, amount_minor=1
        )
        copied.refresh_from_db()

    assert written.order_id == written.line.order_id
    assert copied.order_id == written.line.order_id


def test_a_large_round_has_its_shares_in_a_partition_behind_the_same_wall(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LARGE_ROUND", 1)
    file(market, "anna", milk=70, soap=10)
    file(market, "bela", milk=46)

    close(market)

    part = f"procurement_ordershare_{market.round.pk}"
    with platform_wide(), connection.cursor() as cursor:
        shares = OrderShare.objects.filter(round=market.round)
        assert sorted(shares.values_list("owner__code", "quantity", "demand__quantity")) == [
            ("ANNA", 10, 10),
            ("ANNA", 70, 70),
            ("BELA", 46, 46),
            (market.platform.code, 4, None),
        ]
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM procurement_ordershare")
        assert cursor.fetchall() == [(part,)]
        # A later share names its round, or is refused in words; it cannot go astray.
        told = {"owner": market.platform, "quantity": 1, "amount_minor": 1}
        soap = OrderShare.objects.get(line__product=market.soap).line
        with pytest.raises(IntegrityError, match="name round_id with them"), transaction.atomic():
            OrderShare.objects.create(line=soap, **told)
        assert shares.count() == 4
        OrderShare.objects.create(line=soap, order=soap.order, round=market.round, **told)
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM procurement_ordershare")
        assert cursor.fetchall() == [(part,)]
        assert shares.count() == 5
    with inside(market.bela.pk):
        assert list(OrderShare.objects.values_list("quantity", flat=True)) == [46]
    with (
        inside(market.bela.pk),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT * FROM {part}")  # noqa: S608 - ours


@pytest.mark.parametrize("step", ["open", "attach"])
def test_only_the_platform_fills_a_partition(market: Market, step: str) -> None:
    with (
        inside(market.anna.pk),
        pytest.raises(ProgrammingError, match="the platform's to write"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT procurement_{step}_shares(%s)", [market.round.pk])


def test_a_seller_sees_nothing_of_another(market: Market) -> None:
    file(market, "anna", milk=70)
    file(market, "bela", milk=46)
    close(market)

    with inside(market.bela.pk):
        mine = order_queries.my_shares(market.round, market.bela)
        # The first wall is asked for another's rows, the second by plain SQL.
        theirs = order_queries.my_shares(market.round, market.anna)
        with connection.cursor() as cursor:
            seen = {}
            for table, owner in (
                ("procurement_forecast", "seller_id"),
                ("procurement_forecastline", "seller_id"),
                ("procurement_ordershare", "owner_id"),
            ):
                cursor.execute(f"SELECT DISTINCT {owner} FROM {table}")  # noqa: S608
                seen[table] = [pk for (pk,) in cursor.fetchall()]

    assert [(share.quantity, share.amount_minor) for share in mine] == [(46, 41_400)]
    assert theirs == []
    assert set(map(tuple, seen.values())) == {(market.bela.pk,)}


def test_a_filed_forecast_cannot_be_changed_even_by_the_platform(market: Market) -> None:
    file(market, "anna", milk=70)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('procurement_forecastline', 'UPDATE'),"
            " has_table_privilege('procurement_ordershare', 'DELETE')"
        )
        assert cursor.fetchone() == (False, False)
