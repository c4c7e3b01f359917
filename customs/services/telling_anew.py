"""What customs refused, or what could not be sent, is told once more after it was mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core.copying import among_keys
from core.errors import DomainError
from core.queue import ring
from core.walls import platform_wide
from customs.models import (
    MessageKind,
    OutgoingElement,
    OutgoingMessage,
    RetailList,
    RetailParties,
)
from customs.queries.retelling import AFTER, BEFORE, agains_of, back_of, told_otherwise
from customs.rules import parties as rules
from customs.services.following_up import follow_anew
from customs.services.holding import hold_orders
from customs.services.telling_parcels import TellingDone, tell_lists
from warehouse.models import RetailOrderState

#: Of the seller's lists at once.
MOST_LISTS = 1_000


@dataclass(frozen=True, slots=True)
class ToldAnew:
    """Of how many lists something was queued as in :class:`TellingDone`, and of which nothing was,
    with the rule that refused it."""

    done: TellingDone
    refused: tuple[tuple[str, DomainError], ...] = ()


def tell_anew(*, listed: RetailList, now: datetime) -> TellingDone:
    """The same of one list; see :func:`tell_all_anew`. Raises NothingRefused, WaybillTaken,
    MessageIncomplete or AgainstSchema; then nothing has been written."""
    return tell_all_anew(lists=[listed], now=now).done


@transaction.atomic
def tell_all_anew(*, lists: Sequence[RetailList], now: datetime) -> ToldAnew:
    """Queue anew what came back or was not sent of these lists; what is refused of one holds none
    of the others back.

    Of a list that is neither released nor void: of its order, payment and waybill first, with
    those that name a number which was told otherwise since; else the list itself, which follows by
    itself where something went before it. Of a void list its withdrawal; of a released one its
    returns and the arrival of its parcel. Each is a further turn with an identifier of its own, as
    a new document or, where customs has one, as a change of it. What is missing for a list is
    written down, and then nothing of it is queued.

    Raises TooManyAnew, and the first refusal where all were refused; then nothing has been
    written.
    """
    if len(lists) > MOST_LISTS:
        raise rules.TooManyAnew(lists=len(lists), most=MOST_LISTS)
    with platform_wide():
        # Of two who press at once the second finds what the first queued.
        hold_orders(one.order_id for one in lists)
        fresh = list(
            RetailList.objects.filter(among_keys("id", [one.pk for one in lists], "bigint"))
            .select_related("order", "void", "release")
            .order_by("pk")
        )
        told, refused = _told_of(fresh)
        groups: dict[tuple[str, ...], list[RetailList]] = defaultdict(list)
        for one in fresh:
            if one.pk in told:
                groups[tuple(sorted({it.kind for it in told[one.pk]}))].append(one)
        done = TellingDone()
        for kinds, some in sorted(groups.items()):
            part, nots = _each(some, kinds, told, now)
            done += part
            refused |= nots
        if refused and len(refused) == len(fresh):
            raise refused[fresh[0].pk]
        ring("customs.messages")
    return ToldAnew(
        done, tuple((one.number, refused[one.pk]) for one in fresh if one.pk in refused)
    )


def _each(
    lists: Sequence[RetailList],
    kinds: Sequence[str],
    told: Mapping[int, Sequence[OutgoingElement]],
    now: datetime,
) -> tuple[TellingDone, dict[int, DomainError]]:
    """All together; where that is refused, one by one, with what each is refused for."""
    elements = [it for one in lists for it in told[one.pk]]
    try:
        with transaction.atomic():
            return _tell(lists, kinds, elements, now), {}
    except DomainError as refusal:
        if len(lists) == 1:
            return TellingDone(), {lists[0].pk: refusal}
    except IntegrityError as error:
        slower = _as_refusal(error, lists[0])
        if len(lists) == 1:
            return TellingDone(), {lists[0].pk: slower}
    done = TellingDone()
    refused: dict[int, DomainError] = {}
    for one in lists:
        part, nots = _each([one], kinds, told, now)
        done += part
        refused |= nots
    return done, refused


def _as_refusal(error: IntegrityError, listed: RetailList) -> DomainError:
    """What the database says of one who was slower, in words; anything else is raised."""
    said = str(error)
    # It went at this moment, from somewhere that did not wait for us.
    if "again_id" in said or "a_list_is_first_told_once" in said:
        return rules.NothingRefused(list=listed.number)
    if "a_waybill_is_one_parcels" in said:
        return rules.WaybillTaken(list=listed.number)
    raise error


def _told_of(
    lists: Sequence[RetailList],
) -> tuple[dict[int, list[OutgoingElement]], dict[int, DomainError]]:
    """By list what of it is told once more now, and by list why nothing is."""
    back = _still_back([one.pk for one in lists])
    open_ones = [one for one in lists if _is_open(one)]
    otherwise = told_otherwise(open_ones)
    agreed = set(
        RetailParties.objects.filter(
            seller__in={one.seller_id for one in lists}, agreed_at__isnull=False
        ).values_list("seller", flat=True)
    )
    told: dict[int, list[OutgoingElement]] = {}
    refused: dict[int, DomainError] = {}
    for one in lists:
        found = _of_one(one, back.get(one.pk, []), otherwise.get(one.pk, []))
        if not found or one.seller_id not in agreed:
            refused[one.pk] = rules.NothingRefused(list=one.number)
        else:
            told[one.pk] = found
    return told, refused


def _of_one(
    listed: RetailList, back: Sequence[OutgoingElement], otherwise: Sequence[OutgoingElement]
) -> list[OutgoingElement]:
    if not _is_open(listed):
        is_withdrawn = hasattr(listed, "void") and not hasattr(listed, "release")
        kinds = (MessageKind.WITHDRAWAL,) if is_withdrawn else AFTER[1:]
        return [one for one in back if one.kind in kinds]
    mine = [one for one in back if one.kind not in AFTER]
    if not mine:
        return []
    first = {one.pk: one for one in mine if one.kind in BEFORE}
    first |= {one.pk: one for one in otherwise}
    return list(first.values()) or mine


def _is_open(listed: RetailList) -> bool:
    return (
        listed.order.state == RetailOrderState.LISTED
        and not hasattr(listed, "void")
        and not hasattr(listed, "release")
    )


def _still_back(lists: Sequence[int]) -> dict[int, list[OutgoingElement]]:
    """Whoever lets a message be tried again at this moment waits, or was faster."""
    messages = {it.message_id for them in back_of(lists).values() for it in them}
    held = OutgoingMessage.objects.filter(pk__in=messages).order_by("pk")
    list(held.select_for_update().values_list("pk"))
    return back_of(lists)


def _tell(
    lists: Sequence[RetailList],
    kinds: Sequence[str],
    elements: Iterable[OutgoingElement],
    now: datetime,
) -> TellingDone:
    rows = list(elements)
    agains = agains_of(rows)
    if any(kind in AFTER for kind in kinds):
        return follow_anew(lists, rows, agains, now=now)
    again = {(one.retail_list_id or 0, one.kind): agains[one.pk] for one in rows}
    order = [*BEFORE, MessageKind.RETAIL_LIST]
    return tell_lists(
        lists, sorted(kinds, key=lambda kind: order.index(MessageKind(kind))), now=now, again=again
    )
