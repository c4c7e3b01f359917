"""What goes to the authority: by which way, which message, and what is in it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.fields import EncryptedTextField
from core.history import tracked
from core.models import QueuedWork, Steps
from core.walls import owned_by
from customs.models.declaring import Declaration, RetailList
from customs.rules.zone_lists import Act
from warehouse.models import RetailOrder

#: How what is kept of a gateway that does not answer begins, and what its company is told.
_TROUBLES = (
    ("FileNotFoundError", _("Its folder is not there.")),
    ("PermissionError", _("We have no right to write into its folder.")),
    ("no answer", _("It gave no answer in time.")),
    ("no ", _("Its address or its keys are not told in our settings.")),
)


class GatewayKind(models.TextChoices):
    """How messages are handed to the exchange: a module of :mod:`customs.gateways` each."""

    FOLDER = "folder", _("folders of the e-port client")
    AMQP = "amqp", _("message queue (AMQP)")


class SignerKind(models.TextChoices):
    """Who holds the key that signs: nobody, a file, or a card or server by its adapter."""

    NONE = "none", pgettext_lazy("signer", "nobody: the client signs")
    FILE = "file", _("key file (PKCS#12)")
    DEVICE = "device", _("card or signature server")


@tracked(
    owner="it.company_id",
    called="code",
    exclude=("next_at", "paused_until", "failures", "last_error", "last_sent_at"),
)
class Gateway(models.Model):
    """A party's way to the authority's exchange.

    ``code`` names the folders under BONDPOOL_GATEWAYS, or the queue's address in
    BONDPOOL_GATEWAY_SECRETS: no page takes a path or an address. ``cop_code``, ``cop_name`` and
    ``dxp_id`` stand in the message (BaseTransfer), ``sender_id`` and ``receiver_ids`` on its
    envelope. No more than ``per_minute`` documents leave in a minute, however many workers there
    are: ``next_at`` is when the next may. A way that does not answer is left alone until
    ``paused_until``.
    """

    code = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="gateways")
    kind = models.CharField(max_length=8, choices=GatewayKind, default=GatewayKind.FOLDER)
    cop_code = models.CharField(max_length=18)
    cop_name = models.CharField(max_length=100)
    dxp_id = models.CharField(max_length=30)
    sender_id = models.CharField(max_length=16)
    receiver_ids = ArrayField(models.CharField(max_length=16), size=5)
    signer = models.CharField(max_length=8, choices=SignerKind, default=SignerKind.NONE)
    #: A card signs about 250 documents a minute.
    per_minute = models.PositiveIntegerField(
        default=250, validators=[MinValueValidator(1), MaxValueValidator(60_000)]
    )
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Gateway]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(per_minute__gt=0), name="a_gateway_lets_something_through"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"),
                name="a_gateways_code_can_name_a_folder",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["company", "code"], name="gateway_of_company")]

    def __str__(self) -> str:
        return self.code

    @property
    def trouble(self) -> str:
        """Why it does not answer, as its company is told; paths and the machine's own words stand
        in ``last_error``."""
        for begins, told in _TROUBLES:
            if self.last_error.startswith(begins):
                return str(told)
        return gettext("The reason is in our log.")


class MessageKind(models.TextChoices):
    """What a message to the authority is."""

    ORDER = "CEB311", pgettext_lazy("customs message", "order")
    PAYMENT = "CEB411", pgettext_lazy("customs message", "payment")
    WAYBILL = "CEB511", pgettext_lazy("customs message", "waybill")
    WAYBILL_STATUS = "CEB513", pgettext_lazy("customs message", "waybill status")
    RETAIL_LIST = "CEB621", pgettext_lazy("customs message", "retail import list")
    WITHDRAWAL = "CEB623", pgettext_lazy("customs message", "withdrawal")
    RETURN = "CEB625", pgettext_lazy("customs message", "return of goods")
    IN_STORE = "CEB711", pgettext_lazy("customs message", "in-store detail")
    BONDED_LIST = "INV101", pgettext_lazy("customs message", "bonded list")
    PASS = "SAS121", pgettext_lazy("customs message", "pass")


class ListAct(models.TextChoices):
    """What a message says of its bonded list."""

    TELL = Act.TELL.value, pgettext_lazy("bonded list", "new")
    CHANGE = Act.CHANGE.value, pgettext_lazy("bonded list", "change")
    DELETE = Act.DELETE.value, pgettext_lazy("bonded list", "deletion")


class MessageState(models.TextChoices):
    """FAILED: a person decides."""

    QUEUED = "queued", pgettext_lazy("customs message", "queued")
    SENDING = "sending", pgettext_lazy("customs message", "being sent")
    SENT = "sent", pgettext_lazy("customs message", "sent")
    FAILED = "failed", pgettext_lazy("customs message", "not sent")


class OutgoingMessage(QueuedWork):
    """One message to the authority: the row is the queue.

    ``number`` is its CopMsgId and the name of its file, ``guid`` its own identifier, ``queued_at``
    the time that stands in it: all fixed when the row is made, so that whoever sends it, and
    however often, sends the same. ``body`` is the message as it goes on the way (squeezed,
    encrypted: it names buyers), unsigned until ``signed_at``; ``sha256`` is of its bytes. It is
    emptied thirty days after it was sent. All elements are of one ``seller``, or of none.
    """

    fault_of_ours: ClassVar[object] = _(
        "It could not be sent; the fault is ours, and its reason is in our log."
    )
    steps: ClassVar = Steps(
        queued=MessageState.QUEUED,
        busy=MessageState.SENDING,
        done=MessageState.SENT,
        failed=MessageState.FAILED,
    )

    number = models.CharField(max_length=64, unique=True)
    guid = models.CharField(max_length=36, unique=True)
    kind = models.CharField(max_length=6, choices=MessageKind)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="messages")
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    count = models.PositiveSmallIntegerField()
    body = EncryptedTextField(blank=True)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[OutgoingMessage]] = owned_by("company", other="seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=100),
                name="a_message_has_one_to_a_hundred_elements",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="a_sent_message_has_its_moment",
            ),
        ]
        indexes: ClassVar = [
            # What is due at one gateway, and how many stand before one's own.
            models.Index(
                fields=["gateway", "due_at", "id"],
                condition=Q(state__in=["queued", "sending"]),
                name="message_due_at_gateway",
            ),
            models.Index(fields=["company", "queued_at", "id"], name="message_of_company"),
            models.Index(fields=["seller", "queued_at", "id"], name="message_of_seller"),
            models.Index(fields=["queued_at", "id"], name="message_by_time"),
            # Those whose bytes are still kept, the oldest first.
            models.Index(
                fields=["sent_at", "id"],
                condition=Q(state="sent") & ~Q(body=""),
                name="message_to_empty",
            ),
        ]


class OutgoingElement(models.Model):
    """One business element of a message: an order, a list, a pass.

    ``guid`` and ``key`` are how the authority's answers name it; ``key`` is its number in the
    trade: orderNo (CEB311), payTransactionId (411), logisticsNo (511, 513), copNo (621, 623, 625,
    711), EtpsInnerInvtNo (INV101), EtpsPreentNo (SAS121). ``giver`` is whose number that is, by
    customs codes: platform and seller of an order, payment company, carrier. ``turn``: the
    how-maniest time this is told of this subject; ``again`` is the telling in whose place this one
    stands, which can have one successor only. ``pre_number`` and ``their_number`` are what the
    authority gave it (preNo; invtNo, BondInvtNo, PassportNo), empty until it did. Nothing else of
    the row changes.

    Of a bonded list ``act`` is new, change or deletion, ``change`` its ChgTmsCnt, and ``first`` the
    telling of the list that a change or deletion is of.
    """

    message = models.ForeignKey(
        OutgoingMessage, on_delete=models.PROTECT, related_name="elements", db_index=False
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    guid = models.CharField(max_length=36, unique=True)
    kind = models.CharField(max_length=6, choices=MessageKind)
    key = models.CharField(max_length=64)
    giver = models.CharField(max_length=40, blank=True)
    turn = models.PositiveSmallIntegerField(default=1)
    again = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="told_anew"
    )
    retail_list = models.ForeignKey(
        RetailList, on_delete=models.PROTECT, null=True, related_name="elements", db_index=False
    )
    retail_order = models.ForeignKey(
        RetailOrder, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="elements", db_index=False
    )
    act = models.CharField(max_length=1, choices=ListAct, default=ListAct.TELL)
    change = models.PositiveSmallIntegerField(default=0)
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="counters", db_index=False
    )
    pre_number = models.CharField(max_length=24, blank=True)
    their_number = models.CharField(max_length=24, blank=True)

    objects: ClassVar[models.Manager[OutgoingElement]] = owned_by("company", other="seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "position"], name="one_element_per_position"
            ),
            models.UniqueConstraint(
                fields=["retail_list", "kind", "turn"],
                condition=Q(retail_list__isnull=False),
                name="a_list_is_told_once_a_turn",
            ),
            # A return is told for each time that goods come back, everything else once: what is
            # told once more stands in the place of what was told before.
            models.UniqueConstraint(
                fields=["retail_list", "kind"],
                condition=Q(retail_list__isnull=False, again__isnull=True)
                & ~Q(kind=MessageKind.RETURN),
                name="a_list_is_first_told_once",
            ),
            models.UniqueConstraint(
                fields=["declaration", "kind", "turn"],
                condition=Q(declaration__isnull=False),
                name="a_declaration_is_told_once_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(act=ListAct.TELL, change=0, first__isnull=True)
                | Q(
                    act__in=[ListAct.CHANGE, ListAct.DELETE],
                    kind=MessageKind.BONDED_LIST,
                    first__isnull=False,
                    again__isnull=False,
                ),
                name="a_change_is_of_a_bonded_list_that_was_told",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "key"], name="element_by_key"),
            models.Index(
                fields=["retail_order"],
                condition=Q(retail_order__isnull=False),
                name="element_of_order",
            ),
            models.Index(
                fields=["first"],
                condition=Q(first__isnull=False),
                name="element_after_first",
            ),
            models.Index(
                fields=["their_number"],
                condition=~Q(their_number=""),
                name="element_by_their_number",
            ),
            models.Index(
                fields=["pre_number"],
                condition=~Q(pre_number=""),
                name="element_by_pre_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class MessageRetry(models.Model):
    """That a person let a message be tried again that had failed. Insert-only.

    ``trouble`` is what had kept it back.
    """

    message = models.ForeignKey(OutgoingMessage, on_delete=models.PROTECT, related_name="retries")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    trouble = models.TextField(blank=True)
    retried_at = models.DateTimeField()
    retried_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[MessageRetry]] = owned_by("company")

    def __str__(self) -> str:
        return f"{self.message_id} {self.retried_at}"
