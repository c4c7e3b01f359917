"""A person's own account."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User


@transaction.atomic
def change_profile(*, user: User, name: str, language: str) -> None:
    """What the person is called, and in which language it is written to."""
    User.objects.filter(pk=user.pk).update(name=name, language=language)
