"""Remarks of the positive list that no figure answers: a person looks whether they fit the goods.

Source: the remarks of the list of 2022, which are of four kinds. A limit by weight is counted with
the buyer's year, and goods that may be sold from bond alone are: all of them go into bond here. The
other two say in words which goods of a code they mean, and are shown beside the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.errors import InputError
from customs.rules.declared import Finding, Goods, Law


class SomeGoodsExcluded(InputError):
    """The positive list leaves some goods of this code out: look that what is declared is none of
    them."""

    code = "customs.some_goods_excluded"


class NamedGoodsOnly(InputError):
    """The positive list takes only the goods that it names of this code: look that what is declared
    is one of them."""

    code = "customs.named_goods_only"


_OF_REMARK = {"excluded": SomeGoodsExcluded, "named_only": NamedGoodsOnly}


def cautions(goods: Iterable[Goods], laws: Mapping[str, Law]) -> list[Finding]:
    """What a person looks at before the form is ordered, line by line, with the list's own text."""
    return [
        Finding(_OF_REMARK[kind](value=one.hs_code, remark=law.remark), one.position, "hs_code")
        for one in goods
        if (law := laws.get(one.hs_code)) is not None
        for kind in law.remarks
        if kind in _OF_REMARK
    ]
