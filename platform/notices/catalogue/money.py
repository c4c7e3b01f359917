"""Invoices, batches, what sellers owe."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

_ACCOUNT = {
    "number": Fact.TEXT,
    "reference": Fact.TEXT,
    "amount": Fact.MONEY,
    "balance": Fact.MONEY,
}

#: What is to be paid by a day; ``seller`` is what stands on the transfer.
_DUE = {"quarter": Fact.TEXT, "amount": Fact.MONEY, "due_on": Fact.DAY, "seller": Fact.TEXT}

EVENTS = (
    Event(
        code="invoice.booked",
        group=Group.MONEY,
        label=_("A supplier's invoice is booked"),
        title=_("Invoice %(invoice_number)s is booked"),
        text=_("%(supplier)s wants %(amount)s by %(due_on)s."),
        to=roles(Role.FINANCE),
        platform=True,
        facts={
            "invoice_number": Fact.TEXT,
            "supplier": Fact.NAME,
            "amount": Fact.MONEY,
            "due_on": Fact.DAY,
        },
        link=("payables",),
        action=_("See the payables"),
        icon="file-invoice",
    ),
    Event(
        code="invoice.payable",
        group=Group.MONEY,
        label=_("An invoice to your company is booked"),
        title=_("Invoice %(invoice_number)s is booked"),
        text=_("%(supplier)s wants %(amount)s by %(due_on)s for order %(order)s."),
        to=roles(Role.IMPORTER),
        facts={
            "invoice_number": Fact.TEXT,
            "order": Fact.TEXT,
            "supplier": Fact.NAME,
            "amount": Fact.MONEY,
            "due_on": Fact.DAY,
        },
        link=("orders",),
        action=_("See the orders"),
        icon="file-invoice",
        hook=True,
    ),
    Event(
        code="batch.priced",
        group=Group.MONEY,
        label=_("A batch waits for approval"),
        title=_("Batch %(number)s waits for approval"),
        text=_("%(amount)s to %(supplier)s, %(cny)s at the stored rate. A second person approves."),
        to=roles(Role.FINANCE),
        platform=True,
        facts={
            "number": Fact.TEXT,
            "supplier": Fact.NAME,
            "amount": Fact.MONEY,
            "cny": Fact.MONEY,
        },
        link=("batch", "number"),
        action=_("See the batch"),
        icon="signature",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="batch.approved",
        group=Group.MONEY,
        label=_("A batch is approved"),
        title=_("Batch %(number)s is approved"),
        text=_("%(amount)s to %(supplier)s can be exported for the bank."),
        to=roles(Role.FINANCE),
        platform=True,
        facts={"number": Fact.TEXT, "supplier": Fact.NAME, "amount": Fact.MONEY},
        link=("batch", "number"),
        action=_("See the batch"),
        icon="circle-check",
        tone="green",
        mail=MailWhen.DAILY,
    ),
    Event(
        code="batch.exported",
        group=Group.MONEY,
        label=_("A payment file is made"),
        title=_("Payment file %(number)s is made"),
        text=_("Its payments: %(payments)s. Hand it to the bank."),
        to=roles(Role.FINANCE),
        platform=True,
        facts={"number": Fact.TEXT, "payments": Fact.COUNT},
        link=("payment_files",),
        action=_("See the payment files"),
        icon="file-export",
        mail=MailWhen.DAILY,
    ),
    Event(
        code="account.asked_back",
        group=Group.MONEY,
        label=_("A seller asks for its credit back"),
        title=_("%(company)s asks for %(amount)s back"),
        text=_(
            "They stand as credit on the account of %(seller)s. Transfer them, then note what the"
            " bank booked."
        ),
        to=roles(Role.FINANCE),
        platform=True,
        facts={"seller": Fact.TEXT, "company": Fact.NAME, "amount": Fact.MONEY},
        link=("seller_account", "seller"),
        action=_("See the account"),
        icon="cash-banknote",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="account.entered",
        group=Group.MONEY,
        label=_("A bank account waits for a second person"),
        title=_("A %(currency)s account of %(company)s waits for a second person"),
        text=_(
            "Bank account %(number)s was entered. Ask the company by a telephone number you know"
            " already, then confirm it or close it."
        ),
        to=roles(Role.FINANCE),
        platform=True,
        facts={"number": Fact.TEXT, "company": Fact.NAME, "currency": Fact.TEXT},
        link=("bank_account", "number"),
        action=_("See the bank account"),
        icon="building-bank",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="account.confirmed",
        group=Group.MONEY,
        label=_("A bank account is in force"),
        title=_("The %(currency)s account of %(company)s is another one now"),
        text=_("Bank account %(number)s is confirmed; payments use it from now on."),
        to=roles(Role.FINANCE),
        platform=True,
        facts={"number": Fact.TEXT, "company": Fact.NAME, "currency": Fact.TEXT},
        link=("bank_account", "number"),
        action=_("See the bank account"),
        icon="building-bank",
        mail=MailWhen.NOW,
    ),
    Event(
        code="charge.due",
        group=Group.MONEY,
        label=_("Suppliers were paid, part of it for your goods"),
        title=_("Your part of batch %(number)s is %(amount)s"),
        text=_(
            "Goods %(goods)s and your part of the bank's fee %(fee)s. It shows what your goods"
            " cost at the bank's rate, and is no bill: you pay what stands on your account."
        ),
        to=roles(Role.SELLER),
        facts={
            "number": Fact.TEXT,
            "amount": Fact.MONEY,
            "goods": Fact.MONEY,
            "fee": Fact.MONEY,
        },
        link=("my_charges",),
        action=_("See your charges"),
        icon="receipt",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="account.corrected",
        group=Group.MONEY,
        label=_("The bill of your share was corrected"),
        title=_("Your bill of the round %(quarter)s changed by %(amount)s"),
        text=_(
            "It comes to %(total)s now. What you owe more is due on %(due_on)s; what you owe less"
            " stands on your account."
        ),
        to=roles(Role.SELLER),
        facts={
            "number": Fact.TEXT,
            "quarter": Fact.TEXT,
            "amount": Fact.MONEY,
            "total": Fact.MONEY,
            "due_on": Fact.DAY,
        },
        link=("my_share", "quarter"),
        action=_("See your share"),
        icon="receipt",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="storage.billed",
        group=Group.MONEY,
        label=_("A month of storage is billed"),
        title=_("Storage in %(warehouse)s for %(month)s: %(amount)s"),
        text=_("Bill %(number)s stands on your account and is due on %(due_on)s."),
        to=roles(Role.SELLER),
        facts={
            "number": Fact.TEXT,
            "warehouse": Fact.TEXT,
            "month": Fact.TEXT,
            "amount": Fact.MONEY,
            "due_on": Fact.DAY,
        },
        link=("storage_bill", "number"),
        action=_("See the bill"),
        icon="receipt",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="storage.differs",
        group=Group.MONEY,
        label=_("The charges of storage differ from the stock"),
        title=ngettext_lazy(
            "The charges of storage differ in %(differences)s place",
            "The charges of storage differ in %(differences)s places",
            "differences",
        ),
        text=_(
            "Found by the nightly proof, and left as it is. The first: %(first)s The command"
            " prove_storage names them all."
        ),
        to=roles(Role.OPERATOR),
        platform=True,
        facts={"differences": Fact.COUNT, "first": Fact.TEXT},
        link=("storage_charges",),
        action=_("See the charges"),
        icon="scale-outline",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="account.due",
        group=Group.MONEY,
        label=_("A bill of yours is due within three days"),
        title=_("%(amount)s are due on %(due_on)s"),
        text=_(
            "For your share of %(quarter)s, less what you have paid. Write %(seller)s on the"
            " transfer; what is on its way already need not be sent again."
        ),
        to=roles(Role.SELLER),
        facts=_DUE,
        link=("owed",),
        action=_("See your account"),
        icon="clock-exclamation",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="account.overdue",
        group=Group.MONEY,
        label=_("A bill of yours is overdue"),
        title=_("%(amount)s were due on %(due_on)s"),
        text=_(
            "They have not come in: for your share of %(quarter)s, less what you have paid. Pay"
            " them and write %(seller)s on the transfer."
        ),
        to=roles(Role.SELLER),
        facts=_DUE,
        link=("owed",),
        action=_("See your account"),
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="account.payment",
        group=Group.MONEY,
        label=_("A payment of yours has come in"),
        title=_("%(amount)s received"),
        text=_(
            "Noted as %(number)s under the bank's reference %(reference)s. Your account stands at"
            " %(balance)s: what you owe, or below zero your credit."
        ),
        to=roles(Role.SELLER),
        facts=_ACCOUNT,
        link=("owed",),
        action=_("See your account"),
        icon="cash",
        tone="green",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="account.refund",
        group=Group.MONEY,
        label=_("A credit of yours was paid back"),
        title=_("%(amount)s paid back to you"),
        text=_(
            "Noted as %(number)s under the bank's reference %(reference)s. Your account stands at"
            " %(balance)s: what you owe, or below zero your credit."
        ),
        to=roles(Role.SELLER),
        facts=_ACCOUNT,
        link=("owed",),
        action=_("See your account"),
        icon="cash",
        mail=MailWhen.DAILY,
        hook=True,
    ),
)
