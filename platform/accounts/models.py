from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.fields import CountryField
from core.history import tracked


class CompanyKind(models.TextChoices):
    SELLER = "seller", _("seller")
    IMPORTER = "importer", _("importer of record")
    WAREHOUSE = "warehouse", _("bonded-warehouse operator")
    SUPPLIER = "supplier", _("supplier")
    PLATFORM = "platform", _("platform operator")


class Role(models.TextChoices):
    """What a person does for a company; it decides what is seen."""

    SELLER = "seller", _("seller")
    IMPORTER = "importer", _("importer")
    WAREHOUSE = "warehouse", _("warehouse")
    FINANCE = "finance", _("finance")
    OPERATOR = "operator", _("platform operator")


class CompanyStatus(models.TextChoices):
    """Whether a company may trade here; an operator decides (accounts.services.admitting)."""

    APPLICANT = "applicant", _("applicant")
    ADMITTED = "admitted", _("admitted")
    SUSPENDED = "suspended", _("suspended")


@tracked(owner="it.id", called="code")
class Company(models.Model):
    """A legal person that acts on the platform; one company can be of several kinds.

    ``code`` is short and stable, used in files (a seller's forecast file names it).
    ``customs_code`` is the ten-place registration number with customs, where there is one.
    The numbers are checked by ``accounts.rules.identity`` before they come here; the database
    knows their form. Whom an operator enters is admitted; who applies is an applicant first.
    """

    code = models.CharField(max_length=32, unique=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=CompanyKind))
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18, blank=True)
    lei = models.CharField(max_length=20, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    customs_code = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, choices=CompanyStatus, default=CompanyStatus.ADMITTED)
    street = models.CharField(max_length=140, blank=True)
    town = models.CharField(max_length=35, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    country = CountryField(default="CHN")
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    contact_email = models.EmailField(blank=True)

    class Meta:
        verbose_name_plural = "companies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~models.Q(uscc=""),
                name="one_company_per_social_credit_code",
            ),
            models.UniqueConstraint(
                fields=["lei"], condition=~models.Q(lei=""), name="one_company_per_lei"
            ),
            models.CheckConstraint(
                condition=models.Q(uscc="")
                | models.Q(uscc__regex=r"^[0-9]{8}[0-9A-HJ-NPQRTUWXY]{10}$"),
                name="a_social_credit_code_has_its_form",
            ),
            models.CheckConstraint(
                condition=models.Q(lei="") | models.Q(lei__regex=r"^[0-9A-Z]{18}[0-9]{2}$"),
                name="an_lei_has_its_form",
            ),
            models.CheckConstraint(
                condition=models.Q(vat_number="") | models.Q(vat_number__regex=r"^[0-9A-Z]{4,20}$"),
                name="a_vat_number_has_its_form",
            ),
            models.CheckConstraint(
                condition=models.Q(customs_code="")
                | models.Q(customs_code__regex=r"^[0-9]{4}[0-9A-Z]{6}$"),
                name="a_customs_code_has_its_form",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["applicant", "admitted", "suspended"]),
                name="a_company_stands_in_one_of_three_ways",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@tracked(called="email", exclude=("password", "last_login"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person. What it may do comes from its memberships, not from itself."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.email


@tracked(owner="it.company_id", called="user__email")
class Membership(models.Model):
    """A person acts for a company in one role."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "company", "role"], name="one_membership_per_role_in_a_company"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.company_id}:{self.role}"
