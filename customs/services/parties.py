"""Who stands on a seller's messages: told by the seller, agreed to by who declares; and what a
house and a parcel need beside."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Company, CompanyKind, CompanyStatus, User
from core.queue import ring
from core.walls import platform_wide
from customs.models import (
    HouseAtCustoms,
    HouseMode,
    ItemRecord,
    MissingPaper,
    ParcelPapers,
    RetailParties,
)
from customs.queries.judging import mode_of
from customs.queries.platforms import default_of, platforms_of
from customs.queries.retelling import may_mend
from customs.queries.waybills import taken_elsewhere
from customs.rules import parties as rules
from customs.rules.modes import check_mode
from customs.rules.platforms import Platform, PlatformUnknown, checked, stored
from customs.rules.waybills import rests_until
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, RetailOrder
from warehouse.services import tell_paid

BELL = "customs.messages"


@dataclass(frozen=True, slots=True)
class PartiesTold:
    """What a seller says; ``agent`` is the importer's code here."""

    ebp_code: str
    ebp_name: str
    ebc_code: str
    ebc_name: str
    assure_code: str
    logistics_code: str
    logistics_name: str
    agent: str
    pay_code: str = ""
    pay_name: str = ""
    sends_payments: bool = False
    waybill_prefix: str = ""
    is_automatic: bool = True
    platforms: tuple[Platform, ...] = ()


@transaction.atomic
def tell_parties(*, seller: Company, told: PartiesTold, now: datetime) -> RetailParties:
    """Who stands on a seller's messages from now on; another agent has to agree first.

    Raises CustomsCodeWrong, AssureCodeWrong, PrefixWrong, PayerIncomplete, AgentUnknown or what
    ``rules.platforms.checked`` raises; then nothing has been written.
    """
    told = _checked(told)
    agent = Company.objects.filter(
        code=told.agent, kinds__contains=[CompanyKind.IMPORTER], status=CompanyStatus.ADMITTED
    ).first()
    if agent is None or agent.pk == seller.pk:
        raise rules.AgentUnknown(field="agent", code=told.agent[:32])
    held: RetailParties | None = (
        RetailParties.objects.select_for_update().filter(seller=seller).first()
    )
    made = held or RetailParties(seller=seller)
    if held is None or held.agent_id != agent.pk:
        made.agreed_at, made.agreed_by = None, None
    made.agent = agent
    made.platforms = stored(told.platforms)
    for name, value in asdict(told).items():
        if name not in ("agent", "platforms"):
            setattr(made, name, value)
    made.save()
    _look_again(seller, now)
    return made


def _checked(told: PartiesTold) -> PartiesTold:
    codes = {
        name: rules.company_code(getattr(told, name), field=name)
        for name in ("ebp_code", "ebc_code", "logistics_code")
    }
    if told.pay_code.strip():
        codes["pay_code"] = rules.company_code(told.pay_code, field="pay_code")
    if told.sends_payments and not (told.pay_code.strip() and told.pay_name.strip()):
        raise rules.PayerIncomplete(field="pay_code")
    return replace(
        told,
        ebp_code=codes["ebp_code"],
        ebc_code=codes["ebc_code"],
        logistics_code=codes["logistics_code"],
        pay_code=codes.get("pay_code", ""),
        assure_code=rules.assure_code(told.assure_code),
        waybill_prefix=rules.waybill_prefix(told.waybill_prefix),
        platforms=checked(told.platforms, Platform(codes["ebp_code"], told.ebp_name.strip())),
        agent=told.agent.strip(),
    )


@transaction.atomic
def agree(*, parties: RetailParties, by: User, now: datetime) -> RetailParties:
    """Declare for a seller from now on; safe to run twice.

    Raises AgentWithoutCode; then nothing has been written.
    """
    with platform_wide():
        held: RetailParties = (
            RetailParties.objects.select_for_update(of=("self",))
            .select_related("agent", "seller")
            .get(pk=parties.pk)
        )
        if not held.agent.customs_code:
            raise rules.AgentWithoutCode(code=held.agent.code)
        if held.agent_id == parties.agent_id and held.agreed_at is None:
            held.agreed_at, held.agreed_by = now, by
            held.save(update_fields=["agreed_at", "agreed_by"])
            ring(BELL)
    return held


def _look_again(seller: Company, now: datetime) -> None:
    """What was missing may be there now."""
    MissingPaper.objects.filter(seller=seller).update(again_at=now)
    ring(BELL)


@transaction.atomic
def tell_house(
    *,
    house: BondedWarehouse,
    port_code: str,
    traf_mode: str,
    site_code: str,
    now: datetime,
    mode: str = "",
    item_record: str = "",
    told_by: User | None = None,
) -> HouseAtCustoms:
    """What customs asks of a warehouse on each parcel, and with ``mode`` in which mode goods enter
    it and leave it from today on, told by a person; without it that stays, and so does
    ``item_record``.

    Raises PortCodeWrong, TrafficModeWrong, SiteCodeWrong, ItemRecordUnknown, ModeUnknown or
    ModeNotHere; then nothing has been written.
    """
    values = {
        "port_code": rules.port_code(port_code),
        "traf_mode": rules.traffic_mode(traf_mode),
        "site_code": rules.site_code(site_code),
    }
    if item_record:
        if item_record not in ItemRecord.values:
            raise rules.ItemRecordUnknown(value=item_record, field="item_record")
        values["item_record"] = item_record
    made: HouseAtCustoms
    made, _new = HouseAtCustoms.objects.update_or_create(
        warehouse=house, defaults={**values, "keeper_id": house.operator_id}
    )
    if mode:
        if told_by is None:
            raise TypeError("a mode is told by a person")
        _tell_mode(house, mode, told_by, now)
    ring(BELL)
    return made


def _tell_mode(house: BondedWarehouse, mode: str, told_by: User, now: datetime) -> None:
    told = check_mode(mode, house.customs_district, settings.BONDPOOL_1239_DISTRICTS)
    day = day_of(now)
    if told != mode_of(house.pk, day):
        HouseMode.objects.create(
            warehouse=house,
            keeper_id=house.operator_id,
            mode=told,
            valid_from=day,
            told_at=now,
            told_by=told_by,
        )


@transaction.atomic
def tell_papers(
    *,
    order: RetailOrder,
    payment: str,
    waybill: str,
    now: datetime,
    paid_minor: int | None = None,
    collected_tax_minor: int | None = None,
    platform: str | None = None,
) -> ParcelPapers:
    """The payment's serial number and the waybill of an order, before it is told to customs, and
    what was paid in all, the tax the shop took of it (both CNY fen) and the customs code of its
    platform where they are told (empty: that of its channel); and afterwards those that stand in
    what came back.

    Raises SerialWrong, PriceOutOfRange, PlatformUnknown, WaybillTaken or ParcelToldAlready; then
    nothing has been written.
    """
    by = RetailParties.objects.filter(seller=order.seller_id).first()
    if platform is not None:
        platform = known_platform(platform, by)
    payment = rules.serial(payment, field="payment")
    waybill = rules.serial(waybill, field="waybill")
    locked = RetailOrder.objects.select_for_update().filter(pk=order.pk)
    paid, tax = locked.values_list("paid_minor", "collected_tax_minor").get()
    with platform_wide():
        mended = may_mend([order.pk]).get(order.pk)
    told = ParcelPapers.objects.filter(order=order.pk).first()
    given = {"payment": payment, "waybill": waybill}
    if platform is not None:
        given["platform"] = platform
    if mended is not None:
        changed = {name for name, value in given.items() if value != getattr(told, name, "")}
        if paid_minor not in (None, paid) or collected_tax_minor not in (None, tax):
            # It stands where the payment's number stands.
            changed.add("payment")
        if changed - mended:
            raise rules.ParcelToldAlready(order=order.number)
    tell_paid(
        {} if paid_minor is None else {order.pk: paid_minor},
        collected_tax={} if collected_tax_minor is None else {order.pk: collected_tax_minor},
    )
    facts: dict[str, object] = {}
    if waybill != (told.waybill if told else ""):
        facts = given_now(by.logistics_code if by else "", waybill, now)
    try:
        with transaction.atomic():
            made: ParcelPapers
            made, _new = ParcelPapers.objects.update_or_create(
                order=order,
                defaults={
                    "seller_id": order.seller_id,
                    **given,
                    **facts,
                    "told_at": now,
                },
            )
    except IntegrityError as error:
        if "a_waybill_is_one_parcels" in str(error):
            raise rules.WaybillTaken(waybill=waybill) from error
        raise
    if facts and taken_elsewhere({order.pk: (made.logistics_code, waybill)}, now):
        raise rules.WaybillTaken(waybill=waybill)
    MissingPaper.objects.filter(retail_list__order=order.pk).update(again_at=now)
    ring(BELL)
    return made


def given_now(carrier: str, waybill: str, now: datetime) -> dict[str, object]:
    """What stands in a parcel's papers of a waybill that it gets now; of an empty one nothing."""
    return {
        "logistics_code": carrier if waybill else "",
        "waybill": waybill,
        "waybill_at": now if waybill else None,
        "waybill_until": rests_until(now) if waybill else None,
    }


def known_platform(code: str, by: RetailParties | None) -> str:
    """One of the seller's, by its customs code; empty stays empty. Raises PlatformUnknown."""
    code = code.strip().upper()
    known = {one.code for one in (default_of(by), *platforms_of(by))} if by else set()
    if code and code not in known:
        raise PlatformUnknown(field="platform", value=code[:32])
    return code
