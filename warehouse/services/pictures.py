"""Pictures are taken in at the gate, and wrong ones withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.taking import take_turns
from procurement.models import Shipment, ShipmentLine
from warehouse.models import GatePicture, GatePictureWithdrawal
from warehouse.queries.pictures import AT_GATE, kept_of
from warehouse.rules import pictures as rules


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: what it is called, and what is in it."""

    name: str
    content: bytes


def keep_pictures(
    *,
    shipment: Shipment,
    keeper: Company,
    line: ShipmentLine | None = None,
    sent: Sequence[Sent],
    caption: str = "",
    taken_by: User,
    now: datetime,
) -> list[GatePicture]:
    """Keep pictures of a shipment, or of one line of it; before it is counted or after.

    Gives back those that are new: the same picture stands once of a line.

    Raises ShipmentNotAtGate, NoPictures, TooManyAtOnce, CaptionTooLong, TooManyPictures,
    PicturesFull, or of a file PictureEmpty, PictureTooLarge, PictureOfAnotherKind,
    PictureOfTooManyPixels, PictureBroken, PictureMoves or PictureWithMore, with its name; then
    nothing has been written.
    """
    if shipment.bound_for_id != keeper.pk or shipment.state not in AT_GATE:
        raise rules.ShipmentNotAtGate(shipment=shipment.number)
    if line is not None and line.shipment_id != shipment.pk:
        raise ValueError("a line of another shipment")
    rules.check_count(len(sent))
    told = rules.tidy_caption(caption)
    # Before the transaction: to unpack a picture takes a while.
    read = [rules.read(one.name, one.content) for one in sent]
    return _keep(shipment, keeper, line, read, told, taken_by, now)


@transaction.atomic
def _keep(
    shipment: Shipment,
    keeper: Company,
    line: ShipmentLine | None,
    read: Sequence[rules.Picture],
    caption: str,
    taken_by: User,
    now: datetime,
) -> list[GatePicture]:
    # Two telephones at one gate: who comes second counts the pictures of the first.
    take_turns("gate-pictures", str(shipment.pk))
    line_id = line.pk if line is not None else None
    new = rules.choose_new(read, kept_of(shipment), line_id)
    return GatePicture.objects.bulk_create(
        GatePicture(
            shipment=shipment,
            line=line,
            keeper=keeper,
            buyer_id=shipment.order.buyer_id,
            caption=caption,
            content=one.content,
            thumbnail=one.thumbnail,
            width=one.width,
            height=one.height,
            size=len(one.content),
            sha256=one.sha256,
            again=again,
            taken_at=now,
            taken_by=taken_by,
        )
        for one, again in new
    )


@transaction.atomic
def withdraw_picture(
    *, picture: GatePicture, reason: str, withdrawn_by: User, now: datetime
) -> GatePictureWithdrawal:
    """A wrong picture is shown to nobody but its keeper any more; it stays what was kept.

    Raises WithdrawalWithoutReason or PictureAlreadyWithdrawn; then nothing has been written.
    """
    told = rules.tidy_reason(reason)
    take_turns("gate-pictures", str(picture.shipment_id))
    if GatePictureWithdrawal.objects.filter(picture=picture).exists():
        raise rules.PictureAlreadyWithdrawn()
    made: GatePictureWithdrawal = GatePictureWithdrawal.objects.create(
        picture=picture,
        keeper_id=picture.keeper_id,
        reason=told,
        withdrawn_at=now,
        withdrawn_by=withdrawn_by,
    )
    return made
