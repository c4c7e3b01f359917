"""The simulated authority at work: it takes files, decides, and lays its answers when they are
due."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from lxml import etree

from core.errors import DomainError
from customs.rules.ceb.envelope import is_envelope, open_envelope, parse_file
from customs.rules.ceb.messages import Business, Message, message_of
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import Reading, read_tree
from customs.rules.ceb.remarks import remarks
from customs.rules.ceb.shape import ElementMissing
from customs.rules.ceb.signing import holds
from customs.rules.sas import documents as sas
from customs.simulator import answering, goods, ledger, parcels, zone
from customs.simulator.answering import Numbers, china
from customs.simulator.book import Answer, Book, Known
from customs.simulator.judging import (
    ERROR_OF,
    REFUSED,
    WAITING,
    Habits,
    Verdict,
    buyer_of,
    judge,
    key_of,
    resumed,
    stands,
    wanted,
    year_of,
)
from customs.simulator.taxing import Rate, taxed, worth

Say = Callable[[str, str], None]
_MOST = 100


@dataclass(frozen=True, slots=True)
class Script:
    """How it behaves. ``delay`` is seconds between two answers of one document; ``tax_off`` yuan
    that its VAT is off by; ``schema`` the official one, if it is given; ``must_be_signed``: no
    client signs for the sender; ``patience`` seconds that a list waits for the other messages of
    its parcel, 0 for ever."""

    habits: Habits = field(default_factory=Habits)
    seed: int = 0
    delay: float = 0.0
    twice: bool = False
    shuffle: bool = False
    tax_off: Decimal = Decimal(0)
    rates: Mapping[str, Rate] = field(default_factory=dict)
    schema: etree.XMLSchema | None = None
    must_be_signed: bool = False
    patience: float = 0.0


class Authority:
    """One gateway's authority. ``say`` hears each thing in Chinese and in English."""

    def __init__(self, home: Path, script: Script, say: Say, clock: Callable[[], float]) -> None:
        self._out, self._receipts = home / "out", home / "receipts"
        self._taken = home / "simulator" / "taken"
        for folder in (self._out, self._receipts, self._taken):
            folder.mkdir(parents=True, exist_ok=True)
        self.book = Book(home / "simulator" / "book.sqlite3")
        self._script, self._say, self._clock = script, say, clock

    def close(self) -> None:
        self.book.close()

    def take(self) -> int:
        """Take every finished file; a file is put away only after the book knows it."""
        count = 0
        for name in sorted(os.listdir(self._out)):
            path = self._out / name
            if name.startswith(".") or name.endswith((".tmp", ".part")) or not path.is_file():
                continue
            self._file(path)
            count += 1
        return count

    def _file(self, path: Path) -> None:
        data = path.read_bytes()
        number, inside = path.stem, data
        wrong: DomainError | None = None
        try:
            root = parse_file(data)
            if is_envelope(root):
                envelope = open_envelope(root)
                number, inside = envelope.message_id, envelope.data
                root = parse(inside)
        except DomainError as error:
            wrong = error
        with self.book.turn():
            if self.book.seen(number):
                self._say(f"{number}：重复收到，不再处理", f"{number}: came again, nothing is done")
            elif wrong is not None:
                self._form(number, "", "-0001", wrong)
            elif sas.is_sas(root):
                self._zone(number, inside, root)
            else:
                self._message(number, inside, root)
        path.replace(self._taken / path.name)

    def _form(self, number: str, kind: str, status: str, why: object) -> None:
        now = self._clock()
        self.book.note(number, "", kind or "?", 0)
        head = answering.form_check(number, kind, status=status, info=f"{why}", at=now)
        self._plan("CEB900", {"head": head, "lines": []}, f"message {number}", status, 1, now)
        self._say(
            f"{number}：格式校验不通过（{status}）{why}",
            f"{number}: refused by the form check ({status}) {why}",
        )

    def _message(self, number: str, data: bytes, root: etree._Element) -> None:
        try:
            reading = read_tree(root)
        except DomainError as error:
            self._form(number, "", "-0001", error)
            return
        code = reading.kind.code
        if not reading.kind.written_by_us:
            self._form(number, code, "-0001", "这是回执报文")
            return
        faults = [one for one in reading.faults if not self._client_signs(one.error)]
        if faults:
            where = f"第{faults[0].line}行 {faults[0].path}"
            self._form(number, code, "-0002", f"{where} {faults[0].error}")
            return
        if trouble := self._against_schema(reading.root):
            self._form(number, code, "-0002", trouble)
            return
        if holds(reading.root) is False:
            self._form(number, code, "-1004", "签名与数据不符")
            return
        self._elements(number, data, message_of(_without(reading)))

    def _client_signs(self, error: DomainError) -> bool:
        """With the folders of a client the signature is the client's, and not there yet."""
        is_signature = isinstance(error, ElementMissing) and error.facts == {"element": "Signature"}
        return is_signature and not self._script.must_be_signed

    def _against_schema(self, root: etree._Element) -> str:
        schema = self._script.schema
        if schema is None or schema.validate(root):
            return ""
        found = [
            f"第{entry.line}行 {entry.message}"
            for entry in schema.error_log  # type: ignore[attr-defined]
            if self._script.must_be_signed or "Signature" not in entry.message
        ]
        return found[0] if found else ""

    def _elements(self, number: str, data: bytes, message: Message) -> None:
        code, now = message.kind.code, self._clock()
        self.book.note(number, hashlib.sha256(data).hexdigest(), code, len(message.elements))
        wrong: dict[int, str] = {}
        for remark in remarks(message):
            number_of = remark.path.partition("[")[2].partition("]")[0]
            place = int(number_of) if number_of.isdigit() else 1
            wrong.setdefault(place, f"{remark.error}")
        ends: dict[str, int] = {}
        for place, one in enumerate(message.elements, 1):
            state = self._element(code, number, one, wrong.get(place, ""), now)
            ends[state or "repeated"] = ends.get(state or "repeated", 0) + 1
        told = "，".join(f"{_STATES.get(state, state)} {n}" for state, n in sorted(ends.items()))
        english = ", ".join(f"{state} {n}" for state, n in sorted(ends.items()))
        name = message.kind
        self._say(
            f"{number}：{name.name_zh} {len(message.elements)} 份 → {told}",
            f"{number}: {name.name_en}, {len(message.elements)} → {english}",
        )

    def _element(self, code: str, number: str, one: Business, wrong: str, now: float) -> str:
        key = key_of(code, one)
        known = self.book.document(code, key)
        numbers = Numbers(known.pre_no, known.customs_no) if known else self._numbers(code, one)
        if wrong:
            verdict = Verdict(REFUSED, [(ERROR_OF[code], wrong)])
        else:
            verdict = judge(code, one, known, self.book, self._script.habits, now)
        if not verdict.state or (verdict.state == REFUSED and stands(known)):
            # What stood before still stands.
            self.book.again(code, key)
        else:
            self._keep(code, number, one, Known(code, key, "", verdict.state, *_both(numbers)), now)
        self._answer(code, key, one, numbers, verdict, now)
        if verdict.state and verdict.state != REFUSED and code in parcels.NAMES:
            self._resume(code, one, now)
        return verdict.state

    def _keep(self, code: str, number: str, one: Business, known: Known, now: float) -> None:
        is_list, year = code == parcels.RETAIL_LIST, year_of(one, now)
        self.book.keep(
            replace(known, guid=one.head["guid"]),
            message=number,
            buyer=buyer_of(one) if is_list else "",
            value=str(worth(one.head, one.lines)) if is_list else "0",
        )
        if code in parcels.KEPT:
            parcels.keep(self.book, code, known.key, one, now, year)
        if is_list:
            self.book.let_go(known.key)
            if known.state != REFUSED:
                ledger.sell(self.book, known.key, *wanted(one))
                goods.weigh(self.book, known.key, one, year)

    def _resume(self, code: str, came: Business, now: float) -> None:
        """Lists that waited for this message go on, if nothing else is missing."""
        for kept in parcels.waiting_for(self.book, code, came):
            verdict = resumed(kept.one, self.book, self._script.habits)
            known = self.book.document(parcels.RETAIL_LIST, kept.key)
            if verdict is None or known is None:
                continue
            # It is not returned for having waited too long.
            self.book.drop_answers(f"{parcels.RETAIL_LIST} {kept.key}", "100")
            self.book.move(parcels.RETAIL_LIST, kept.key, verdict.state)
            if verdict.state == REFUSED:
                self.book.let_go(kept.key)
            numbers = Numbers(known.pre_no, known.customs_no)
            self._answer(parcels.RETAIL_LIST, kept.key, kept.one, numbers, verdict, now)
            zh, en = (_STATES.get(verdict.state, verdict.state), verdict.state)
            self._say(f"{kept.key}：三单已齐 → {zh}", f"{kept.key}: its messages are here → {en}")

    def _answer(
        self, code: str, key: str, one: Business, numbers: Numbers, verdict: Verdict, now: float
    ) -> None:
        document = f"{code} {key}"
        named = replace(numbers, customs_no="") if verdict.state == REFUSED else numbers
        for step, (status, info) in enumerate(verdict.steps, 1):
            at = now + step * self._script.delay + step / 1000
            head = answering.returned(code, one.head, named, status=status, info=info, at=at)
            body = {"head": head, "lines": []}
            self._plan(answering.RECEIPT_OF[code], body, document, status, step, now)
        if verdict.state == WAITING and self._script.patience:
            at, info = now + self._script.patience, "海关退单：逾期未收到订单、支付单或运单"
            bare = replace(numbers, customs_no="")
            head = answering.returned(code, one.head, bare, status="100", info=info, at=at)
            told = json.dumps({"head": head, "lines": []}, ensure_ascii=False)
            self.book.answer(due=at, code="CEB622", body=told, document=document, status="100")
        if verdict.is_taxed:
            step = len(verdict.steps) + 1
            self._plan("CEB816", self._bill(one, numbers, step, now), document, "1", step, now)

    def _numbers(self, code: str, one: Business) -> Numbers:
        """New ones of the right structure: customs 4 + year 4 + I + serial 9."""
        if code not in ("CEB621", "CEB623", "CEB625", "CEB711"):
            return Numbers()
        serial = self.book.next("numbers")
        now = self._clock()
        district = one.head.get("customsCode", "0000")
        own = one.head.get("invtNo") if code in ("CEB623", "CEB625") else ""
        return Numbers(
            f"B{china(now, '%Y%m%d')}{serial:09d}",
            own or f"{district}{china(now, '%Y')}I{serial:09d}",
        )

    def _bill(self, one: Business, numbers: Numbers, step: int, now: float) -> dict[str, object]:
        at = now + step * self._script.delay + step / 1000
        lines = taxed(one.head, one.lines, self._script.rates, off=self._script.tax_off)
        names = {"customsTax": "duty", "valueAddedTax": "vat", "consumptionTax": "consumption_tax"}
        head = {
            "guid": answering.guid_of(f"CEB816{numbers.customs_no}"),
            "returnTime": answering.time_17(at),
            "invtNo": numbers.customs_no,
            "taxNo": f"T{numbers.customs_no}",
            **{
                name: str(sum((getattr(line, ours) for line in lines), Decimal(0)))
                for name, ours in names.items()
            },
            "status": "1",
            "assureCode": one.head["assureCode"],
            "ebcCode": one.head["ebcCode"],
            "agentCode": one.head["agentCode"],
            "customsCode": one.head["customsCode"],
        }
        told = [
            {
                "gnum": line.position,
                "gcode": line.hs_code,
                "taxPrice": str(line.dutiable),
                **{name: str(getattr(line, ours)) for name, ours in names.items()},
            }
            for line in lines
        ]
        return {"head": head, "lines": told}

    def _zone(self, number: str, data: bytes, root: etree._Element) -> None:
        now = self._clock()
        answers, told = zone.judge(sas.read_tree(root), number, self.book, now)
        self.book.note(number, hashlib.sha256(data).hexdigest(), told[0], 1)
        for step, one in enumerate(answers, 1):
            self._plan(one.code, one.xml, one.document, one.status, step, now)
        self._say(f"{number}：{told[1]}", f"{number}: {told[2]}")

    def _plan(
        self, code: str, body: object, document: str, status: str, step: int, now: float
    ) -> None:
        """When an answer is laid: in its order, or as the dice fall."""
        due = now + step * self._script.delay
        if self._script.shuffle:
            dice = random.Random(f"{self._script.seed}/{document}/{code}/{status}")  # noqa: S311 - practice
            due = now + dice.random() * (self._script.delay * 6 or 0.5)
        told = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        self.book.answer(due=due, code=code, body=told, document=document, status=status)

    def lay(self) -> int:
        """Lay what is due, answers of one kind together; whoever is killed before it is noted
        lays it again, which is what receipts are made for."""
        due = list(self.book.due(self._clock()))
        groups: list[list[Answer]] = []
        filling: dict[str, list[Answer]] = {}
        for one in due:
            group = filling.get(one.code)
            if one.body.startswith("<"):
                groups.append([one])
            elif group is None or len(group) == _MOST:
                filling[one.code] = [one]
                groups.append(filling[one.code])
            else:
                group.append(one)
        for group in groups:
            data = _bytes_of(group)
            for _time in range(2 if self._script.twice else 1):
                self._write(group[0].code, data)
            self.book.laid(group)
        if due:
            self._tell_laid(due)
        return len(due)

    def _tell_laid(self, due: list[Answer]) -> None:
        counts: dict[tuple[str, str], int] = {}
        for one in due:
            counts[one.code, one.status] = counts.get((one.code, one.status), 0) + 1
        told = "，".join(f"{code} {status} × {n}" for (code, status), n in sorted(counts.items()))
        self._say(f"发出回执：{told}", f"answers: {told}")

    def _write(self, code: str, data: bytes) -> None:
        with self.book.turn():
            serial = self.book.next("files")
        name = f"{code}_{china(self._clock(), '%Y%m%d%H%M%S')}_{serial:06d}.xml"
        written = self._receipts / f".{name}.tmp"
        written.write_bytes(data)
        written.replace(self._receipts / name)


def _both(numbers: Numbers) -> tuple[str, str]:
    return numbers.pre_no, numbers.customs_no


def _without(reading: Reading) -> Reading:
    """As if the client had signed it."""
    return replace(reading, faults=[])


def _bytes_of(group: list[Answer]) -> bytes:
    if group[0].body.startswith("<"):
        return group[0].body.encode()
    told = [json.loads(one.body) for one in group]
    return answering.message(
        group[0].code, [Business(one["head"], tuple(one["lines"])) for one in told]
    )


_STATES = {
    "released": "放行",
    "refused": "退单",
    "taken": "接收",
    "repeated": "重复",
    "waiting": "等待三单",
    "withdrawn": "撤销",
}
