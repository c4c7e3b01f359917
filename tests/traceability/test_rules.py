"""Identities, words and seals: rules that need no database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from traceability import links, rules
from traceability.models import Evidence
from traceability.rules import Told

from ..factories.traceability import NOON, FactFactory

GTIN = "09521234543213"


def test_a_gtin_of_any_length_is_one_identity() -> None:
    assert rules.gtin_key("9521234543213") == rules.gtin_key(GTIN) == f"gtin:{GTIN}"
    assert rules.gtin14("40170725") == "00000040170725"


@given(st.integers(0, 10**12 - 1))
def test_every_right_check_digit_passes_and_every_wrong_one_is_refused(body: int) -> None:
    text = f"{body:012d}"
    right = ean.calc_check_digit(text)

    assert rules.gtin14(text + right) == f"0{text}{right}"
    for wrong in set("0123456789") - {right}:
        with pytest.raises(rules.NotAnIdentity):
            rules.gtin14(text + wrong)


@pytest.mark.parametrize("gtin", ["", "1", "9521234543210", "952123454321x", "٩521234543213"])
def test_what_is_no_gtin_is_no_identity(gtin: str) -> None:
    with pytest.raises(rules.NotAnIdentity):
        rules.gtin_key(gtin)


def test_keys_read_as_documented() -> None:
    assert rules.lot_key(GTIN, "LOT-1") == f"lot:{GTIN}.LOT-1"
    assert rules.item_key(GTIN, "7KX2") == f"item:{GTIN}.7KX2"
    assert rules.order_key("PO-2026-000017") == "po:PO-2026-000017"
    assert rules.shipment_key("ASN-2026-000003") == "asn:ASN-2026-000003"
    assert rules.declaration_key("DEC-2026-000003") == "decl:DEC-2026-000003"
    assert rules.retail_key("RO-2026-000099") == "retail:RO-2026-000099"


@pytest.mark.parametrize("lot", ["", "X" * 21, "批号", "a b", "a#b"])
def test_a_lot_has_at_most_twenty_gs1_characters(lot: str) -> None:
    with pytest.raises(rules.NotAnIdentity):
        rules.lot_key(GTIN, lot)


def test_the_levels_of_evidence_are_those_of_the_table() -> None:
    assert set(Evidence.values) == rules.EVIDENCE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_type", "TransformationEvent"),
        ("action", "add"),
        ("biz_step", "urn:epcglobal:cbv:bizstep:shipping"),
        ("disposition", "lost"),
        ("evidence", "sworn"),
        ("event_time", datetime(2026, 7, 1, 12)),  # noqa: DTZ001 - the point of it
        ("keys", ()),
        ("keys", ("order:PO-1",)),
        ("quantities", ({"gtin": GTIN, "quantity": 1.5},)),
        ("quantities", ({"gtin": GTIN, "quantity": True},)),
        ("quantities", ({"gtin": GTIN, "quantity": -1},)),
        ("quantities", ({"gtin": GTIN, "quantity": 1, "price": 9},)),
        ("documents", (("declaration", "DEC-1"),)),
        ("documents", (("po", ""),)),
        ("details", {"weight": 5}),
        ("read_point", "x" * 121),
    ],
)
def test_a_fact_that_does_not_say_it_properly_is_refused(field: str, value: object) -> None:
    with pytest.raises(rules.FactNotUsable) as refused:
        rules.check(FactFactory.build(**{field: value}), NOON)

    assert refused.value.facts["field"] == field


def test_a_transaction_names_its_document() -> None:
    with pytest.raises(rules.FactNotUsable, match="field=documents"):
        rules.check(FactFactory.build(event_type="TransactionEvent"), NOON)


def test_nothing_is_told_before_it_happened() -> None:
    later = NOON + timedelta(seconds=1)

    with pytest.raises(rules.FactFromTheFuture):
        rules.check(FactFactory.build(event_time=later), NOON)


def test_the_seal_is_what_it_has_always_been() -> None:
    fact = FactFactory.build(
        keys=(f"gtin:{GTIN}",),
        quantities=(rules.quantity(GTIN, 5, "LOT-1"),),
        documents=(("po", "PO-2026-000001"),),
        details={"place_zh": "宁波"},
    )
    told = rules.content(fact, event_id=UUID(int=1), recorded_at=NOON)

    assert json.loads(told)["event_time"] == "2026-07-01T12:00:00.000000Z"
    assert "宁波".encode() in told
    # Stored proofs hang on this value: if it changes, the change is wrong.
    assert rules.seal(rules.GENESIS, told) == (
        "7f27c471be9f1b0dbfa1bafefbcbc937a5a525030417fd64b43b270569daf42f"
    )


def test_the_content_is_the_same_in_every_time_zone() -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))

    assert rules.content(
        FactFactory.build(event_time=shanghai), event_id=UUID(int=1), recorded_at=shanghai
    ) == rules.content(FactFactory.build(), event_id=UUID(int=1), recorded_at=NOON)


@given(
    st.lists(st.binary(min_size=1, max_size=40), min_size=2, max_size=8, unique=True),
    st.data(),
)
def test_any_change_in_the_chain_changes_its_head(facts: list[bytes], data: st.DataObject) -> None:
    def head(told: list[bytes]) -> str:
        previous = rules.GENESIS
        for fact in told:
            previous = rules.seal(previous, fact)
        return previous

    at = data.draw(st.integers(0, len(facts) - 2))
    swapped = [*facts[:at], facts[at + 1], facts[at], *facts[at + 2 :]]
    removed = facts[:at] + facts[at + 1 :]
    changed = [*facts[:at], facts[at] + b"!", *facts[at + 1 :]]
    doubled = [*facts[: at + 1], facts[at], *facts[at + 1 :]]

    assert len({head(told) for told in (facts, swapped, removed, changed, doubled)}) == 5


OURS = frozenset({f"gtin:{GTIN}", f"lot:{GTIN}.L1", f"item:{GTIN}.S1", "asn:A1", "po:P1"})


@pytest.mark.parametrize(
    ("keys", "own"),
    [
        ({f"item:{GTIN}.S1"}, True),
        ({f"item:{GTIN}.S2", f"lot:{GTIN}.L1"}, False),
        ({f"lot:{GTIN}.L1", f"gtin:{GTIN}"}, True),
        ({f"lot:{GTIN}.L2", f"gtin:{GTIN}", "asn:A1"}, False),
        ({f"lot:{GTIN}.L1", "retail:R1"}, False),
        ({f"gtin:{GTIN}", "asn:A1", "decl:D1"}, True),
        ({f"gtin:{GTIN}", "asn:A2", "po:P1"}, False),
        ({f"gtin:{GTIN}", "po:P1"}, True),
        ({"gtin:09521234543299", "po:P1"}, False),
        ({"asn:A1"}, False),
        ({f"gtin:{GTIN}"}, False),
    ],
)
def test_what_belongs_to_the_story_of_an_item(keys: set[str], own: bool) -> None:
    assert rules.is_own_story(Told(frozenset(keys)), OURS) is own


def test_what_a_seller_says_belongs_to_its_own_items_only() -> None:
    of_lot = Told(frozenset({f"lot:{GTIN}.L1"}), by_seller=True)
    of_item = Told(frozenset({f"item:{GTIN}.S1"}), by_seller=True)

    assert not rules.is_own_story(of_lot, OURS)
    assert rules.is_own_story(of_item, OURS)


def test_a_lot_gets_no_more_labels_than_units() -> None:
    assert rules.plan_labels(received=10, issued=4, wanted=6) == 6
    with pytest.raises(rules.MoreLabelsThanGoods):
        rules.plan_labels(received=10, issued=4, wanted=7)
    for none in (0, -1, 100_001):
        with pytest.raises(rules.NothingToLabel):
            rules.plan_labels(received=10**6, issued=0, wanted=none)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("310120261012345678", "3101**********5678"),
        ("DEC-2026-000003", "DEC-*******0003"),
        ("SH-0042", "SH****42"),
        ("A1", "****"),
    ],
)
def test_a_declaration_number_is_partly_covered(number: str, shown: str) -> None:
    assert rules.masked(number) == shown


@given(st.binary(min_size=10, max_size=10))
def test_a_serial_holds_all_eighty_bits_and_is_read_back_however_it_is_typed(code: bytes) -> None:
    serial = links.serial(code)

    assert len(serial) == 16
    assert sum(links.ALPHABET.index(c) << 5 * (15 - i) for i, c in enumerate(serial)) == (
        int.from_bytes(code)
    )
    assert links.typed(links.grouped(serial).lower()) == serial
    assert links.typed(f" {serial} ".replace("0", "o").replace("1", "l")) == serial
    assert links.typed(links.digital_link("https://example.test", GTIN, "L1", serial)) == serial


@pytest.mark.parametrize("text", ["", "7KX2", "7KX2 9MBD 4QFT R8Z!", "U" * 16, "/21/", "编码"])
def test_what_is_no_serial_is_nothing(text: str) -> None:
    assert links.typed(text) is None


def test_the_link_is_a_gs1_digital_link() -> None:
    assert (
        links.digital_link("https://id.example.test/", "9521234543213", "A/1", "7KX29MBD4QFTR8ZA")
        == "https://id.example.test/01/09521234543213/10/A%2F1/21/7KX29MBD4QFTR8ZA"
    )
