"""What is said of a company: address and contact by its own people, kinds by an operator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.models import Company, CompanyKind, Membership
from accounts.rules import admitting, companies
from accounts.rules.seen import check_unchanged

ADDRESS = ("street", "town", "postcode", "contact_name", "contact_phone", "contact_email")


@transaction.atomic
def change_address(*, company: Company, said: Mapping[str, str], seen: str = "") -> Company:
    """New address and contact; names and numbers stay, they are what was examined.

    Raises ChangedMeanwhile for a page that showed something else; then nothing was written.
    """
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_unchanged(seen, **{name: getattr(held, name) for name in ADDRESS})
    for name in ADDRESS:
        setattr(held, name, admitting.tidy_line(said[name]))
    held.save(update_fields=ADDRESS)
    return held


@transaction.atomic
def change_kinds(*, company: Company, kinds: Iterable[str], seen: str = "") -> Company:
    """What a company is on the platform.

    Raises NoKindLeft, RoleInUse when people act in a role that the new kinds do not give,
    ThePlatformStays, and ChangedMeanwhile for a page that showed other kinds; then nothing has
    been written.
    """
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    check_unchanged(seen, kinds=held.kinds)
    chosen = [kind.value for kind in CompanyKind if kind in set(kinds)]
    in_use = Membership.objects.filter(company=held).values_list("role", flat=True).distinct()
    companies.check_kinds(before=held.kinds, after=chosen, roles=set(in_use))
    held.kinds = chosen
    held.save(update_fields=["kinds"])
    return held
