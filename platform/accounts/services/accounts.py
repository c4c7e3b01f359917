"""A person's own account."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rules.admitting import tidy_line
from accounts.rules.people import check_name
from accounts.rules.seen import check_unchanged


@transaction.atomic
def change_profile(*, user: User, name: str, language: str, seen: str = "") -> None:
    """What the person is called, and in which language it is written to.

    Raises NameIsAnAddress, or ChangedMeanwhile for a page that showed something else; then nothing
    was written.
    """
    check_name(name)
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_unchanged(seen, name=held.name, language=held.language)
    User.objects.filter(pk=user.pk).update(name=tidy_line(name), language=language)
