"""Whatever may stand in the fields of a message, reading it and writing it again gives the same
canonical XML: all nineteen kinds of CEB, the list and the pass of the zone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.rules.ceb.fields import Field, Fixed, Number, Text, Whole
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message, canonical, message_of, write
from customs.rules.ceb.reading import read
from customs.rules.ceb.tables import ENTITIES
from customs.rules.sas import documents as sas
from customs.rules.sas.tables import ENTITIES as OF_THE_ZONE
from tests.customs.ceb import made
from tests.customs.zone import ENVELOPE

#: Senders write names, blanks and signs of markup; what XML cannot hold is refused elsewhere.
SIGNS = st.sampled_from(["中", "é", "A", "7", " ", "<", "&", '"', "'", ">", "]", "\n", "𠮷"])
#: Around a value of the zone blanks say nothing.
SOLID = st.sampled_from(["中", "é", "A", "7", "<", "&", '"', "𠮷"])
ZONE_KINDS = [kind for kind in sas.KINDS.values() if kind.written_by_us]


def texts(least: int, most: int | None, signs: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    top = min(most if most is not None else 40, max(least, 40))
    return st.text(signs, min_size=least, max_size=top)


def value(field: Field, signs: st.SearchStrategy[str] = SIGNS) -> st.SearchStrategy[str]:
    """What may stand in a field, at its bounds more often than not."""
    match field:
        case Fixed(value=only):
            return st.sampled_from([only, ""])
        case Text(least=least, most=most):
            return texts(least, most, signs)
        case Number(digits=digits, decimals=decimals):
            whole = "9" * (digits - decimals)
            return st.sampled_from(["0", "-1.50", f"{whole}.{'9' * decimals}", "007.500"])
        case Whole(digits=digits):
            return st.sampled_from(["1", "-2", "2147483647"[: digits or 10]])
    raise AssertionError(field)


def values(
    fields: tuple[Field, ...], signs: st.SearchStrategy[str] = SIGNS
) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {one.name: value(one, signs) for one in fields if one.required},
        optional={one.name: value(one, signs) for one in fields if not one.required},
    )


def in_order(told: dict[str, str], fields: tuple[Field, ...]) -> dict[str, str]:
    return {one.name: told[one.name] for one in fields if one.name in told}


@st.composite
def messages(draw: st.DrawFn) -> Message:
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    entity = kind.head or kind.element

    def one(name: str) -> dict[str, str]:
        return in_order(draw(values(ENTITIES[name])), ENTITIES[name])

    elements = tuple(
        Business(
            one(entity),
            tuple(one(kind.lines) for _ in range(draw(st.integers(1, 2)))) if kind.lines else (),
        )
        for _ in range(1 if kind.most == 1 else draw(st.integers(1, 2)))
    )
    told = replace(made.message(kind.code), elements=elements)
    return replace(told, transfer=one("BaseTransfer")) if kind.signature else told


@settings(max_examples=60)
@given(message=messages(), prefix=st.sampled_from(["ceb", None]))
def test_a_message_of_any_values_is_the_same_when_it_is_written_again(
    message: Message, prefix: str | None
) -> None:
    told = replace(message, prefix=prefix)
    data = write(told)

    again = message_of(read(data))

    assert again == told
    assert write(again) == data
    assert canonical(data) == canonical(write(replace(again, prefix="q")))


@st.composite
def documents(draw: st.DrawFn) -> sas.Document:
    kind = draw(st.sampled_from(ZONE_KINDS))
    parts = {}
    for part in kind.parts:
        fields = OF_THE_ZONE[part.name]
        most = 1 if part.most == 1 else 2
        rows = draw(st.lists(values(fields, SOLID), min_size=part.least, max_size=most))
        parts[part.name] = [in_order(row, fields) for row in rows]
    system = draw(st.sampled_from([sas.SPECIAL_ZONE, sas.LOGISTICS_CENTRE]))
    return sas.Document(
        kind, ENVELOPE, parts, operator="330261A004", system=system, declare=draw(st.booleans())
    )


@settings(max_examples=20)
@given(document=documents())
def test_a_document_of_the_zone_is_the_same_when_it_is_written_again(
    document: sas.Document,
) -> None:
    data = sas.write(document)

    again = sas.document_of(sas.read(data))

    assert again.parts == document.parts
    assert (again.operator, again.system, again.declare) == (
        *(document.operator, document.system, document.declare),
    )
    assert sas.write(again) == data


@pytest.mark.parametrize("code", KINDS)
def test_the_command_writes_every_kind_again(
    code: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    data = write(made.whole(code))
    file = tmp_path / "a.xml"
    file.write_bytes(data)

    call_command("ceb_read", str(file), xml=True)

    assert canonical(capsysbinary.readouterr().out.strip()) == canonical(data)
