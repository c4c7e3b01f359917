"""What goes to customs and comes back: a simulated authority answers a shop's messages, and one
entry's set of papers is checked and released."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company
from core.sheets import write_csv
from core.taking import if_free
from customs import services as customs
from customs.gateways.folder import folder_of
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationState,
    EffectState,
    Gateway,
    GatewayKind,
    MessageKind,
    MessageState,
    OutcomeChoice,
    OutgoingElement,
    OutgoingMessage,
    PaperKind,
    PaperRelease,
    Receipt,
    ReceiptMatch,
    ReceiptState,
    ReceiptWay,
    RetailList,
    RetailParties,
    SignerKind,
    TariffRate,
)
from customs.queries.accepting import accepted_lists
from customs.queries.parcels_told import untold
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message, write
from customs.rules.paper_sets import PapersNotReady
from customs.rules.platforms import Platform
from customs.services import gateways, paper_sets, parties
from demo import processes
from demo.story import Story, wait_for, wait_until_none
from demo.telling import Chapter

#: Of the shops whose people come in one has its parcels told to customs; the other waits for the
#: importer's agreement.
AGREED, WAITS = "seller1@bondpool.example", "seller2@bondpool.example"
#: Every so-manieth list is inspected before it is released.
INSPECTED = 9


def tell_customs(story: Story, chapter: Chapter) -> None:
    """By the gateway to an authority that is a process of its own, and ends with its answers."""
    now = story.at(story.quarter.settles_at - timedelta(hours=11, minutes=30))
    way = _gateway(story, now)
    # Before anybody agrees: a list whose goods are in no account book yet waits for hours.
    wait_until_none(lambda: _unposted(now))
    _agree(story, now)
    drawn = RetailList.objects.filter(
        seller__retail_parties__agreed_at__isnull=False, drawn_at__lte=now, void__isnull=True
    ).count()
    if drawn and not Receipt.objects.filter(file__gateway=way).exists():
        _answer(story, way, drawn, now)
        _bring_an_answer(story, story.at(now + timedelta(minutes=30)))
        wait_until_none(lambda: _unread(way))
    lists = OutgoingElement.objects.filter(message__gateway=way, kind=MessageKind.RETAIL_LIST)
    chapter.say(
        _(
            "%(messages)s messages to the simulated customs: %(lists)s retail lists, %(released)s "
            "released, %(refused)s refused"
        ),
        messages=OutgoingMessage.objects.filter(gateway=way).count(),
        lists=lists.count(),
        released=RetailList.objects.filter(elements__in=lists, release__isnull=False).count(),
        refused=lists.filter(standing__outcome=OutcomeChoice.REFUSED).count(),
    )
    parked = Receipt.objects.filter(state=ReceiptState.WAITING).count()
    chapter.say(
        ngettext(
            "%(parked)s receipt fits nothing and waits for a person",
            "%(parked)s receipts fit nothing and wait for a person",
            parked,
        ),
        parked=parked,
    )
    _release_a_set(story, chapter, now + timedelta(hours=1))


def _unposted(now: datetime) -> int:
    """Whether the account books lack something: a list names their items. Posts it, if the worker
    is not at it."""
    with if_free("account books") as is_free:
        if is_free:
            customs.book_due(now=now, everything=True)
    return int(not is_free)


def _gateway(story: Story, now: datetime) -> Gateway:
    """The importer's, with folders of its own for each database; what a database that is no more
    left in them is taken away."""
    name = str(settings.DATABASES["default"]["NAME"])
    code = f"demo-{name.replace('_', '-').lower()}"[-32:].lstrip("-")
    known: Gateway | None = Gateway.objects.filter(code=code).first()
    if known is not None:
        return known
    shutil.rmtree(folder_of(code), ignore_errors=True)
    importer = story.house.importer
    return gateways.open_gateway(
        company=importer,
        code=code,
        told=gateways.GatewayTold(
            cop_code=importer.customs_code,
            cop_name=importer.name_zh,
            dxp_id="DXPENT0000000001",
            sender_id="DXPENT0000000001",
            receiver_ids=["DXPEDCCEB0000002"],
            kind=GatewayKind.FOLDER,
            signer=SignerKind.NONE,
            per_minute=1_200,
        ),
        now=now,
    )


def _agree(story: Story, now: datetime) -> None:
    """Two shops say who stands on their messages; to one of them the importer has agreed."""
    parties.tell_house(
        house=story.house.bonded_warehouse, port_code="3104", traf_mode="Y", site_code="", now=now
    )
    clerk = story.house.people["importer@bondpool.example"]
    for email in (AGREED, WAITS):
        seller = story.house.people[email].memberships.get().company
        if not RetailParties.objects.filter(seller=seller).exists():
            told = parties.tell_parties(seller=seller, told=_parties(seller, story), now=now)
            if email == AGREED:
                parties.agree(parties=told, by=clerk, now=now)


def _parties(seller: Company, story: Story) -> parties.PartiesTold:
    own = f"3302W6{seller.code}"
    return parties.PartiesTold(
        ebp_code="3302W6P001",
        ebp_name="示例跨境电商平台有限公司",
        # The shop that sends its orders by itself is on another one.
        platforms=(Platform("3302W6P002", "示例独立站平台有限公司", "demo-shop"),),
        ebc_code=own,
        ebc_name=seller.name_zh,
        assure_code=own,
        logistics_code="3302W6L001",
        logistics_name="示例速递有限公司",
        pay_code="3302W6F001",
        pay_name="示例支付有限公司",
        agent=story.house.importer.code,
        waybill_prefix="DX",
    )


def _unsent(way: Gateway, now: datetime) -> int:
    """Lists that are still to be told, and messages that have not left."""
    sent = (MessageState.SENT, MessageState.FAILED)
    left = OutgoingMessage.objects.filter(gateway=way).exclude(state__in=sent).count()
    return untold(now=now).count() + accepted_lists(now=now).count() + left


def _unanswered(way: Gateway) -> int:
    """What the authority, or we with its answers, have still to do: a list follows its order,
    payment and waybill once these are accepted, and its bill follows its release."""
    told = OutgoingElement.objects.filter(message__gateway=way)
    lists = told.filter(kind=MessageKind.RETAIL_LIST)
    final = (OutcomeChoice.DONE, OutcomeChoice.REFUSED)
    unbilled = RetailList.objects.filter(elements__in=lists, tax_bills__isnull=True)
    return (
        told.filter(standing__isnull=True).count()
        + told.filter(standing__outcome=OutcomeChoice.MOVING).count()
        + lists.exclude(standing__outcome__in=final).count()
        + unbilled.filter(release__isnull=False).count()
    )


def _answer(story: Story, way: Gateway, lists: int, now: datetime) -> None:
    """The authority starts while the messages are made, answers what lies in the folder until
    nothing follows any more, and refuses one list."""
    home = folder_of(way.code)
    rates = story.clock.with_name("rates.csv")
    rates.write_bytes(write_csv(("hs_code", "vat", "consumption_tax", "duty"), _rates()))
    # More than half of them: a single one comes back.
    habits = {"--refuse-every": lists // 2 + 1, "--inspect-every": INSPECTED, "--delay": 0}
    # Payments are told by the payment company.
    told = [str(word) for pair in habits.items() for word in pair] + ["--elsewhere", "CEB411"]
    with processes.child(
        ["config.cli", "customs_simulator", str(home), "--rates", str(rates), *told],
        log=story.clock.with_name("customs.log"),
        extra={"BONDPOOL_CLOCK_FILE": str(story.clock)},
    ):
        wait_until_none(lambda: _unsent(way, now) + _unanswered(way) + _unread(way))


def _rates() -> Iterable[tuple[str, ...]]:
    for one in TariffRate.objects.order_by("hs_code"):
        figures = (one.vat_rate, one.consumption_tax_rate, one.duty_rate)
        yield (one.hs_code, *map(str, figures))


def _bring_an_answer(story: Story, now: datetime) -> None:
    """A clerk brings one by hand that is of a list nobody here declared."""
    answer = {
        "guid": "00000000-0000-4000-8000-00000000D380",
        "customsCode": "3104",
        "ebpCode": "3302W6P001",
        "ebcCode": "3302W6X999",
        "agentCode": "3302W60001",
        "copNo": "RL-0000-000001",
        "preNo": "B20260000000000001",
        "returnStatus": "120",
        "returnTime": f"{now:%Y%m%d%H%M%S}000",
        "returnInfo": "海关入库",
    }
    message = Message(KINDS["CEB622"], answer["guid"], (Business(answer),), prefix=None)
    customs.take_in(
        data=write(message),
        name="CEB622.xml",
        way=ReceiptWay.PAGE,
        company=story.house.importer,
        brought_by=story.house.people["importer@bondpool.example"],
        now=now,
    )


def _unread(way: Gateway) -> int:
    """Files in the folder, receipts that nobody looked at or that came before what they build on
    (all but the one that fits nothing), effects that are due."""
    lying = sum(1 for path in (folder_of(way.code) / "receipts").iterdir() if path.is_file())
    new = Receipt.objects.filter(state=ReceiptState.NEW).count()
    waiting = Receipt.objects.filter(state=ReceiptState.WAITING).count()
    due = ReceiptMatch.objects.filter(effect=EffectState.DUE).count()
    return lying + new + max(0, waiting - 1) + due


def _release_a_set(story: Story, chapter: Chapter, now: datetime) -> None:
    """All papers of the first entry in Chinese, once they are made and agree with each other."""
    mine = Declaration.objects.filter(
        shipment__order__round=story.round, state=DeclarationState.RELEASED
    )
    entry = mine.order_by("pk").first()
    if entry is None:
        return
    released: PaperRelease | None = PaperRelease.objects.filter(declaration=entry).first()
    while released is None:
        kinds = list(PaperKind)
        customs.order_papers(declaration=entry, kinds=kinds, language="zh-hans", now=now)
        wait_for(story, DeclarationDocument)
        # Where the worker has posted into the account book meanwhile, two of them say so anew.
        with suppress(PapersNotReady):
            released = paper_sets.release_papers(
                declaration=entry,
                language="zh-hans",
                by=story.house.people["importer@bondpool.example"],
                now=now,
            )
    chapter.say(
        _("%(papers)s papers of %(number)s agree and are released to its owners"),
        papers=len(released.manifest),
        number=entry.our_reference,
    )
