"""Many batches approved at once, each at the price that the person saw in the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from core.walls import platform_wide
from jobs.models import Job, JobOutcome
from jobs.services import work
from settlement import services
from settlement.models import SellerCharge, SettlementBatch
from tests.factories import settlement as make
from tests.factories.accounts import confirm
from tests.factories.catalog import TradingPartnerFactory

from .conftest import World, build_world

LATER = make.NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    clock = tmp_path / "clock"
    clock.write_text(datetime.isoformat(make.NOON))
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
    return clock


@pytest.fixture
def house(db: None) -> World:
    with platform_wide():
        world = build_world("EUR")
        for number, supplier in (("A", world.supplier), ("B", TradingPartnerFactory.create())):
            make.book(supplier, world.importer, {world.first.pk: 100_000}, number=number)
        first, last = make.Q3
        for batch in services.open_batches(
            debtor=world.importer,
            period_start=first,
            period_end=last,
            created_by=world.maker,
            now=make.NOON,
        ):
            services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)
    return world


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en", "accept": "text/html"})
        client.force_login(user)
        return confirm(client)

    return sign_in


def _fields(page: str, name: str) -> list[str]:
    return re.findall(f'name="{name}" value="([^"]*)"', page)


def _price_again(number: str, world: World) -> None:
    with platform_wide():
        batch = SettlementBatch.objects.get(number=number)
        services.price_batch(batch=batch, priced_by=world.maker, now=LATER)


def _worked(clock: Path) -> dict[str, str]:
    """The refusals by batch, after a worker did it."""
    at = LATER + timedelta(minutes=5)
    clock.write_text(datetime.isoformat(at))
    with platform_wide():
        work(now=lambda: at)
        return dict(JobOutcome.objects.values_list("name", "code"))


def _states() -> list[str]:
    with platform_wide():
        return list(SettlementBatch.objects.order_by("number").values_list("state", flat=True))


@pytest.mark.parametrize("chooses", ["each", "all"])
def test_a_batch_priced_anew_between_the_look_and_the_click_is_refused(
    house: World, as_user: Callable[[User], Client], noon: Path, chooses: str
) -> None:
    checker = as_user(house.checker)
    listed = checker.get("/settlement/batches/").content.decode()
    seen = _fields(listed, "seen")
    assert len(seen) == 2
    _price_again("SB-2026-000001", house)

    chosen = {"row": _fields(listed, "row")} if chooses == "each" else {"all": "yes"}
    asked = {"action": "approve", "seen": seen, **chosen}
    noon.write_text(datetime.isoformat(LATER + timedelta(minutes=1)))
    sure = checker.post("/lists/batches/act/", asked).content.decode()
    assert "EUR 1,000.00 = CNY " in sure, "the amounts are there to be looked at"
    told = {name: _fields(sure, name) for name in ("row", "seen")}
    sent = checker.post("/lists/batches/act/", {"action": "approve", "sure": "yes", **told})

    assert sent.status_code == 302
    assert _worked(noon) == {"SB-2026-000001": "settlement.priced_anew", "SB-2026-000002": ""}
    assert _states() == ["priced", "approved"]


def test_who_looks_again_and_then_approves_has_seen_the_new_price(
    house: World, as_user: Callable[[User], Client], noon: Path
) -> None:
    checker = as_user(house.checker)
    _price_again("SB-2026-000001", house)
    listed = checker.get("/settlement/batches/").content.decode()

    told = {"action": "approve", "sure": "yes", "row": _fields(listed, "row")}
    checker.post("/lists/batches/act/", {**told, "seen": _fields(listed, "seen")})

    assert _worked(noon) == {"SB-2026-000001": "", "SB-2026-000002": ""}
    assert _states() == ["approved", "approved"]


@pytest.mark.parametrize("seen", [[], ["x y", "1"], ["1 2026-10-30"], ["9 yesterday"]])
def test_without_what_was_seen_nothing_is_asked_of_a_worker(
    house: World, as_user: Callable[[User], Client], seen: list[str]
) -> None:
    checker = as_user(house.checker)
    with platform_wide():
        rows = list(SettlementBatch.objects.values_list("pk", flat=True))
        charges = SellerCharge.objects.count()

    told = {"action": "approve", "sure": "yes", "row": rows, "seen": seen}
    answer = checker.post("/lists/batches/act/", told)

    assert answer.status_code == 422
    assert "what you saw of it" in answer.content.decode()
    with platform_wide():
        assert not Job.objects.exists()
        assert SellerCharge.objects.count() == charges
    assert _states() == ["priced", "priced"]
