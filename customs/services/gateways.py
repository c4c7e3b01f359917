"""Gateways are opened and changed by the admins of their company."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Company
from customs.gateways.folder import make_folders
from customs.models import Gateway, GatewayKind
from customs.rules import gateways as rules


@dataclass(frozen=True, slots=True)
class GatewayTold:
    """What a person says of a gateway; what stays secret stands in the settings only."""

    cop_code: str
    cop_name: str
    dxp_id: str
    sender_id: str
    receiver_ids: list[str]
    kind: str
    signer: str
    per_minute: int
    is_open: bool = True


def open_gateway(*, company: Company, code: str, told: GatewayTold, now: datetime) -> Gateway:
    """A new way out for a company; the folders of the e-port client are made.

    Raises GatewayCodeWrong, GatewayCodeTaken, ReceiversWrong or RateWrong; then nothing has been
    written.
    """
    checked = rules.checked_code(code)
    _check(told)
    try:
        with transaction.atomic():
            made: Gateway = Gateway.objects.create(
                code=checked, company=company, opened_at=now, **asdict(told)
            )
    except IntegrityError as error:
        if "code" in str(error):
            raise rules.GatewayCodeTaken(code=checked) from error
        raise
    if made.kind == GatewayKind.FOLDER:
        make_folders(made.code)
    return made


@transaction.atomic
def change_gateway(*, gateway: Gateway, told: GatewayTold) -> Gateway:
    """What is queued goes by it as it is now; a number keeps its bytes all the same.

    Raises ReceiversWrong or RateWrong; then nothing has been written.
    """
    _check(told)
    fresh: Gateway = Gateway.objects.select_for_update().get(pk=gateway.pk)
    for name, value in asdict(told).items():
        setattr(fresh, name, value)
    # Whoever sets it right wants to see at once whether it is.
    fresh.paused_until = None
    fresh.save(update_fields=[*asdict(told), "paused_until"])
    if fresh.kind == GatewayKind.FOLDER:
        make_folders(fresh.code)
    return fresh


def _check(told: GatewayTold) -> None:
    rules.check_receivers(told.receiver_ids)
    rules.check_rate(told.per_minute)
