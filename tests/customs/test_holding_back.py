"""A list whose tax is more than what is free of its guarantee waits until more is free."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from customs.gap_words import in_words
from customs.models import (
    MissingPaper,
    OutgoingElement,
    RetailList,
    RetailParties,
)
from customs.queries.guarantees import guarantees_on
from customs.rules.guarantees import GuaranteeWrong, check_guarantee, covered
from customs.rules.parties import CustomsCodeWrong
from customs.services.guarantees import keep_guarantee, pay_tax
from customs.services.telling_parcels import TellingDone, tell_parcels
from notices.models import Notice
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import of_list
from tests.customs.receipts.sent_lists import COMES, come
from tests.customs.receipts.test_bills import a_bill
from tests.customs.test_telling_parcels import accepted, orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

FEN = st.decimals("0", "500", places=2)
TODAY = SELLS.date()
LATER = SELLS + timedelta(hours=1)


def test_a_smaller_tax_goes_past_a_larger_one_that_waits() -> None:
    taxes = [Decimal(one) for one in ("60", "50", "40", "0", "0.01")]

    assert covered(Decimal(100), taxes) == [True, False, True, True, False]


def test_of_an_exceeded_guarantee_only_what_is_not_taxed_goes() -> None:
    assert covered(Decimal("-0.01"), [Decimal(0), Decimal("0.01")]) == [True, False]


@given(FEN, st.lists(FEN, max_size=8))
def test_what_goes_is_never_more_than_what_is_free(free: Decimal, taxes: list[Decimal]) -> None:
    found = covered(free, taxes)

    gone = sum((tax for tax, fits in zip(taxes, found, strict=True) if fits), Decimal(0))
    assert gone <= free
    assert all(tax > free - gone for tax, fits in zip(taxes, found, strict=True) if not fits), (
        "whatever waits would be too much"
    )


@pytest.mark.parametrize("code", ["", "A/1", "330296HZ6", "3302961HZ61", "担保企业代码一二三四"])
def test_a_guarantor_is_an_enterprise_that_customs_knows(code: str) -> None:
    with pytest.raises(CustomsCodeWrong):
        check_guarantee(code, Decimal(1), "B-1")


@pytest.mark.parametrize("code", [" 3302961hz6 ", "91330201MA2AGXHC2K"])
def test_both_forms_of_its_code_are_taken(code: str) -> None:
    assert check_guarantee(code, Decimal(1), "B-1")[0] == code.strip().upper()
    with pytest.raises(GuaranteeWrong):
        check_guarantee(code, Decimal(-1), "B-1")


@pytest.fixture
def listed(parties: RetailParties, orders: list[RetailOrder]) -> list[RetailList]:
    """Two lists of one and of two tins, of which customs has what goes before them."""
    tell_parcels(now=SELLS)
    accepted("CEB311", "CEB411", "CEB511")
    return list(RetailList.objects.order_by("pk"))


def keep(
    parties: RetailParties,
    clerk: User,
    amount: Decimal,
    *,
    holds: bool = True,
    day: date = TODAY,
) -> None:
    keep_guarantee(
        company=parties.agent,
        assure_code=parties.assure_code,
        amount=amount,
        valid_from=day,
        evidence="保函 2026-1",
        set_by=clerk,
        now=SELLS,
        holds=holds,
    )


def yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def told() -> list[int | None]:
    found = OutgoingElement.objects.filter(kind="CEB621").order_by("retail_list")
    return list(found.values_list("retail_list", flat=True))


in_the_database = pytest.mark.usefixtures("wide", "gateways")


@pytest.mark.django_db
@in_the_database
def test_what_is_not_covered_waits_and_says_so_until_it_is_raised(
    parties: RetailParties, listed: list[RetailList], clerk: User
) -> None:
    smaller, larger = listed
    both = yuan(smaller.tax_minor + larger.tax_minor)
    keep(parties, clerk, both - Decimal("0.01"))

    assert tell_parcels(now=SELLS) == TellingDone(queued=1, missing=1)

    assert told() == [smaller.pk]
    (gap,) = in_words(MissingPaper.objects.get(retail_list=larger).gaps)
    assert gap.why.startswith("The tax of this retail list is more than what is free")
    assert (gap.code, gap.where) == ("customs.guarantee_used_up", "guarantee")
    (one,) = guarantees_on(parties.agent, day=SELLS.date())
    assert (one.held, one.balance.told) == (1, yuan(smaller.tax_minor))
    assert one.balance.free == yuan(larger.tax_minor) - Decimal("0.01")
    assert tell_parcels(now=SELLS + timedelta(minutes=11)) == TellingDone(missing=1)
    assert Notice.objects.filter(event="guarantee.holds").count() == 1

    keep(parties, clerk, both)
    assert tell_parcels(now=SELLS) == TellingDone(queued=1)
    assert told() == [smaller.pk, larger.pk]
    assert not MissingPaper.objects.exists()


@pytest.mark.django_db
@in_the_database
def test_who_is_only_warned_sends_all(
    parties: RetailParties, listed: list[RetailList], clerk: User
) -> None:
    keep(parties, clerk, Decimal(0), holds=False)

    assert tell_parcels(now=SELLS) == TellingDone(queued=2)


@pytest.mark.django_db
@in_the_database
def test_a_guarantee_is_good_for_more_from_its_day_on(
    parties: RetailParties, listed: list[RetailList], clerk: User
) -> None:
    keep(parties, clerk, Decimal(0))
    keep(parties, clerk, Decimal(10_000), day=SELLS.date() + timedelta(days=1))

    assert tell_parcels(now=SELLS) == TellingDone(missing=2)
    assert tell_parcels(now=SELLS + timedelta(days=1)) == TellingDone(queued=2)


@pytest.mark.django_db
@in_the_database
def test_paying_what_was_billed_lets_the_next_one_go(
    parties: RetailParties, listed: list[RetailList], clerk: User
) -> None:
    smaller, larger = listed
    # As customs' bill has it.
    parties.assure_code = "3302961HZ6"
    parties.save()
    keep(parties, clerk, yuan(larger.tax_minor))
    assert tell_parcels(now=SELLS) == TellingDone(queued=1, missing=1)
    element, tax = OutgoingElement.objects.get(kind="CEB621"), yuan(smaller.tax_minor)
    bill = a_bill("310520261I00000017", f"{tax}")
    come(element.message.gateway, of_list(element.key, "120"), bill)
    assert tell_parcels(now=LATER) == TellingDone(missing=1)

    pay_tax(
        company=parties.agent,
        assure_code=parties.assure_code,
        month=date(2026, 8, 1),
        amount=tax,
        paid_on=COMES.date(),
        evidence="电子税单 1",
        recorded_by=clerk,
        now=COMES,
    )

    assert tell_parcels(now=COMES) == TellingDone(queued=1)
