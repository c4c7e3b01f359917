"""How fast messages are made and sent, beside the least any program could.

Making: parcels are taxed, written as CEB621 elements, held against their form and the notes, and
written as messages of a hundred, on one core. The floor: the same bytes from the same values by
nothing but one text with holes for each list. Sending: a queue of documents that are signed by a
key file, enveloped and laid into a folder, by several workers at once.
"""

from __future__ import annotations

import gc
import hashlib
import json
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.utils import timezone

from accounts.models import Company, CompanyKind
from core.fields import encrypted
from core.walls import platform_wide
from customs.gateways.folder import make_folders
from customs.models import Gateway, MessageState, OutgoingMessage, SignerKind
from customs.queries.messages import against_schema
from customs.rules import retail_messages as rules
from customs.rules.ceb.kinds import KINDS, MOST_ELEMENTS
from customs.rules.ceb.messages import Business, Message, Values, write
from customs.rules.retail_tax import Assessment, Limits, ParcelLine, Rates, assess_in_turn
from customs.rules.retail_tax import Parcel as TaxedParcel
from customs.rules.sending import squeezed
from customs.services.queueing import Batch, Element, gaps_in, guid, queue_messages
from customs.services.sending import Clocks, send_due

AT = datetime(2026, 8, 1, 12, tzinfo=UTC)
BY = rules.Parties(
    *("3302961HZ1", "示例跨境平台有限公司", "3302961HZ2", "示例母婴电商有限公司"),
    *("3302961HZ6", "示例宁波进口有限公司", "3302961HZ2", "3302961HZ3", "示例快递有限公司"),
)
HOUSE = rules.House("3105", "3105", "T3105W000001", "3302961HZ5", "示例宁波保税仓", "Y")
RATES = Rates(Decimal("0.05"), Decimal("0.13"))
LIMITS = Limits(500_000, 2_600_000, Decimal("0.7"))
TRANSFER = {"copCode": "3302961HZ6", "copName": "示例", "dxpMode": "DXP", "dxpId": "DXPENT00001"}
CODE = "bench"


@dataclass(frozen=True, slots=True)
class Made:
    """CPU seconds for so many lists, of one to three lines."""

    lists: int
    size: int
    seconds: float
    floor: float


def _hold(is_so: bool, what: str) -> None:
    """A figure of something that went wrong is worth nothing."""
    if not is_so:
        raise RuntimeError(what)


def _parcel(number: int) -> rules.Parcel:
    goods = tuple(
        rules.Goods(
            sku=f"MILK-{line}",
            name="婴儿配方奶粉",
            specification="0|1|1段|800克/罐|示例牌",
            barcode="4006381333931",
            unit="122",
            quantity=2,
            price=9_900 + line,
            country="601",
            hs_code="1901101010",
            item="36",
            legal=(Decimal("1.6"), "035"),
        )
        for line in range(1, 2 + number % 3)
    )
    return rules.Parcel(
        list_number=f"RL-2026-{number:06d}",
        order_number=f"T-{number}",
        account=f"{number:032x}",
        waybill=f"SF{number:010d}",
        buyer=rules.Buyer("李雷", "110101199003078996", "13800000000", "浙江省宁波市示例路 1 号"),
        goods=goods,
        freight=1_200,
        tax=0,
        net=1_600 * len(goods),
        gross=1_800 * len(goods),
    )


def make(count: int) -> Made:
    """Tax, write, check and keep so many lists."""
    parcels = [_parcel(number) for number in range(count)]
    gc.collect()
    began = time.process_time()
    assessed = assess_in_turn(
        [(one.account, _taxed(one)) for one in parcels], used={}, limits=LIMITS
    )
    _hold(all(isinstance(one, Assessment) for one in assessed), "a parcel was refused")
    made = []
    for start in range(0, count, MOST_ELEMENTS):
        elements = tuple(
            rules.retail_list(one, BY, HOUSE, rules.Sent(guid(), AT))
            for one in parcels[start : start + MOST_ELEMENTS]
        )
        _hold(not gaps_in("CEB621", elements), "a list has gaps")
        message = Message(KINDS["CEB621"], guid(), elements, TRANSFER)
        against_schema(message)
        data = write(message)
        hashlib.sha256(data).hexdigest()
        encrypted(squeezed(data))
        made.append((message, data))
    seconds = time.process_time() - began
    return Made(count, sum(len(data) for _message, data in made), seconds, _floor(made))


def _taxed(parcel: rules.Parcel) -> TaxedParcel:
    lines = tuple(
        ParcelLine(one.quantity, one.quantity * one.price, one.hs_code, RATES)
        for one in parcel.goods
    )
    return TaxedParcel(lines, parcel.freight)


def _floor(made: list[tuple[Message, bytes]]) -> float:
    """CPU seconds for the same bytes by bare formatting."""
    holes: dict[tuple[str, ...], str] = {}

    def hole(name: str, values: Values) -> str:
        names = (name, *values)
        if names not in holes:
            inner = "".join(f"<ceb:{one}>%s</ceb:{one}>" for one in values)
            holes[names] = f"<ceb:{name}>{inner}</ceb:{name}>"
        return holes[names]

    def element(one: Business) -> str:
        lines = "".join(
            hole("InventoryList", line) % tuple(map(escape, line.values())) for line in one.lines
        )
        head = hole("InventoryHead", one.head) % tuple(map(escape, one.head.values()))
        return f"<ceb:Inventory>{head}{lines}</ceb:Inventory>"

    began = time.process_time()
    bare = ["".join(map(element, message.elements)).encode() for message, _data in made]
    seconds = time.process_time() - began
    same = (one in data for one, (_message, data) in zip(bare, made, strict=True))
    _hold(all(same), "the floor wrote something else")
    return seconds


@dataclass(frozen=True, slots=True)
class SentAll:
    """How ``documents`` left: a second of all workers together, and how long each waited."""

    documents: int
    workers: int
    seconds: float
    p50: float
    p95: float
    longest: float

    @property
    def per_second(self) -> float:
        return self.documents / self.seconds


def open_bench(folder: Path, *, now: datetime) -> Mapping[str, str]:
    """A gateway of the database at hand, with folders and a key file in ``folder``; gives back the
    environment in which workers find them."""
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    password = secrets.token_hex(8)
    locked = BestAvailableEncryption(password.encode())
    key = folder / "bench.p12"
    key.write_bytes(pkcs12.serialize_key_and_certificates(b"x", private, certificate, None, locked))
    told = folder / "secrets.json"
    told.write_text(json.dumps({CODE: {"key": str(key), "password": password}}), "utf-8")
    return {"BONDPOOL_GATEWAYS": str(folder), "BONDPOOL_GATEWAY_SECRETS": str(told)}


def queue(documents: int, *, now: datetime) -> None:
    """So many documents of one list each, all at once, at ``now``."""
    with platform_wide():
        company = Company.objects.create(
            code="BENCH", kinds=[CompanyKind.IMPORTER], name_zh="示例", name_en="Bench"
        )
        gateway = Gateway.objects.create(
            code=CODE,
            company=company,
            cop_code=TRANSFER["copCode"],
            cop_name="示例",
            dxp_id=TRANSFER["dxpId"],
            sender_id="DXPENT00001",
            receiver_ids=["DXPEDCCEB0000002"],
            signer=SignerKind.FILE,
            # The key lies in a file: it is not the card that is measured.
            per_minute=60_000,
            opened_at=AT,
        )
        make_folders(gateway.code)
        batches = []
        for number in range(documents):
            one = rules.retail_list(_parcel(number), BY, HOUSE, rules.Sent(guid(), AT))
            batches.append(Batch("CEB621", [Element(one, f"RL-2026-{number:06d}")]))
        queue_messages(gateway=gateway, batches=batches, now=now)


def work() -> int:
    """What a worker does when the bell is rung, until nothing is left; how many it sent."""
    sent = 0
    clocks = Clocks(now=timezone.now, tick=timezone.now)
    with platform_wide():
        while OutgoingMessage.objects.exclude(state=MessageState.SENT).exists():
            sent += send_due(clocks)
    return sent


def measured(documents: int, workers: int, began: datetime) -> SentAll:
    """What the rows say once all is sent."""
    with platform_wide():
        sent = list(OutgoingMessage.objects.values_list("sent_at", flat=True))
    waits = sorted((at - began).total_seconds() for at in sent if at is not None)
    _hold(len(waits) == documents, "not everything was sent")
    return SentAll(
        documents,
        workers,
        waits[-1],
        statistics.median(waits),
        waits[int(len(waits) * 0.95)],
        waits[-1],
    )


def wait_for_bell(told: Callable[[str], object]) -> None:
    """A worker that is ready says so, and begins when it hears something."""
    told("ready")
    sys.stdin.readline()
