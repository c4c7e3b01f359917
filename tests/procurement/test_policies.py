"""Other bands of forecast credit, from a day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import DomainError
from procurement import services
from procurement.models import CreditPolicy
from procurement.queries import credit
from procurement.rules import policies
from procurement.rules.crediting import POLICIES, Band, Policy
from tests.factories.procurement import DURING

from .conftest import AsPerson, Market

TODAY = date(2026, 5, 1)
BANDS = (
    Band("A", 60, deposit=40, tolerance=100, priority=100),
    Band("B", 30, deposit=80, tolerance=80, priority=90),
    Band("C", 10, deposit=100, tolerance=50, priority=80),
    Band("D", 0, deposit=200, tolerance=20, priority=60),
)
OTHERS = Policy(
    valid_from=TODAY + timedelta(days=30),
    shrunk_by=30,
    newcomer_band="C",
    newcomer_units=120,
    bands=BANDS,
)


def set_it(market: Market, policy: Policy = OTHERS) -> CreditPolicy:
    return services.set_credit_policy(policy=policy, by=market.operator, now=DURING)


def test_other_bands_hold_from_their_day_on_and_not_before(market: Market) -> None:
    set_it(market)

    assert credit.policy_on(OTHERS.valid_from - timedelta(days=1)) == POLICIES[0]
    assert credit.policy_on(OTHERS.valid_from) == OTHERS
    assert credit.credit_of(market.anna, OTHERS.valid_from).policy == OTHERS


def test_of_two_policies_of_one_day_the_later_one_holds(market: Market) -> None:
    set_it(market)
    second = replace(OTHERS, shrunk_by=50)
    set_it(market, second)

    assert credit.policies() == [second]


def other(name: str, **told: Any) -> tuple[Band, ...]:
    return tuple(replace(one, **told) if one.name == name else one for one in BANDS)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"valid_from": DURING.date()}, policies.PolicyBegun),
        ({"bands": BANDS[:3]}, policies.PolicyRefused),
        ({"bands": BANDS[::-1]}, policies.PolicyRefused),
        ({"bands": other("D", from_score=5)}, policies.PolicyRefused),
        ({"bands": other("B", from_score=60)}, policies.PolicyRefused),
        ({"bands": other("A", deposit=90)}, policies.PolicyRefused),
        ({"bands": other("C", tolerance=90)}, policies.PolicyRefused),
        ({"bands": other("D", priority=0)}, policies.PolicyRefused),
        ({"bands": other("D", deposit=301)}, policies.PolicyRefused),
        ({"newcomer_band": "E"}, policies.PolicyRefused),
    ],
)
def test_bands_that_reward_the_wrong_seller_are_refused(
    market: Market, told: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        set_it(market, replace(OTHERS, **told))

    assert not CreditPolicy.objects.exists()


def test_an_operator_sets_bands_on_their_page(market: Market, as_person: AsPerson, at: Any) -> None:
    at(DURING)
    client = as_person(market.operator)
    assert client.get("/credit/policy/").status_code == 200
    told = {
        "valid_from": str(DURING.date() + timedelta(days=1)),
        "shrunk_by": 30,
        "newcomer_band": "C",
        "newcomer_units": 120,
    }
    for band in BANDS:
        for name in ("from_score", "deposit", "tolerance", "priority"):
            told[f"{band.name}-{name}"] = getattr(band, name)

    assert client.post("/credit/policy/", told).status_code == 302
    assert credit.policies()[0].bands == BANDS
    late = client.post("/credit/policy/", {**told, "valid_from": str(DURING.date())})
    assert late.status_code == 422
    assert CreditPolicy.objects.count() == 1
