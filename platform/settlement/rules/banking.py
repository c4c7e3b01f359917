"""What makes a bank account right, and who may put it in force.

A changed account is how payments are stolen: somebody writes in a supplier's name that its bank
is another one now. So two persons stand behind every account that money goes to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, NoReturn

from babel.core import get_global
from stdnum import bic, iban, numdb
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from core.errors import DomainError, InputError

#: Who entered an account stays away so long from approving what is paid to it.
STAYS_AWAY = timedelta(hours=24)
#: Companies of these kinds pay or are paid.
WITH_ACCOUNTS = frozenset({"importer", "supplier", "platform"})
LONGEST_BANK_NAME = 140
_LONGEST_SHOWN = 40
_FORM = re.compile(r"[A-Z0-9]{4,34}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class WrongAccount(InputError):
    """An account number has 4 to 34 letters and digits."""

    code = "settlement.wrong_account"
    field: ClassVar[str] = "account"


class IbanWanted(WrongAccount):
    """Accounts in the country of this bank have an IBAN: two letters, two check digits, and the
    account."""

    code = "settlement.iban_wanted"


class IbanLength(WrongAccount):
    """An IBAN of this country has another length or other signs."""

    code = "settlement.iban_length"


class IbanCheckDigits(WrongAccount):
    """The check digits of the IBAN do not fit the rest: one of its places is mistyped."""

    code = "settlement.iban_check_digits"


class WrongBic(InputError):
    """A BIC has 8 or 11 places: four letters for the bank, two for its country, two signs for the
    place and, where there are 11, three for the branch."""

    code = "settlement.wrong_bic"
    field: ClassVar[str] = "bic"


class WrongCurrency(InputError):
    """A currency is named by three capital letters, such as EUR."""

    code = "settlement.wrong_currency"
    field: ClassVar[str] = "currency"


class WrongBankName(InputError):
    """A bank has a name, of at most 140 characters."""

    code = "settlement.wrong_bank_name"
    field: ClassVar[str] = "bank_name"


class NoBankAccounts(InputError):
    """Only importers, suppliers and the platform's own company pay or are paid by transfer."""

    code = "settlement.no_bank_accounts"
    field: ClassVar[str] = "company"


class AccountWaits(DomainError):
    """Another account of this company in this currency waits for its second person. Confirm it or
    close it first."""

    code = "settlement.account_waits"


class SameAccount(InputError):
    """This account of the company is confirmed already."""

    code = "settlement.same_account"


class AccountNotWaiting(DomainError):
    """Only an account that waits for its second person is confirmed."""

    code = "settlement.account_not_waiting"


class AccountNeedsSecondPerson(DomainError):
    """Who entered a bank account does not confirm it; a second person of finance does."""

    code = "settlement.account_needs_second_person"


class AccountClosed(DomainError):
    """This bank account is closed already."""

    code = "settlement.account_closed"


class AccountEnteredLately(DomainError):
    """Who entered the supplier's bank account approves no payment to it for 24 hours; another
    person of finance does."""

    code = "settlement.account_entered_lately"


class AccountReplacedSincePrice(DomainError):
    """The supplier's bank account was replaced after this batch was priced. Price it again, then
    look at the account that it pays to."""

    code = "settlement.account_replaced_since_price"


class AccountReplacedSinceApproval(DomainError):
    """The supplier's bank account was replaced after this batch was approved. Who entered or
    confirmed the new one makes no payment file with it; another person of finance looks at the
    account and makes it."""

    code = "settlement.account_replaced_since_approval"


@dataclass(frozen=True, slots=True)
class Numbers:
    """An account as it is stored."""

    currency: str
    account: str
    bic: str
    bank_name: str


def check_numbers(*, currency: str, account: str, bic: str, bank_name: str) -> Numbers:
    """Raises WrongCurrency, WrongBic, a WrongAccount or WrongBankName."""
    code = currency.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise WrongCurrency(field="currency", given=currency[:_LONGEST_SHOWN])
    bank = check_bic(bic)
    name = " ".join("".join(s for s in bank_name if s.isprintable()).split())
    if not 0 < len(name) <= LONGEST_BANK_NAME:
        raise WrongBankName(field="bank_name", characters=len(name))
    return Numbers(code, check_account(account, country=bank[4:6]), bank, name)


def check_bic(given: str) -> str:
    """ISO 9362. Raises WrongBic."""
    plain = tidy(given)
    if not bic.is_valid(plain):
        raise WrongBic(field="bic", given=plain[:_LONGEST_SHOWN])
    return plain


def check_account(given: str, *, country: str) -> str:
    """An IBAN where the bank's country has one, else a national number.

    Raises WrongAccount, IbanWanted, IbanLength or IbanCheckDigits.
    """
    plain = tidy(given)
    if not _FORM.fullmatch(plain):
        _refuse(WrongAccount, plain)
    looks_like_one = plain[:2].isalpha() and plain[2:4].isdigit()
    if looks_like_one and has_iban(plain[:2]):
        try:
            return iban.validate(plain)
        except InvalidChecksum:
            _refuse(IbanCheckDigits, plain)
        except InvalidLength:
            _refuse(IbanLength, plain, places=len(plain))
        except ValidationError:
            _refuse(IbanLength, plain, places=len(plain))
    if has_iban(country):
        _refuse(IbanWanted, plain, country=country)
    return plain


def has_iban(country: str) -> bool:
    """Whether accounts in a country (two letters) have an IBAN."""
    return bool(numdb.get("iban").info(f"{country}00")[0][1])


def country_of(*, account: str, bic: str) -> str:
    """Where an account is kept, two letters: the IBAN says so, or else the bank."""
    return account[:2] if iban.is_valid(account) else bic[4:6]


def two_letters(country: str) -> str:
    """ISO 3166 alpha-2 of an alpha-3 code; payments take two letters, customs three."""
    return str(get_global("territory_aliases").get(country, [country])[0])


def tidy(number: str) -> str:
    """Full-width signs made plain, capitals, no spaces, dots or hyphens."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in plain if sign not in "-.‐‑–—/" and not sign.isspace())


def check_owner(kinds: Collection[str]) -> None:
    """Raises NoBankAccounts."""
    if not WITH_ACCOUNTS & {str(kind) for kind in kinds}:
        raise NoBankAccounts(field="company")


def check_confirmation(*, state: str, entered_by: int, confirmer: int) -> None:
    """Raises AccountNotWaiting or AccountNeedsSecondPerson."""
    if state != "entered":
        raise AccountNotWaiting
    if confirmer == entered_by:
        raise AccountNeedsSecondPerson


def check_stays_away(
    *, entered: Collection[tuple[int, datetime]], approver: int, now: datetime
) -> None:
    """``entered``: who entered the payee's accounts, and when. Raises AccountEnteredLately."""
    if any(who == approver and now - at < STAYS_AWAY for who, at in entered):
        raise AccountEnteredLately


def check_account_seen(*, confirmed: datetime | None, priced: datetime | None, batch: str) -> None:
    """The price was looked at beside the account in force. Raises AccountReplacedSincePrice."""
    if confirmed is not None and priced is not None and confirmed > priced:
        raise AccountReplacedSincePrice(batch=batch)


def check_account_approved(
    *, confirmed: datetime, approved: datetime, hands: Collection[int], maker: int, batch: str
) -> None:
    """``hands``: who entered and who confirmed the account. Raises AccountReplacedSinceApproval."""
    if confirmed > approved and maker in hands:
        raise AccountReplacedSinceApproval(batch=batch)


def _refuse(kind: type[WrongAccount], number: str, **facts: object) -> NoReturn:
    raise kind(field=kind.field, given=number[:_LONGEST_SHOWN], **facts)
