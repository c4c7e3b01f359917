"""What went to the authority, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Company, Role, User
from core.walls import platform_wide
from customs.models import (
    Declaration,
    Gateway,
    MessageKind,
    MessageRetry,
    MessageState,
    MissingPaper,
    OutgoingMessage,
    ParcelPapers,
    Receipt,
    RetailList,
)
from customs.services import propose_reference
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.factories.customs import CustomsCodeFactory, ExchangeRateFactory
from tests.factories.messages import (
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
    RetailPartiesFactory,
    at_customs,
)
from tests.walls.world_of_receipts import answered
from tests.walls.world_of_zone import EXPORTED, exported, passed

__all__ = ["EXPORTED"]

#: The message that could not be sent; a form of the walls may have sent it since.
NOT_SENT = f"{MessageKind.RETAIL_LIST.value}-CANARY-7919"


@dataclass
class Told:
    """A seller's list that an importer declares."""

    gateway: Gateway

    @property
    def message_out(self) -> OutgoingMessage:
        """It could not be sent, and waits for a person."""
        with platform_wide():
            found: OutgoingMessage = OutgoingMessage.objects.get(number=NOT_SENT)
            return found

    @property
    def answer(self) -> Receipt:
        """It fits nothing, and waits for a person."""
        with platform_wide():
            found: Receipt = Receipt.objects.get(key="CANARY-NOBODY")
            return found


def told_to_customs(
    retail_list: RetailList, importer: Company, person: User, *, now: datetime
) -> dict[str, Any]:
    """One message that left, and one that failed twice."""
    gateway = GatewayFactory.create(
        company=importer, code="canary-way", cop_name="CANARY declares", opened_at=now
    )
    about = {"retail_list": retail_list, "retail_order": retail_list.order}
    for kind, state in (
        (MessageKind.ORDER, MessageState.SENT),
        (MessageKind.RETAIL_LIST, MessageState.FAILED),
    ):
        message = OutgoingMessageFactory.create(
            gateway=gateway,
            seller=retail_list.seller,
            kind=kind,
            number=f"{kind.value}-CANARY-7919",
            state=state,
            sent_at=now if state == MessageState.SENT else None,
            last_error="" if state == MessageState.SENT else "KeyUnusable: CANARY",
            queued_at=now,
            due_at=now,
        )
        OutgoingElementFactory.create(message=message, key=f"CANARY-{kind.value}", **about)
    MessageRetry.objects.create(
        message=message, company=importer, trouble="CANARY", retried_at=now, retried_by=person
    )
    answered(message.elements.get(), person, now=now)
    proposed(now)
    RetailPartiesFactory.create(
        seller=retail_list.seller, agent=importer, ebp_name="CANARY platform", agreed_at=None
    )
    at_customs(retail_list.order.parcels.get().warehouse)
    ParcelPapers.objects.create(
        order=retail_list.order,
        seller=retail_list.seller,
        payment="CANARYPAY",
        logistics_code="3302961HZ3",
        waybill="CANARYBILL",
        told_at=now,
    )
    MissingPaper.objects.create(
        retail_list=retail_list,
        seller=retail_list.seller,
        gaps=[{"kind": "CEB621", "field": "assureCode", "code": "customs.ceb_text_missing"}],
        found_at=now,
        again_at=now,
    )
    passed(Declaration.objects.filter(importer=importer).latest("pk"), gateway, person, now=now)
    exported(retail_list, gateway, person, now=now)
    return {"gateway": gateway}


def proposed(now: datetime) -> None:
    """A rate, a code, and a change of the tariff that waits for another operator."""
    ExchangeRateFactory.create()
    CustomsCodeFactory.create()
    person = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    propose_reference(
        kind="tariff",
        file_name="tariff.csv",
        content=b"hs_code,duty_rate,vat_rate,legal_unit\n1901101010,0.04,0.13,035\n",
        proposed_by=person.user,
        now=now,
        source="example tariff 2027",
        valid_from=date(2027, 1, 1),
    )
