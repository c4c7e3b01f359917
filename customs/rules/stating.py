"""What an importer states of an entry: columns 44 to 46 of the form, ports, packing, the broker.

The filling rules of the form (2019 edition, columns 17, 20, 21, 23, 44 to 46 and 48) ask these of
the importer: nothing here is taken for granted, and what was not answered keeps the form from being
printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.errors import DomainError, InputError

#: Fields that the statement answers.
STATED = frozenset(
    {
        *("special_relation", "price_influence", "royalties"),
        *("departure_port", "call_port", "package_kind"),
    }
)
_USCC = re.compile(r"[0-9A-Z]{18}")
_CUSTOMS_CODE = re.compile(r"[0-9A-Z]{10}")
_LONGEST_NAME = 100


class Answer(StrEnum):
    """In one place on the form (PromiseItmes)."""

    NO = "0"
    YES = "1"
    NOT_APPLICABLE = "9"


class AnswerUnknown(InputError):
    """Special relation, price influence and royalties are answered yes (1), no (0) or not
    applicable (9)."""

    code = "customs.answer_unknown"


class PortNotInTable(InputError):
    """A port abroad is named by its code in customs' table of ports, six characters."""

    code = "customs.port_not_in_table"


class PackingNotInTable(InputError):
    """The kind of packing is a code of customs' table, two digits."""

    code = "customs.packing_not_in_table"


class BrokerIncomplete(InputError):
    """A broker is named with its social credit code (18 places) and its customs registration
    (10 places)."""

    code = "customs.broker_incomplete"


class StatementPrinted(DomainError):
    """The declaration was printed with a statement: it is set aside, or withdrawn with customs,
    before another is made."""

    code = "customs.statement_printed"


@dataclass(frozen=True, slots=True)
class Broker:
    """Who declares for the importer."""

    name: str = ""
    uscc: str = ""
    customs_code: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as an importer makes it; the answers are those of :class:`Answer`.

    ``departure_port`` and ``call_port`` may be empty: the supplier's own port, and no other ship.
    """

    special_relation: str
    price_influence: str
    royalties: str
    package_kind: str
    departure_port: str = ""
    call_port: str = ""
    broker: Broker = Broker()


def check_told(told: Told, *, ports: Collection[str], packings: Collection[str]) -> Told:
    """What was told, tidied. ``ports`` and ``packings`` are the codes of the day.

    Raises AnswerUnknown, PortNotInTable, PackingNotInTable or BrokerIncomplete, naming the field.
    """
    for field in ("special_relation", "price_influence", "royalties"):
        value = getattr(told, field)
        if value not in list(Answer):
            raise AnswerUnknown(field=field, value=value)
    found = Told(
        special_relation=told.special_relation,
        price_influence=told.price_influence,
        royalties=told.royalties,
        package_kind=told.package_kind.strip(),
        departure_port=told.departure_port.strip().upper(),
        call_port=told.call_port.strip().upper(),
        broker=Broker(
            name=" ".join(told.broker.name.split()),
            uscc=told.broker.uscc.strip().upper(),
            customs_code=told.broker.customs_code.strip().upper(),
        ),
    )
    for field in ("departure_port", "call_port"):
        value = getattr(found, field)
        if value and value not in ports:
            raise PortNotInTable(field=field, value=value)
    if found.package_kind not in packings:
        raise PackingNotInTable(field="package_kind", value=found.package_kind)
    _check_broker(found.broker)
    return found


def _check_broker(broker: Broker) -> None:
    if broker == Broker():
        return
    wanted = {
        "broker_name": 0 < len(broker.name) <= _LONGEST_NAME,
        "broker_uscc": _USCC.fullmatch(broker.uscc) is not None,
        "broker_customs_code": _CUSTOMS_CODE.fullmatch(broker.customs_code) is not None,
    }
    for field, is_right in wanted.items():
        if not is_right:
            raise BrokerIncomplete(field=field)
