"""Companies and people. Call inside ``platform_wide()`` or on tables without a wall."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher, make_password
from django.test import Client
from stdnum.cn import uscc
from stdnum.iso7064 import mod_97_10

from accounts.models import Company, CompanyKind, Membership, Role, User
from accounts.second_factor import NEEDS_SECOND_FACTOR
from core.fields import encrypted

PASSWORD = "correct horse"
#: What every test person's authenticator app holds.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def uscc_of(body: str) -> str:
    """A unified social credit code with a right check digit, from its first 17 places."""
    return body + str(uscc.calc_check_digit(body))


def lei_of(body: str) -> str:
    """A legal entity identifier with right check digits, from its first 18 places."""
    return body + str(mod_97_10.calc_check_digits(body))


class CompanyFactory(factory.django.DjangoModelFactory[Company]):
    """A seller in China, unless told otherwise."""

    class Meta:
        model = Company

    code = factory.Sequence(lambda n: f"S{n:04d}")
    kinds = factory.LazyFunction(lambda: [CompanyKind.SELLER.value])
    name_zh: Any = factory.LazyAttribute(lambda c: f"示例商贸{c.code}有限公司")
    name_en: Any = factory.LazyAttribute(lambda c: f"Example Trading {c.code} Ltd")
    street = "保税路 1 号"
    town = "宁波"
    postcode = "315800"
    country = "CHN"


class SellerFactory(CompanyFactory):
    """A small seller."""


class ImporterFactory(CompanyFactory):
    """An importer of record: it buys, declares and pays."""

    code = factory.Sequence(lambda n: f"IMP{n:02d}")
    kinds = factory.LazyFunction(lambda: [CompanyKind.IMPORTER.value])
    name_zh = "示例进出口有限公司"
    name_en = "Example Import Export Ltd"
    uscc = factory.Sequence(lambda n: uscc_of(f"91330201MA9{n:06d}"))
    customs_code = "3302960001"


class WarehouseOperatorFactory(CompanyFactory):
    """Runs a bonded warehouse."""

    code = factory.Sequence(lambda n: f"WH{n:02d}")
    kinds = factory.LazyFunction(lambda: [CompanyKind.WAREHOUSE.value])
    name_zh = "示例保税仓储有限公司"
    name_en = "Example Bonded Storage Ltd"
    customs_code = "3302W60001"


class SupplierCompanyFactory(CompanyFactory):
    """A maker abroad."""

    code = factory.Sequence(lambda n: f"SUP{n:02d}")
    kinds = factory.LazyFunction(lambda: [CompanyKind.SUPPLIER.value])
    name_zh = factory.LazyAttribute(lambda c: f"示例供应商 {c.code}")
    name_en = factory.LazyAttribute(lambda c: f"Example Supplier {c.code} GmbH")
    street = "Musterstr. 1"
    town = "Hamburg"
    postcode = "20095"
    country = "DEU"


class PlatformCompanyFactory(CompanyFactory):
    """The platform operator: what packs and minimum add is its own."""

    code = factory.Sequence(lambda n: f"PLATFORM{n or ''}")
    kinds = factory.LazyFunction(lambda: [CompanyKind.PLATFORM.value])
    name_zh = "示例平台运营有限公司"
    name_en = "Example Platform Ltd"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person; signs in with ``PASSWORD``."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.test")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        hashed = _hashed(fields.pop("password", PASSWORD), get_hasher())
        user = model_class.objects.create(*args, password=hashed, **fields)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


@cache
def _hashed(password: str, hasher: BasePasswordHasher) -> str:
    """Hashing may be slow on purpose: once a run is enough."""
    return make_password(password, hasher=hasher)


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A person acts for a seller, unless told otherwise."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    company = factory.SubFactory(SellerFactory)
    role = Role.SELLER.value

    @classmethod
    def _create(cls, model_class: type[Membership], *args: Any, **fields: Any) -> Membership:
        """Finance and operators have the second factor they need; ``second_factor=False`` not."""
        wanted = fields.pop("second_factor", fields.get("role") in NEEDS_SECOND_FACTOR)
        membership = model_class.objects.create(*args, **fields)
        if wanted:
            give_second_factor(membership.user)
        return membership


def give_second_factor(user: User) -> Authenticator:
    """An authenticator app that holds ``SECRET``."""
    made, _new = Authenticator.objects.get_or_create(
        user=user,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": encrypted(SECRET)}},
    )
    return made


def confirm(client: Client, *, seconds_ago: float = 0, method: str = "mfa") -> Client:
    """As if whoever is signed in had just shown once more who it is."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - seconds_ago, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client
