"""What a seller calls the products of the shared catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DomainError
from core.walls import platform_wide
from procurement import services
from procurement.models import Forecast, SellerSku
from procurement.queries import forecasts, naming
from procurement.rules.forecasting import ForecastRefused, Wish
from procurement.rules.naming import (
    Named,
    OwnSkuIsAnothers,
    OwnSkuNotKnown,
    OwnSkuTaken,
    proposals,
)
from tests.factories.procurement import DURING
from tests.procurement.conftest import AsPerson, Market, build_market


@pytest.fixture
def market(db: None, at: object) -> Market:
    """The walls are down only while it is built."""
    with platform_wide():
        return build_market()


def test_likely_names_come_best_first_and_unlikely_ones_not_at_all() -> None:
    products = [
        Named(1, ("COFFEE-1", "咖啡豆", "Coffee beans")),
        Named(2, ("MILK-900", "婴儿奶粉 900 克", "Infant milk powder 900 g")),
        Named(3, ("MILK-400", "婴儿奶粉 400 克", "Infant milk powder 400 g")),
    ]

    found = proposals("infant  MILK powder 900g", products)

    assert [one.product_id for one in found] == [2, 3]
    assert found[0].likeness > found[1].likeness > 80
    assert proposals("  ", products) == []


def test_a_gtin_and_a_suppliers_code_map_by_themselves(market: Market) -> None:
    with platform_wide():
        market.soap.offers.update(supplier_code="S-77")
        told: dict[str, Any] = {"seller": market.anna, "by": market.anna_person, "now": DURING}

        of_gtin = services.map_own_sku(own_sku=market.milk.gtin, **told)
        of_code = services.map_own_sku(own_sku=" S-77 ", **told)

        assert (of_gtin.product, of_gtin.how, of_gtin.confirmed_by) == (market.milk, "gtin", None)
        assert (of_code.product, of_code.how) == (market.soap, "supplier_code")
        assert naming.meant(market.bela, ["S-77", "X"]) == {"S-77": "SOAP"}


@pytest.mark.parametrize(
    ("name", "sku", "refusal"),
    [
        ("A-17", None, OwnSkuNotKnown),
        ("SOAP", "MILK", OwnSkuIsAnothers),
        ("TAKEN", "MILK", OwnSkuTaken),
    ],
)
def test_a_name_that_is_no_ones_or_anothers_is_refused(
    market: Market, name: str, sku: str | None, refusal: type[DomainError]
) -> None:
    with platform_wide():
        told: dict[str, Any] = {"seller": market.anna, "by": market.anna_person, "now": DURING}
        services.map_own_sku(own_sku="TAKEN", product=market.soap, **told)

        with pytest.raises(refusal):
            services.map_own_sku(
                own_sku=name, product=market.milk if sku == "MILK" else None, **told
            )

        assert SellerSku.objects.count() == 1


def test_a_likely_match_is_only_proposed_and_a_person_confirms_it(
    market: Market, as_person: AsPerson
) -> None:
    with platform_wide():
        type(market.milk).objects.filter(pk=market.milk.pk).update(name_en="Infant milk powder")
    client = as_person(market.anna_person)

    asked = client.post("/own-skus/", {"own_sku": "A-17", "likely": "infant milk powdr"})
    assert asked.status_code == 422
    assert 'name="confirmed" value="MILK"' in asked.content.decode()
    with platform_wide():
        assert not SellerSku.objects.exists()

    client.post("/own-skus/", {"own_sku": "A-17", "confirmed": "MILK"})

    page = client.get("/own-skus/").content.decode()
    assert "A-17 now means MILK." in page
    with platform_wide():
        kept = SellerSku.objects.get()
        assert (kept.how, kept.confirmed_by, kept.confirmed_at) == (
            "confirmed",
            market.anna_person,
            DURING,
        )
    assert as_person(market.bela_person).post(f"/own-skus/{kept.pk}/remove/").status_code == 404
    client.post(f"/own-skus/{kept.pk}/remove/")
    with platform_wide():
        assert not SellerSku.objects.exists()


def test_files_and_programs_name_products_by_them_and_unknown_ones_are_faults_of_the_cell(
    market: Market, as_person: AsPerson
) -> None:
    with platform_wide():
        services.map_own_sku(
            seller=market.anna,
            own_sku="A-17",
            product=market.milk,
            by=market.anna_person,
            now=DURING,
        )
    client = as_person(market.anna_person)
    rows = f"A-17\t12\n{market.soap.gtin}\t5\nZ-1\t1\n"

    there = client.post("/forecasts/2026-Q3/upload/", {"pasted": rows})["Location"]
    assert '<mark class="number">Z-1</mark>' in client.get(there).content.decode()
    client.post(f"{there}file/", {"partial": "yes"})

    with platform_wide():
        wanted = {market.milk.pk: (12, 0, 0), market.soap.pk: (5, 0, 0)}
        assert forecasts.wanted(Forecast.objects.get()) == wanted
        told: dict[str, Any] = {"round": market.round, "now": DURING}
        told["filed_by"] = market.bela_person
        wishes = [Wish(1, "2026-Q3", "A-17", "3", "BELA")]
        with pytest.raises(ForecastRefused):
            services.file_wishes(seller=market.bela, wishes=wishes, **told)
        wishes = [Wish(1, "2026-Q3", "A-17", "3", "ANNA")]
        filed = services.file_wishes(seller=market.anna, wishes=wishes, **told)
        assert forecasts.wanted(filed) == {market.milk.pk: (3, 0, 0)}
