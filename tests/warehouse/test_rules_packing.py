"""Whether the weights of parcels can be those of their goods."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from warehouse.rules import packing as rules
from warehouse.rules.packing import Goods, check_weights

TINS = (Goods(2, 900, 1100), Goods(1, 500, 600))  # net 2300 g, gross 2800 g


@pytest.mark.parametrize("weights", [[2070], [2300], [4080], [1000, 1070], [4000, 1080]])
def test_weights_that_can_be_true_are_taken(weights: list[int]) -> None:
    check_weights(weights, TINS)


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [
        ([2069], rules.ParcelsTooLight(weight_g=2069, lowest=2070)),
        ([4081], rules.ParcelsTooHeavy(weight_g=4081, highest=4080)),
        ([2500, 2581], rules.ParcelsTooHeavy(weight_g=5081, highest=5080)),
        ([], rules.ParcelsOutOfRange(parcels=0, limit=20)),
        ([200] * 21, rules.ParcelsOutOfRange(parcels=21, limit=20)),
        (
            [2500, 0],
            rules.ParcelWeightOutOfRange(field="weights", parcel=2, weight_g=0, highest=30_000),
        ),
        (
            [30_001],
            rules.ParcelWeightOutOfRange(
                field="weights", parcel=1, weight_g=30_001, highest=30_000
            ),
        ),
    ],
)
def test_weights_that_cannot_be_true_are_refused_in_words(
    weights: list[int], refusal: DomainError
) -> None:
    with pytest.raises(type(refusal)) as refused:
        check_weights(weights, TINS)

    assert refused.value.facts == refusal.facts
