"""Every seller's statement of a closed round holds, and stays what it was."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from core.walls import inside, platform_wide
from procurement import services
from procurement.models import RoundBill, RoundStatement
from procurement.rules.sharing.verifying import read_statement, recompute
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import AFTER, DURING

from .conftest import AsPerson, Market


def file(market: Market, seller: object, **units: int) -> None:
    products = {"milk": market.milk, "soap": market.soap}
    services.file_forecast(
        round=market.round,
        seller=seller,  # type: ignore[arg-type]
        lines={products[name].pk: wanted for name, wanted in units.items()},
        filed_by=None,
        now=DURING,
    )


def close(market: Market) -> None:
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )


def test_a_statement_says_what_was_billed_and_a_stranger_recomputes_it(market: Market) -> None:
    file(market, market.anna, milk=70, soap=10)
    file(market, market.bela, milk=46)
    close(market)

    made = services.state(round=market.round, seller=market.anna, now=AFTER)

    told = read_statement(made.content)
    assert all(one.ok for one in recompute(told))
    assert told["digest"] == made.digest
    bill = RoundBill.objects.get(owner=market.anna)
    assert told["totals"] == {
        "shared_minor": bill.shared_minor,
        "paid_minor": bill.paid_minor,
        "alone_minor": bill.alone_minor,
        "saving_minor": bill.alone_minor - bill.paid_minor,
        "saving_hundredths_percent": 1208,
    }
    assert [(one["sku"], one["forecast"], one["got"]) for one in told["products"]] == [
        ("MILK", 70, 70),
        ("SOAP", 10, 10),
    ]


def test_with_two_sellers_no_total_of_the_pool_is_told(market: Market) -> None:
    file(market, market.anna, milk=70)
    file(market, market.bela, milk=46)
    close(market)

    told = read_statement(services.state(round=market.round, seller=market.anna, now=AFTER).content)

    assert told["sellers_in_round"] is None
    assert [one["pool"] for one in told["costs"]] == [None]
    assert told["costs"][0]["not_shown"] == "not shown: fewer than three sellers"


def test_with_three_sellers_the_pool_is_told_and_nobody_by_name(market: Market) -> None:
    carl = SellerFactory.create(code="CARL")
    file(market, market.anna, milk=70)
    file(market, market.bela, milk=46)
    file(market, carl, milk=10)
    close(market)

    made = services.state(round=market.round, seller=carl, now=AFTER)

    told = read_statement(made.content)
    assert told["sellers_in_round"] == 3
    assert (told["costs"][0]["pool"]["sellers"], told["costs"][0]["own_basis"]) == (3, 10)
    assert "ANNA" not in made.content
    assert "BELA" not in made.content


def test_a_statement_is_made_once(market: Market) -> None:
    file(market, market.anna, milk=70)
    close(market)
    first = services.state(round=market.round, seller=market.anna, now=DURING)

    with inside(market.anna.pk):
        again = services.state(round=market.round, seller=market.anna, now=AFTER)

    assert (again.pk, again.made_at, again.content) == (first.pk, DURING, first.content)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        RoundStatement.objects.update(digest="")


def test_a_seller_makes_its_own_and_sees_nobody_elses(market: Market) -> None:
    file(market, market.anna, milk=70)
    file(market, market.bela, milk=46)
    close(market)
    services.state(round=market.round, seller=market.bela, now=AFTER)

    with inside(market.anna.pk):
        services.state(round=market.round, seller=market.anna, now=AFTER)
        with pytest.raises(services.NothingToState):
            services.state(round=market.round, seller=market.bela, now=AFTER)
        with connection.cursor() as cursor:
            cursor.execute("SELECT owner_id FROM procurement_roundstatement")
            assert cursor.fetchall() == [(market.anna.pk,)]


def test_who_got_nothing_has_no_statement(market: Market) -> None:
    file(market, market.anna, milk=70)

    with pytest.raises(services.NothingToState):
        services.state(round=market.round, seller=market.anna, now=AFTER)
    close(market)
    with pytest.raises(services.NothingToState):
        services.state(round=market.round, seller=market.bela, now=AFTER)

    assert not RoundStatement.objects.exists()


def test_a_statement_that_differs_from_the_bill_is_not_made(market: Market) -> None:
    file(market, market.anna, milk=70)
    close(market)
    bill = RoundBill.objects.get(owner=market.anna)
    bill.pk, bill.run = None, 2
    with platform_wide():
        bill.save(force_insert=True)

    with pytest.raises(services.StatementWrong):
        services.state(round=market.round, seller=market.anna, now=AFTER)

    assert not RoundStatement.objects.exists()


def test_a_seller_reads_its_statement_and_takes_it_away(
    market: Market, as_person: AsPerson
) -> None:
    file(market, market.anna, milk=70, soap=10)
    file(market, market.bela, milk=46)
    close(market)
    client = as_person(market.anna_person)

    page = client.get("/forecasts/2026-Q3/share/").content.decode()

    with platform_wide():
        kept = RoundStatement.objects.get(owner=market.anna)
    assert kept.digest in page
    assert "5,160.47" in page  # what is paid
    assert "12.08 %" in page
    # What the pool ordered would tell what the other one wished for: no number is said, and not
    # whether packs were filled.
    assert "Ordered in whole packs, of what all sellers wish for together." in page
    assert "Rounded up" not in page
    assert "packs of 6" not in page
    told = client.get("/forecasts/2026-Q3/share/statement.json")
    assert all(one.ok for one in recompute(read_statement(told.content)))
    assert 'filename="statement-2026-Q3-ANNA.json"' in told["Content-Disposition"]
    table = client.get("/forecasts/2026-Q3/share/statement.csv").content.decode("utf-8-sig")
    assert "total,,paid,,,,,,5160.47,CNY," in table
    for kind in ("zh.pdf", "en.pdf"):
        paper = client.get(f"/forecasts/2026-Q3/share/statement.{kind}")
        assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.get("/forecasts/2026-Q3/share/statement.exe").status_code == 404


def test_with_three_sellers_the_reasons_come_with_their_numbers(
    market: Market, as_person: AsPerson
) -> None:
    carl = SellerFactory.create(code="CARL")
    file(market, market.anna, milk=70)
    file(market, market.bela, milk=40)
    file(market, carl, milk=6)
    close(market)

    page = as_person(market.anna_person).get("/forecasts/2026-Q3/share/").content.decode()

    assert "Rounded up to 20 packs of 6." in page
    assert "CARL" not in page


def test_who_got_nothing_finds_no_file(market: Market, as_person: AsPerson) -> None:
    file(market, market.anna, milk=70)
    close(market)
    client = as_person(market.bela_person)

    assert client.get("/forecasts/2026-Q3/share/").status_code == 200
    assert client.get("/forecasts/2026-Q3/share/statement.json").status_code == 404
