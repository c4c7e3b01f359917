from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.vouching import UserManager
from core.fields import CountryField, EncryptedTextField
from core.history import tracked
from core.walls import owned_by


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
    knows their form. Whom an operator enters is admitted; who applies is an applicant first, and
    holds its social credit code against nobody: anybody can state any number.
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
                condition=~models.Q(uscc="") & ~models.Q(status="applicant"),
                name="one_admitted_company_per_social_credit_code",
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


@tracked(called="email", exclude=("password", "last_login", "stint"))
class User(AbstractBaseUser, PermissionsMixin):
    """A person. What it may do comes from its memberships, not from itself.

    ``stint`` counts how often all its sessions were ended: a session of an earlier one is none.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    #: Of the letters to this person.
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    stint = models.PositiveSmallIntegerField(default=1)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must know to be one of this person's, here and under older keys."""
        known: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return known if self.stint == 1 else f"{known}:{self.stint}"


class CurrentMembers(models.Manager["Membership"]):
    """Those who have not left. What they did while they belonged still names them."""

    def get_queryset(self) -> models.QuerySet[Membership]:
        return super().get_queryset().filter(ended_at__isnull=True)


@tracked(owner="it.company_id", called="user__email", exclude=("stint",))
class Membership(models.Model):
    """A person acts for a company in one role, until ``ended_at``.

    ``is_admin``: may say who else belongs to the company, and make its keys. ``stint`` counts how
    often its keys were ended, by another role too: a key of an earlier one opens nothing again.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    is_admin = models.BooleanField(default=False)
    stint = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentMembers()
    with_past = models.Manager["Membership"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "company", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_current_membership_per_role_in_a_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}@{self.company_id}:{self.role}"


@tracked(owner="it.company_id", called="email")
class Invitation(models.Model):
    """Somebody is asked by e-mail to act for a company.

    The link in the mail is signed and holds ``issue``: sending again makes the links before
    it worthless. It serves once, and not after ``expires_at``. Nobody invited the first operator
    of a house (``invited_by`` is empty): there was none yet.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    is_admin = models.BooleanField(default=False)
    issue = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "email", "role"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_person_and_role",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="an_invitation_is_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class AccountLetter(models.Model):
    """An e-mail about somebody's own account, waiting for the worker, who deletes it once sent.

    It may hold a link that opens the account, so what it says is encrypted, and kept no longer
    than the link opens anything (``keep_until``). ``about`` names what it is about.
    """

    to = models.EmailField(max_length=320)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    facts = EncryptedTextField()
    about = models.CharField(max_length=40, blank=True, db_index=True)
    message_id = models.CharField(max_length=120, unique=True)
    queued_at = models.DateTimeField()
    keep_until = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at"], name="letters_by_due")]

    def __str__(self) -> str:
        return self.message_id


class AdmissionState(models.TextChoices):
    """On whom an admission waits, or how it ended."""

    WAITING = "waiting", _("waits for the operator")
    ASKED = "asked", _("waits for the applicant")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")


@tracked(owner="it.company_id", called="company__code")
class Admission(models.Model):
    """Where a company stands with the platform; ``since`` is the time of its last step.

    A company that an operator entered has none until something is decided about it.
    """

    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="admission")
    state = models.CharField(max_length=10, choices=AdmissionState)
    since = models.DateTimeField()

    objects = owned_by("company")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "since"], name="admissions_by_age")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["waiting", "asked", "admitted", "refused", "suspended"]
                ),
                name="an_admission_has_one_of_five_states",
            )
        ]

    def __str__(self) -> str:
        return f"admission {self.pk}"


class DocumentKind(models.TextChoices):
    LICENCE = "licence", _("business licence")
    BRAND = "brand", _("brand authorisation")
    OTHER = "other", _("other document")


class AdmissionDocument(models.Model):
    """A file that an applicant handed in, as it came. Insert-only.

    ``media_type`` is what the content is, whatever its name says; nothing here opens the file.
    """

    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="documents")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=DocumentKind)
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["admission", "sha256"], name="one_row_per_file_of_an_admission"
            ),
            models.CheckConstraint(
                condition=models.Q(media_type__in=["application/pdf", "image/png", "image/jpeg"]),
                name="a_document_is_a_pdf_or_an_image",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class StepKind(models.TextChoices):
    APPLIED = "applied", _("applied")
    ASKED = "asked", _("asked back")
    ANSWERED = "answered", _("answered")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")
    SUSPENDED = "suspended", _("suspended")
    REINSTATED = "reinstated", _("reinstated")


class AdmissionStep(models.Model):
    """What somebody did about an admission, and why. Insert-only."""

    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="steps")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=StepKind)
    reason = models.TextField(blank=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    objects = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="applied") | ~models.Q(reason=""),
                name="every_decision_has_its_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class AccountEventKind(models.TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    FAILED = "failed", _("wrong password or code")
    LOCKED_OUT = "locked_out", _("turned away after too many tries")
    RESET_ASKED = "password_reset_key", _("asked for a new password")
    PASSWORD_RESET = "password_reset", _("password set by mailed link")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    EMAIL_CHANGED = "email_changed", _("e-mail changed")
    APP_ADDED = "totp_activated", _("authenticator app set up")
    APP_REMOVED = "totp_deactivated", _("authenticator app removed")
    CODES_MADE = "recovery_codes_generated", _("recovery codes made")
    PASSKEY_ADDED = "webauthn_added", _("passkey added")
    PASSKEY_REMOVED = "webauthn_removed", _("passkey removed")
    CLOSED = "account_closed", _("account closed by an operator")
    REOPENED = "account_reopened", _("account reopened by an operator")
    FACTOR_RESET = "second_factor_reset", _("second factor reset by an operator")


class AccountEvent(models.Model):
    """Something happened at the gate, or to a key of an account. Insert-only.

    ``email`` is what was typed, whether or not it is anybody's; after a change it is the new one.
    ``by`` did it to somebody else, and said why.
    """

    kind = models.CharField(max_length=24, choices=AccountEventKind)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="account_events"
    )
    email = models.CharField(max_length=254, db_index=True)
    address = models.CharField(max_length=64, db_index=True)
    agent = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
