"""A round that orders by forecast credit says what counted of each wish, and by which rule."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from django.utils.html import strip_tags
from pypdf import PdfReader

from procurement import services, stating
from procurement.api.statements import statement_out
from procurement.models import RoundCredit
from procurement.rules.sharing.statements import seal
from procurement.rules.sharing.verifying import read_statement, recompute
from procurement.statement_papers import statement_paper
from tests.factories.procurement import AFTER, DURING, scored

from .conftest import AsPerson, Market


def order_by_credit(market: Market) -> None:
    """Anna wishes for 100 and would do without 40, Bela for 80 and without 1; both count 0.6."""
    scored((market.anna, "C"), (market.bela, "C"), factor=6_000)
    market.round.is_credit_applied = True
    market.round.save()
    for seller, units, less in ((market.anna, 100, 40), (market.bela, 80, 1)):
        services.file_forecast(
            round=market.round,
            seller=seller,
            lines={market.milk.pk: units},
            tolerances={market.milk.pk: (less, 0)},
            filed_by=None,
            now=DURING,
        )
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )


def test_a_statement_says_what_counted_and_of_which_firm_part(market: Market) -> None:
    order_by_credit(market)

    found = {}
    for seller in (market.anna, market.bela):
        made = services.state(round=market.round, seller=seller, now=AFTER)
        told = read_statement(made.content)
        assert all(one.ok for one in recompute(told))
        # A program is told all of it, or its digest would not be that of what it was told.
        assert statement_out(made).model_dump(exclude_unset=True) == told
        assert told["credit"]["factor_ten_thousandths"] == 6_000
        names = ("wished", "less", "counted", "counted_less", "ordered", "got")
        (row,) = stating.told(told).products
        assert all(told["products"][0][name] == getattr(row, name) for name in names)
        found[seller.code] = (*(getattr(row, name) for name in names), row.firm, row.counted_firm)
    # A unit that Bela would do without does not save it the discount, nor cost it anything.
    assert found == {
        "ANNA": (100, 40, 60, 0, 60, 60, 60, 60),
        "BELA": (80, 1, 48, 0, 48, 48, 79, 48),
    }
    kept = RoundCredit.objects.order_by("seller__code").values_list("seller__code", "factor")
    assert list(kept) == [("ANNA", 6_000), ("BELA", 6_000)]


def test_who_seals_a_better_factor_is_found_out(market: Market) -> None:
    order_by_credit(market)
    told = read_statement(services.state(round=market.round, seller=market.bela, now=AFTER).content)

    better = seal({**told, "credit": {**told["credit"], "factor_ten_thousandths": 10_000}})

    wrong = [one.code for one in recompute(better) if not one.ok]
    assert wrong == ["counted", "counted_less"]


def test_page_paper_and_spreadsheet_tell_the_factor_and_what_counted(
    market: Market, as_person: AsPerson
) -> None:
    order_by_credit(market)
    told = read_statement(services.state(round=market.round, seller=market.bela, now=AFTER).content)
    shown = stating.told(told)

    page = as_person(market.bela_person).get("/forecasts/2026-Q3/share/").content.decode()
    paper = statement_paper(shown, made_at=AFTER, language="en")
    rows = {(row[0], row[2]): row for row in stating.csv_rows(shown)}

    text = " ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(paper)).pages)
    for shown_in in (page, text):
        assert "Counted by credit" in shown_in
        assert "Your factor: 0.6000" in " ".join(shown_in.split())
    assert "firm 48 / 79" in " ".join(strip_tags(page).split())
    assert rows["product", "counted"][8] == 48
    assert rows["product", "counted"][10] == shown.credit_formula != ""
    assert rows["credit", "factor"][8] == Decimal("0.6000")


def test_a_round_that_takes_wishes_as_they_are_says_so_and_keeps_no_factor(market: Market) -> None:
    services.file_forecast(
        round=market.round,
        seller=market.anna,
        lines={market.milk.pk: 100},
        tolerances={market.milk.pk: (40, 0)},
        filed_by=None,
        now=DURING,
    )
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )

    told = read_statement(services.state(round=market.round, seller=market.anna, now=AFTER).content)

    assert "credit" not in told
    assert (told["products"][0]["counted"], told["products"][0]["counted_less"]) == (100, 40)
    assert not RoundCredit.objects.exists()
    # A statement of before says nothing of it, and holds.
    old = {**told, "products": [dict(told["products"][0])]}
    del old["products"][0]["counted"], old["products"][0]["counted_less"]
    assert all(one.ok for one in recompute(seal(old)))
