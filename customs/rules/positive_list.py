"""Remarks of the positive list: which of them a person answers, and which the mode of entry.

Source: the remarks of the list of 2022, which are of four kinds. A limit by weight is counted with
the buyer's year (``retail_tax``). "Excluded" and "named goods only" say in words which goods of a
code they mean: a person judges per product, with a reason, by the remark as it stands. "Bonded
only" shuts out what is sent to the buyer from abroad (9610). Whether mode 1239, bonded as well,
counts for it could not be confirmed: ``BONDPOOL_BONDED_ONLY_MODES`` says which do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import DomainError, InputError
from customs.rules.retail_tax import RetailRefusal

#: Kinds of remark that no figure answers.
JUDGED = ("excluded", "named_only")
BONDED_ONLY = "bonded_only"
LONGEST = 400


class SomeGoodsExcluded(InputError):
    """The positive list leaves some goods of this code out: a person confirms beside the product,
    with a reason, that it is none of them."""

    code = "customs.some_goods_excluded"


class NamedGoodsOnly(InputError):
    """The positive list takes only the goods that it names of this code: a person confirms beside
    the product, with a reason, that it is one of them."""

    code = "customs.named_goods_only"


class LeftOutOfList(InputError):
    """By a person's judgement the positive list leaves these goods out: they are not imported as
    cross-border retail."""

    code = "customs.left_out_of_list"


class FromBondOnly(InputError):
    """The positive list takes these goods only where they were in bond: in another mode they are
    not imported."""

    code = "customs.from_bond_only"


class JudgementNotAsked(InputError):
    """The positive list says nothing of this product's code that a person would judge."""

    code = "customs.judgement_not_asked"


class JudgementWithoutReason(InputError):
    """A judgement of a remark has its reason, of up to 400 characters."""

    code = "customs.judgement_without_reason"


class JudgementStands(DomainError):
    """This is judged so already, and the remark has not changed since."""

    code = "customs.judgement_stands"


class NoJudgement(DomainError):
    """Nothing is judged of this product's remark that could be taken back."""

    code = "customs.no_judgement"


class GoodsLeftOut(RetailRefusal):
    """Goods that the positive list leaves out by its remark cannot be imported as cross-border
    retail."""

    code = "customs.goods_left_out"


class GoodsFromBondOnly(RetailRefusal):
    """Goods that the positive list takes only from bond cannot leave in another mode."""

    code = "customs.goods_from_bond_only"


REFUSALS: dict[str, type[RetailRefusal]] = {
    refusal.code: refusal for refusal in (GoodsLeftOut, GoodsFromBondOnly)
}


class Verdict(StrEnum):
    """What a person says of a remark: the goods may come in, they may not, or nothing any more."""

    FITS = "fits"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Remark:
    """What the positive list says of a code: the kinds that a person judges, and its own text."""

    kinds: tuple[str, ...]
    text: str = ""

    @classmethod
    def of(cls, kinds: Iterable[str], text: str) -> Remark:
        found = set(kinds)
        return cls(tuple(kind for kind in JUDGED if kind in found), text)


NO_REMARK = Remark(())


@dataclass(frozen=True, slots=True)
class Judged:
    """The newest judgement of a product: of which code and remark, and what it says."""

    hs_code: str
    remark: Remark
    verdict: str
    reason: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A product within a goods line."""

    sku: str
    judged: Judged | None = None


def standing(judged: Judged | None, hs_code: str, remark: Remark) -> Verdict | None:
    """What holds of goods under a code and its remark today; None where a person must look: nobody
    judged, it was taken back, or the code or the remark is another one by now."""
    if judged is None or judged.verdict == Verdict.WITHDRAWN:
        return None
    if (judged.hs_code, judged.remark) != (hs_code, remark):
        return None
    return Verdict(judged.verdict)


def must_be_judged(judged: Judged | None, hs_code: str, remark: Remark) -> bool:
    return bool(remark.kinds) and standing(judged, hs_code, remark) is None


_OF_KIND = {"excluded": SomeGoodsExcluded, "named_only": NamedGoodsOnly}


def against(articles: Sequence[Article], hs_code: str, remark: Remark) -> Iterator[InputError]:
    """What the remark of a code has against products under it."""
    for one in articles:
        if not remark.kinds:
            return
        verdict = standing(one.judged, hs_code, remark)
        told = {"product": one.sku, "value": hs_code, "remark": remark.text}
        if verdict == Verdict.LEFT_OUT:
            yield LeftOutOfList(**told)
        elif verdict is None:
            for kind in remark.kinds:
                yield _OF_KIND[kind](**told)


def is_shut(remarks: Collection[str], mode: str, bonded_modes: Collection[str]) -> bool:
    """Goods that may come in from bond only, in a mode that does not count for it."""
    return BONDED_ONLY in remarks and mode not in bonded_modes


def judge(
    before: Judged | None, hs_code: str, remark: Remark, verdict: Verdict, reason: str
) -> str:
    """The reason, tidied, of a judgement that may be kept.

    Raises JudgementNotAsked, JudgementWithoutReason, JudgementStands or NoJudgement.
    """
    stands = standing(before, hs_code, remark)
    if verdict == Verdict.WITHDRAWN:
        if before is None or before.verdict == Verdict.WITHDRAWN:
            raise NoJudgement(product=hs_code)
    elif not remark.kinds:
        raise JudgementNotAsked(value=hs_code)
    elif stands == verdict:
        raise JudgementStands(value=hs_code)
    told = " ".join(reason.split())
    if not 0 < len(told) <= LONGEST:
        raise JudgementWithoutReason(field="reason")
    return told
