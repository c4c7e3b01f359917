"""A bank account is entered: what the tests of bank accounts begin with."""

from __future__ import annotations

from settlement import services
from settlement.models import BankAccount
from tests.factories import settlement as make

from .conftest import World

NEW = {
    "currency": "EUR",
    "account": "fr76 3000 6000 0112 3456 7890 189",
    "bic": "essafrpp",
    "bank_name": " Banque  d'Essai ",
}


def entered(world: World, **other: str) -> BankAccount:
    """Another account of the supplier, entered by the maker."""
    return services.enter_account(
        company=world.supplier.company, **(NEW | other), entered_by=world.maker, now=make.NOON
    )


def told(account: BankAccount) -> tuple[str, ...]:
    one = BankAccount.objects.get(pk=account.pk)
    return one.state, one.currency, one.account, one.bic, one.bank_name
