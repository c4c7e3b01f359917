"""That somebody was here."""

from __future__ import annotations

from accounts.models import AccountEvent, AccountEventKind, User
from tests.factories.procurement import DURING


def came_in(person: User) -> None:
    AccountEvent.objects.create(
        kind=AccountEventKind.SIGNED_IN,
        user=person,
        email=person.email,
        address="192.0.2.1",
        happened_at=DURING,
    )
