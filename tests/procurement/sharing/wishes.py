"""Demand and supply of one product for the tests of sharing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from procurement.rules.sharing.quantities import Floor, Policy, Shares
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.sharing.splitting import Groups

PRO_RATA = Policy(Shortage.PRO_RATA)
UNIFORM = Policy(Shortage.UNIFORM)
PACK_FLOOR = Policy(Shortage.UNIFORM_FLOOR, Floor.PACK)
ENTITLEMENT_FLOOR = Policy(Shortage.UNIFORM_FLOOR, Floor.ENTITLEMENT, 30)
POLICIES = (PRO_RATA, UNIFORM, PACK_FLOOR, ENTITLEMENT_FLOOR)

Line = tuple[int, int, int, int, int]
lines = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(0, 30),
        st.integers(0, 60),
        st.integers(0, 3),
    ).map(lambda line: (line[0], min(line[1], line[0]), *line[2:])),
    max_size=9,
)
calmly = settings(deadline=None, max_examples=40)
policies = st.sampled_from(POLICIES)
stock = st.integers(0, 500)


def demand(wishes: Sequence[Line], *, product: int = 1) -> pd.DataFrame:
    """(quantity, less, more, entitlement, filed) for sellers 1, 2, …"""
    columns = ["quantity", "less", "more", "entitlement", "filed"]
    frame = pd.DataFrame(list(wishes), columns=columns, dtype="int64")
    frame.insert(0, "seller_id", np.arange(1, len(frame) + 1))
    frame.insert(0, "product_id", product)
    return frame


def wanting(*quantities: int) -> pd.DataFrame:
    return demand([(quantity, 0, 0, quantity, 0) for quantity in quantities])


def supply(units: int, *, pack: int = 1, product: int = 1) -> pd.DataFrame:
    return pd.DataFrame({"product_id": [product], "units": [units], "pack": [pack]})


def told(shares: Shares) -> tuple[list[int], int]:
    return shares.given["units"].tolist(), int(shares.platform["units"].sum())


def held(shares: Shares) -> dict[str, pd.DataFrame]:
    return {
        "before": shares.given,
        "platform_before": shares.platform[["product_id", "units"]],
    }


def one_group(count: int) -> Groups:
    return Groups.of_rows(np.zeros(count, dtype=np.int64), 1)
