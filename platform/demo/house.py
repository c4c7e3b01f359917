"""The companies and people of the demo house, made once and found again."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import Company, CompanyKind, Membership, Role, User
from accounts.rules.identity import check_numbers
from accounts.second_factor import NEEDS_SECOND_FACTOR
from catalog.models import TradingPartner
from core.fields import encrypted
from core.numbers import next_number
from settlement.models import AccountState, BankAccount, SettlementPolicy
from settlement.rules.banking import check_numbers as check_numbers_of_bank
from warehouse.models import BondedWarehouse

DATA = Path(__file__).parent / "data"
PASSWORD = "bondpool-demo"  # noqa: S105 - the demo's logins are printed for everybody
#: When the house began: its bank's terms and its accounts are from that day.
OPENED = datetime(2016, 1, 1, 1, 0, tzinfo=UTC)
_ACCOUNT = ("currency", "account", "bic", "bank_name")
_NUMBERS = ("uscc", "lei", "vat_number", "customs_code")
_ADDRESS = ("name_zh", "name_en", "street", "town", "postcode", "country")


@dataclass(frozen=True, slots=True)
class House:
    """Who acts in the story."""

    platform: Company
    importer: Company
    bonded_warehouse: BondedWarehouse
    partners: dict[str, TradingPartner]
    people: dict[str, User]

    @property
    def operator(self) -> User:
        return self.people["operator@bondpool.example"]

    @property
    def second_operator(self) -> User:
        return self.people["operator2@bondpool.example"]

    @property
    def maker(self) -> User:
        return self.people["finance1@bondpool.example"]

    @property
    def checker(self) -> User:
        return self.people["finance2@bondpool.example"]

    @property
    def receiver(self) -> User:
        return self.people["warehouse@bondpool.example"]


def rows(name: str) -> list[dict[str, str]]:
    """A file of ``data/`` as rows."""
    return list(csv.DictReader(io.StringIO((DATA / name).read_text("utf-8"))))


def furnish() -> House:
    """Make what is missing of the house and return it; safe to run again."""
    plan = tomllib.loads((DATA / "house.toml").read_text("utf-8"))
    platform, importer, operator = (
        _company(plan[part]) for part in ("platform", "importer", "warehouse")
    )
    for seller in rows("sellers.csv"):
        _company({**seller, "kinds": [CompanyKind.SELLER]})
    book = plan["bonded_warehouse"]
    bonded, _made = BondedWarehouse.objects.get_or_create(
        code=book["code"], defaults={**book, "operator": operator}
    )
    _policy(importer, plan["policy"])
    house = House(
        platform=platform,
        importer=importer,
        bonded_warehouse=bonded,
        partners={row["code"]: _partner(row) for row in rows("suppliers.csv")},
        people={person["email"]: _person(person) for person in plan["people"]},
    )
    for account in plan["bank_accounts"]:
        _account(importer, account, house)
    for row in rows("suppliers.csv"):
        _account(house.partners[row["code"]].company, row, house)
    return house


def sellers_named(codes: Iterable[str]) -> dict[str, Company]:
    """Sellers by code; those a forecast file names and nobody knows are admitted."""
    wanted = sorted(set(codes))
    known = set(Company.objects.filter(code__in=wanted).values_list("code", flat=True))
    Company.objects.bulk_create(
        Company(
            code=code,
            kinds=[CompanyKind.SELLER],
            name_zh=f"店铺 {code}",
            name_en=f"Shop {code}",
        )
        for code in wanted
        if code not in known
    )
    return {company.code: company for company in Company.objects.filter(code__in=wanted)}


def logins() -> list[tuple[str, str, str]]:
    """(e-mail, role, company) of the demo's people, as the summary prints them."""
    members = Membership.objects.filter(user__email__endswith="@bondpool.example")
    return [
        (member.user.email, str(Role(member.role).label), member.company.name)
        for member in members.select_related("user", "company").order_by("pk")
    ]


def _company(said: Mapping[str, Any]) -> Company:
    numbers = {name: str(said.get(name, "")) for name in _NUMBERS}
    kept = {name: said.get(name, "") for name in _ADDRESS}
    kept |= check_numbers(numbers, country=said["country"])
    company, _made = Company.objects.get_or_create(
        code=said["code"], defaults={**kept, "kinds": list(said["kinds"])}
    )
    return company


def _partner(row: Mapping[str, str]) -> TradingPartner:
    company = _company({**row, "kinds": [CompanyKind.SUPPLIER]})
    kept = {name: row[name] for name in ["currency", "departure_port"]}
    partner, _made = TradingPartner.objects.get_or_create(company=company, defaults=kept)
    return partner


def _account(company: Company, said: Mapping[str, str], house: House) -> None:
    """Two persons of finance stood behind it, long before the quarter that is told."""
    if BankAccount.objects.filter(company=company, currency=said["currency"]).exists():
        return
    BankAccount.objects.create(
        number=next_number("BA", OPENED.year),
        company=company,
        **asdict(check_numbers_of_bank(**{name: said[name] for name in _ACCOUNT})),
        state=AccountState.CONFIRMED,
        entered_by=house.maker,
        entered_at=OPENED,
        confirmed_by=house.checker,
        confirmed_at=OPENED + timedelta(hours=1),
    )


def _person(said: Mapping[str, str]) -> User:
    user = User.objects.filter(email=said["email"]).first()
    if user is None:
        user = User.objects.create_user(said["email"], PASSWORD, name=said["name"])
    company = Company.objects.get(code=said["company"])
    Membership.objects.get_or_create(
        user=user, company=company, role=said["role"], defaults={"is_admin": True}
    )
    if said["role"] in NEEDS_SECOND_FACTOR:
        Authenticator.objects.get_or_create(
            user=user,
            type=Authenticator.Type.TOTP,
            defaults={"data": {"secret": encrypted(totp_secret(user.email))}},
        )
    return user


def totp_secret(email: str) -> str:
    """What the authenticator app of a demo login holds: another in each checkout."""
    seed = f"demo second factor {email}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), seed, hashlib.sha256)
    return base64.b32encode(digest[:20]).decode()


def _policy(debtor: Company, said: Mapping[str, Any]) -> None:
    SettlementPolicy.objects.get_or_create(
        debtor=debtor,
        valid_from=OPENED.date(),
        defaults={
            "period": said["period"],
            "wire_fee_minor": said["wire_fee_minor"],
            "spread_bp": Decimal(said["spread_bp"]),
            "bulk_spread_bp": Decimal(said["bulk_spread_bp"]),
            "bulk_from_minor": said["bulk_from_minor"],
        },
    )
