"""What the zone says beyond a state becomes facts: a declaration, quantities, the gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, transaction

from accounts.models import User
from catalog.models import Product
from core.walls import platform_wide
from customs.models import (
    Declaration,
    EntryNumber,
    GatePassage,
    OutgoingElement,
    PostedItem,
    Receipt,
)
from customs.queries.passing import through_gate
from customs.queries.posted import posted_of
from customs.queries.zone import entry_numbers
from customs.rules.articles import material_number
from customs.rules.passing import Truck
from customs.rules.receipts.gate import grams_of, moment_of
from customs.services.passing import queue_pass
from customs.services.zone import queue_bonded_list
from customs.simulator.answering import of_zone
from notices.models import Notice
from tests.customs.receipts.sent_lists import come
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_ready
from tests.factories.messages import at_customs

__all__ = ["gateways"]

NUMBER = "QD310526I000000017"


@pytest.fixture
def listed(db: None, gateways: object) -> Iterator[OutgoingElement]:
    """The list of sixty and sixty units has its number."""
    with platform_wide():
        found = a_ready(2)
        at_customs(found.warehouse)
        a_gateway(company=found.importer)
        made = queue_bonded_list(declaration=found, now=DECLARES)
        OutgoingElement.objects.filter(pk=made.pk).update(their_number=NUMBER)
        made.refresh_from_db()
        yield made


@pytest.fixture
def clerk(listed: OutgoingElement) -> User:
    return UserFactory.create()


def declared(listed: OutgoingElement) -> Declaration:
    assert listed.declaration is not None
    return listed.declaration


def posted(listed: OutgoingElement, *rows: tuple[int, str | None], mark: str = "") -> bytes:
    head = {
        "bondInvtNo": NUMBER,
        "invtPreentNo": "202600000000000017",
        "putrecNo": "T3105W000001",
        "etpsInnerInvtNo": listed.key,
        "impexpMarkcd": "I",
        "supvModecd": "1210",
        **({"vrfdedMarkcd": mark} if mark else {}),
    }
    parts = []
    for line, quantity in rows:
        row = {
            "bwsNo": "T3105W000001",
            "gdsSeqno": f"{2_254 + line}",
            "gdsMtno": f"MILK-{line}",
            "gdecd": "1901101010",
            "gdsNm": "奶粉",
            "dclUnitcd": "122",
            "lawfUnitcd": "035",
            "invtNo": NUMBER,
            "invtGNo": str(line),
        }
        parts.append(("BwsDt", row | ({"inQty": quantity} if quantity is not None else {})))
    return of_zone("INV211", [("BondInvtBsc", head), *parts], at=DECLARES.timestamp())


def test_the_declaration_that_customs_made_is_kept_once(listed: OutgoingElement) -> None:
    made = {
        "invPreentNo": "202600000000000017",
        "businessId": NUMBER,
        "entrySeqNo": "E20260001000000017",
        "manageResult": "1",
        "createDate": "2026-07-01 12:00:00",
    }
    first = of_zone("INV202", [("InvApprResult", made)], at=DECLARES.timestamp())
    later = first.replace(b"12:00:00", b"12:30:00")

    come(listed.message.gateway, first, later)

    assert entry_numbers(declared(listed)) == ["E20260001000000017"]
    fact = EntryNumber.objects.get()
    assert (fact.element_id, fact.declaration_id) == (listed.pk, listed.declaration_id)
    with pytest.raises(ProgrammingError), transaction.atomic():
        EntryNumber.objects.update(number="X")


def test_what_is_posted_as_listed_alarms_nobody(listed: OutgoingElement) -> None:
    come(listed.message.gateway, posted(listed, (1, "60"), (2, "60.00000")))

    told = posted_of(listed.pk)
    assert [(one.line, one.item, one.ours, one.differs) for one in told] == [
        (1, 2_255, 60, False),
        (2, 2_256, 60, False),
    ]
    assert not Notice.objects.filter(event__in=["posting.differs", "postings.differ"]).exists()


@pytest.mark.parametrize(
    ("rows", "said"), [([(1, "59")], ("59", "60")), ([(1, "60"), (3, "60")], ("60", "0"))]
)
def test_what_is_posted_otherwise_is_told_to_who_declared_and_to_the_operators(
    listed: OutgoingElement, rows: list[tuple[int, str]], said: tuple[str, str]
) -> None:
    come(listed.message.gateway, posted(listed, *rows))

    assert [one.differs for one in posted_of(listed.pk)][-1]
    for event in ("posting.differs", "postings.differ"):
        (told,) = Notice.objects.filter(event=event)
        assert (told.facts["list"], told.facts["lines"]) == (listed.key, 1)
        assert (told.facts["theirs"], told.facts["ours"]) == said
        assert told.facts["goods"]
    assert PostedItem.objects.count() == len(rows)


def test_a_posting_that_names_no_line_is_found_by_a_long_article_too(
    listed: OutgoingElement,
) -> None:
    sku = "INFANT-FORMULA-STAGE-ONE-900G-TIN-OF-GERMANY"
    line = declared(listed).lines.get(position=1)
    Product.objects.filter(pk=line.product_id).update(sku=sku)
    named = posted(listed, (1, "60")).replace(b"<invtGNo>1</invtGNo>", b"")

    come(listed.message.gateway, named.replace(b"MILK-1", material_number(sku).encode()))

    assert [(one.ours, one.differs) for one in posted_of(listed.pk)] == [(60, False)]


def in_parts(data: bytes, current: int, total: int) -> bytes:
    pocket = f"<PocketInfo><current>{current}</current><total>{total}</total></PocketInfo>"
    return data.replace(b"<DataInfo>", b"<DataInfo>" + pocket.encode())


def test_two_postings_of_one_second_are_both_taken(listed: OutgoingElement) -> None:
    come(listed.message.gateway, posted(listed, (1, "60")), posted(listed, (2, "59")))

    told = [(one.line, str(one.theirs)) for one in posted_of(listed.pk)]
    assert told == [(2, "59.00000"), (1, "60.00000")]
    assert {one.number for one in Receipt.objects.all()} == {listed.key}


def test_a_line_that_customs_left_out_is_told_once_all_is_posted(
    listed: OutgoingElement,
) -> None:
    first, second = (posted(listed, (1, quantity), mark="2") for quantity in ("60", "60.0"))

    come(listed.message.gateway, in_parts(first, 1, 2))
    assert [one.differs for one in posted_of(listed.pk)] == [False], "the second part comes yet"
    come(listed.message.gateway, in_parts(second, 2, 2))

    known, left_out = posted_of(listed.pk)
    assert (known.line, known.differs) == (1, False)
    assert (left_out.line, left_out.ours, left_out.is_posted) == (2, 60, False)
    told = Notice.objects.get(event="postings.differ")
    assert told.facts == {
        "list": listed.key,
        "lines": 1,
        "goods": left_out.sku,
        "theirs": "0",
        "ours": "60",
    }


def test_a_zone_that_tells_no_quantity_differs_from_nothing(listed: OutgoingElement) -> None:
    come(listed.message.gateway, posted(listed, (1, None), (2, "NaN")))

    assert [(one.theirs, one.differs) for one in posted_of(listed.pk)] == [(None, False)] * 2


def test_a_truck_goes_through_the_gate_once_and_its_goods_with_it(
    listed: OutgoingElement, clerk: User
) -> None:
    truck = Truck("浙B00001", 13_000_000)
    made = queue_pass(
        declaration=declared(listed),
        truck=truck,
        wanted=[(1, 45)],
        packages=1,
        by=clerk,
        now=DECLARES,
    )
    number = "Z3105I260701000000000017"
    OutgoingElement.objects.filter(pk=made.element_id).update(their_number=number)
    assert through_gate(declared(listed)) == {}
    result = {
        "etpsPreentNo": "202600000000000018",
        "businessId": number,
        "manageResult": "1",
        "manageDate": "2026-07-01 13:00:00",
    }
    passed = {
        "passportNo": number,
        "passportTypecd": "2",
        "sasPassportPreentNo": "202600000000000018",
        "ioTypecd": "I",
        "bindTypecd": "3",
        "masterCuscd": "3105",
        "stucd": "2",
        "passTime": "2026-07-01 12:45:00",
        "passCollectWt": "13049.5",
        "wtError": "0.1",
    }
    file = of_zone(
        "SAS223",
        [("HdeApprResult", result), ("SasPassportBsc", passed)],
        at=DECLARES.timestamp(),
    )

    come(listed.message.gateway, file)

    fact = GatePassage.objects.get(truck_pass=made)
    assert fact.passed_at == datetime(2026, 7, 1, 4, 45, tzinfo=UTC)
    assert (fact.weighed_g, fact.deviation) == (13_049_500, "0.1")
    assert through_gate(declared(listed)) == {1: 45}


@pytest.mark.parametrize("text", ["", "now", "2026-13-01 00:00:00"])
def test_a_time_of_the_gate_that_is_none_is_none(text: str) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize("text", ["", "NaN", "-1", "0", "1e30", "9e999999", "heavy"])
def test_a_weight_of_the_gate_that_is_none_is_none(text: str) -> None:
    assert grams_of(text) is None
