"""Our own tables beside the official schema: what one refuses, the other refuses."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from customs.queries.messages import AgainstSchema, check
from customs.rules.ceb.fields import Fixed, Number, Text
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import canonical, message_of, write
from customs.rules.ceb.official import SchemaMissing, official_schema
from customs.rules.ceb.reading import read, tag
from customs.rules.ceb.signed import NotBase64
from customs.rules.ceb.tables import ENTITIES
from tests.customs.ceb import made

XSD = Path(__file__).resolve().parents[4] / "shared" / "data" / "customs" / "ceb" / "xsd-202205"

needs_schema = pytest.mark.skipif(
    not XSD.exists(), reason="the official schema (../shared/data/customs/ceb) is not here"
)
TEXTS = (
    *("", "x", " 5 ", "5\n", "+5", "--5", ".", "1e5", "NaN", "1,5", "٣", "\t", "142"),
    *("1" * 19, "1" * 20, "1.123456", "1.1234500", "0.00001", "123456789012345.12345"),
    *("0000000000000000000000001", "2147483647", "2147483648", "-2147483649", "9999999999"),
    *("a" * 36, "a" * 37, "é" * 36, "x" * 61, "x" * 101, "x" * 1001, "中" * 200),
)


@cache
def schema() -> etree.XMLSchema:
    return official_schema(str(XSD))


def spoiled(root: etree._Element, random: Random) -> None:
    """Do to a message what senders do to messages."""
    everything = [one for one in root.iter("*") if not str(one.tag).startswith("{http://www.w3")]
    leaves = [one for one in everything if len(one) == 0]
    one, leaf = random.choice(everything), random.choice(leaves)
    match random.randrange(9):
        case 0 | 1 | 2:
            leaf.text = random.choice(TEXTS)
        case 3 if one is not root:
            one.getparent().remove(one)  # type: ignore[union-attr]
        case 4 if one is not root:
            one.addnext(deepcopy(one))
        case 5 if len(one) > 1:
            place = random.randrange(len(one) - 1)
            one.insert(place, one[place + 1])
        case 6:
            one.append(etree.Element(tag("colour")))
        case 7:
            one.set("colour", "red")
        case _:
            one.text = (one.text or "") + random.choice(("x", " "))


@needs_schema
@settings(max_examples=150)
@given(
    code=st.sampled_from(sorted(KINDS)),
    elements=st.integers(1, 3),
    lines=st.integers(1, 3),
    times=st.integers(0, 2),
    random=st.randoms(use_true_random=False),
)
def test_our_tables_and_the_official_schema_agree(
    code: str, elements: int, lines: int, times: int, random: Random
) -> None:
    if KINDS[code].most == 1:
        elements = 1
    root = etree.fromstring(write(made.message(code, elements=elements, lines=lines)))
    for _ in range(times):
        spoiled(root, random)
    data = etree.tostring(root, encoding="utf-8")
    reading = read(data)
    assert schema().validate(etree.fromstring(data)) == reading.valid
    if reading.valid:
        assert canonical(write(message_of(reading))) == canonical(data)


@needs_schema
@pytest.mark.parametrize("code", KINDS)
def test_every_field_at_its_bounds_is_judged_as_the_schema_judges_it(code: str) -> None:
    data = write(made.whole(code))
    kind = KINDS[code]
    around = ("BaseTransfer", "BaseSubscribe") if kind.signature else ()
    entities = [one for one in (kind.head or kind.element, kind.lines, *around) if one]
    for entity in entities:
        for field in ENTITIES[entity]:
            for text in bounds(field):
                root = etree.fromstring(data)
                leaf = root.find(f".//{tag(entity)}/{tag(field.name)}")
                assert leaf is not None, (entity, field.name)
                leaf.text = text
                changed = etree.tostring(root, encoding="utf-8")
                official = schema().validate(etree.fromstring(changed))
                assert official == read(changed).valid, (entity, field.name, text)


def bounds(field: object) -> list[str]:
    """Just inside and just outside of what a field may hold."""
    match field:
        case Text(least=least, most=most):
            lengths = {least - 1, least, *([most, most + 1] if most is not None else [])}
            return ["中" * length for length in sorted(lengths) if length >= 0]
        case Number(digits=digits, decimals=decimals):
            whole = digits - decimals
            return [
                "9" * whole + "." + "9" * decimals,
                "9" * (whole + 1) + "." + "9" * decimals,
                "0." + "0" * decimals + "1",
            ]
        case Fixed(value=value):
            return [value, "", value + "0"]
    return ["2147483647", "2147483648", "-2147483649", "999999999", "1000000000"]


@needs_schema
def test_the_official_schema_is_asked_where_it_is_given(settings: object) -> None:
    settings.BONDPOOL_CEB_XSD = str(XSD)  # type: ignore[attr-defined]
    assert check(write(made.message("CEB621"))).valid
    # Ours is the stricter one where libxml2 takes anything for Base64.
    found = check(write(made.message("CEB621")).replace(b">AAAA<", b">?<")).faults
    assert [type(one.error) for one in found] == [NotBase64]


@needs_schema
def test_what_only_the_schema_refuses_is_told_with_its_words(settings: object) -> None:
    settings.BONDPOOL_CEB_XSD = str(XSD)  # type: ignore[attr-defined]
    data = write(made.message("CEB621")).replace(b"</ds:KeyName>", b"</ds:KeyName><ds:KeyValue/>")
    (fault,) = check(data).faults
    assert type(fault.error) is AgainstSchema
    assert "KeyValue" in str(fault.error.facts["detail"])


def test_a_schema_that_is_not_there_is_said(tmp_path: Path, settings: object) -> None:
    settings.BONDPOOL_CEB_XSD = str(tmp_path)  # type: ignore[attr-defined]
    with pytest.raises(SchemaMissing):
        check(write(made.message("CEB621")))
    (tmp_path / "other.xsd").write_text("<not/>")
    with pytest.raises(SchemaMissing):
        check(write(made.message("CEB621")))
