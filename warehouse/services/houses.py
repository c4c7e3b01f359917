"""Bonded warehouses, as an operator of the platform enters them for their keepers."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from accounts.models import Company
from accounts.rules.admitting import tidy_line
from accounts.rules.identity import tidy
from accounts.rules.seen import check_unchanged
from core.taking import take_turns
from warehouse.models import BondedWarehouse, Location, Zone
from warehouse.rules.houses import (
    FIELDS,
    HouseCodeTaken,
    check_house,
    check_prefix,
    check_tolerance,
)


@transaction.atomic
def enter_house(*, keeper: Company, said: Mapping[str, str]) -> BondedWarehouse:
    """A warehouse of a keeper; goods can be bound for it from now on.

    Raises NoWarehouseOperator, HouseCodeTaken, Gs1PrefixTaken, Gs1PrefixNested, or what is wrong
    with a field; then nothing has been written.
    """
    told = _tidied(said)
    check_house(told, kinds=keeper.kinds)
    take_turns("bonded-warehouse", told["code"])
    if BondedWarehouse.objects.filter(code=told["code"]).exists():
        raise HouseCodeTaken(field="code", given=told["code"])
    _check_prefix(told["gs1_prefix"], keeper)
    house: BondedWarehouse = BondedWarehouse.objects.create(operator=keeper, **told)
    return house


@transaction.atomic
def change_house(
    *, house: BondedWarehouse, said: Mapping[str, str], seen: str = ""
) -> BondedWarehouse:
    """Names and numbers with customs; the code stays, papers name it.

    Raises ChangedMeanwhile for a page that showed something else, Gs1PrefixTaken, Gs1PrefixNested,
    or what is wrong with a field; then nothing has been written.
    """
    held = BondedWarehouse.objects.select_for_update(of=("self",)).get(pk=house.pk)
    check_unchanged(seen, **{name: getattr(held, name) for name in FIELDS})
    told = _tidied({**said, "code": held.code})
    check_house(told, kinds=held.operator.kinds)
    _check_prefix(told["gs1_prefix"], held.operator, held)
    for name in FIELDS:
        setattr(held, name, told[name])
    held.save(update_fields=FIELDS)
    return held


@transaction.atomic
def change_gate(
    *, house: BondedWarehouse, counts_blind: bool, over_percent: int, seen: str = ""
) -> BondedWarehouse:
    """How the house counts, and how much more than was announced it may take.

    Raises ChangedMeanwhile for a page that showed something else, or WrongTolerance; then nothing
    has been written.
    """
    held = BondedWarehouse.objects.select_for_update(of=("self",)).get(pk=house.pk)
    check_unchanged(seen, counts_blind=held.counts_blind, over_percent=held.over_percent)
    check_tolerance(over_percent)
    held.counts_blind, held.over_percent = counts_blind, over_percent
    held.save(update_fields=["counts_blind", "over_percent"])
    return held


def gate_of(house: BondedWarehouse) -> Location:
    """Where goods lie once they are counted, until somebody puts them away."""
    gate: Location = Location.objects.get_or_create(
        warehouse=house, code="GATE", defaults={"zone": Zone.GATE}
    )[0]
    return gate


def _check_prefix(prefix: str, keeper: Company, house: BondedWarehouse | None = None) -> None:
    """Raises Gs1PrefixTaken or Gs1PrefixNested. The platform's own is the house's also without
    being entered."""
    if not prefix:
        return
    take_turns("gs1-prefix", "houses")
    standing = BondedWarehouse.objects.exclude(gs1_prefix="")
    if house is not None:
        standing = standing.exclude(pk=house.pk)
    others = standing.exclude(operator=keeper).values_list("gs1_prefix", flat=True)
    own = standing.filter(operator=keeper).values_list("gs1_prefix", flat=True)
    check_prefix(prefix, others={*others, settings.BONDPOOL_GS1_PREFIX}, own=set(own))


def _tidied(said: Mapping[str, str]) -> dict[str, str]:
    plain = {name: tidy_line(said.get(name, "")) for name in FIELDS}
    plain["code"] = plain["code"].upper()
    return plain | {
        name: tidy(plain[name])
        for name in ("customs_district", "entry_port", "ledger_number", "gs1_prefix")
    }
