"""What may be said of who stands on messages to customs."""

from __future__ import annotations

import re

from core.errors import DomainError, InputError

_CODE = re.compile(r"[0-9A-Z]{10}|[0-9A-Z]{18}")
_ASSURE = re.compile(r"[0-9A-Z]{1,30}")
_PREFIX = re.compile(r"[0-9A-Z]{0,12}")
_FOUR = re.compile(r"[0-9]{4}")
_MODE = re.compile(r"[0-9A-Z]")
_SITE = re.compile(r"[0-9A-Z]{0,10}")
_SERIAL = re.compile(r"[0-9A-Za-z_.-]{0,60}")


class CustomsCodeWrong(InputError):
    """A company's code at customs has 10 characters, or 18: digits and capital letters."""

    code = "customs.company_code_wrong"


class AssureCodeWrong(InputError):
    """The guarantor's number has up to 30 digits and capital letters."""

    code = "customs.assure_code_wrong"


class PrefixWrong(InputError):
    """What waybills begin with has up to 12 digits and capital letters."""

    code = "customs.waybill_prefix_wrong"


class PayerIncomplete(InputError):
    """Whoever has us tell of payments names the payment company, by code and name."""

    code = "customs.payer_incomplete"


class AgentUnknown(InputError):
    """No importer of this platform has this code."""

    code = "customs.agent_unknown"


class AgentWithoutCode(DomainError):
    """The importer has no customs code in its company's data yet; without it, it cannot declare."""

    code = "customs.agent_without_code"


class PortCodeWrong(InputError):
    """A customs office has four digits."""

    code = "customs.port_code_wrong"


class TrafficModeWrong(InputError):
    """A mode of transport is one digit or capital letter."""

    code = "customs.traffic_mode_wrong"


class SiteCodeWrong(InputError):
    """A supervised site has up to ten digits and capital letters."""

    code = "customs.site_code_wrong"


class ItemRecordUnknown(InputError):
    """A list's line names the item of the account book, or its material number."""

    code = "customs.item_record_unknown"


class SerialWrong(InputError):
    """A payment's serial number and a waybill have up to 60 letters, digits, hyphens and dots."""

    code = "customs.serial_wrong"


class WaybillTaken(DomainError):
    """This waybill is another parcel's: a carrier gives a number to no other parcel for six
    months."""

    code = "customs.waybill_taken"


class ParcelToldAlready(DomainError):
    """This parcel was told to customs already: of its numbers only those that customs refused can
    be changed."""

    code = "customs.parcel_told_already"


class GoodsApart(DomainError):
    """The goods of this parcel lie in two account books or houses, and customs' lists name one: its
    order is cancelled and comes again as one parcel for each."""

    code = "customs.goods_apart"


class NothingRefused(DomainError):
    """Nothing of this retail list came back that could be told anew: it is on its way, taken,
    released or void."""

    code = "customs.nothing_refused"


class NothingWent(DomainError):
    """Something is missing for this retail list, and nothing of it went: its page says what."""

    code = "customs.nothing_went"


class TooManyAnew(InputError):
    """At most 1,000 retail lists are told anew together."""

    code = "customs.too_many_anew"


def company_code(text: str, *, field: str) -> str:
    """Raises CustomsCodeWrong."""
    tidied = text.strip().upper()
    if not _CODE.fullmatch(tidied):
        raise CustomsCodeWrong(field=field)
    return tidied


def assure_code(text: str) -> str:
    """Raises AssureCodeWrong."""
    return _held(text, _ASSURE, AssureCodeWrong(field="assure_code"))


def waybill_prefix(text: str) -> str:
    """Raises PrefixWrong."""
    return _held(text, _PREFIX, PrefixWrong(field="waybill_prefix"))


def port_code(text: str) -> str:
    """Raises PortCodeWrong."""
    return _held(text, _FOUR, PortCodeWrong(field="port_code"))


def traffic_mode(text: str) -> str:
    """Raises TrafficModeWrong."""
    return _held(text, _MODE, TrafficModeWrong(field="traf_mode"))


def site_code(text: str) -> str:
    """Raises SiteCodeWrong."""
    return _held(text, _SITE, SiteCodeWrong(field="site_code"))


def serial(text: str, *, field: str) -> str:
    """Raises SerialWrong."""
    tidied = text.strip()
    if not _SERIAL.fullmatch(tidied):
        raise SerialWrong(field=field)
    return tidied


def _held(text: str, form: re.Pattern[str], error: InputError) -> str:
    tidied = text.strip().upper()
    if not form.fullmatch(tidied):
        raise error
    return tidied
