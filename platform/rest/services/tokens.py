from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Company, Membership, User
from rest import rules
from rest.models import ApiToken


@transaction.atomic
def issue_token(
    *,
    company: Company,
    role: str,
    created_by: User,
    name: str,
    scopes: Iterable[str],
    days: int,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token; the text is given back here and nowhere else.

    Raises NoSuchMember, ScopeUnknown, NoScopes, LifeOutOfRange or NameMissing; then nothing
    has been written.
    """
    tidied, life = rules.check_name(name), rules.check_life(days)
    chosen = rules.check_scopes(role, scopes)
    # Held until the end, so that nobody is taken out of the company or the role meanwhile.
    member = (
        Membership.objects.select_for_update()
        .filter(company=company, role=role, user=created_by)
        .first()
    )
    if not created_by.is_active or member is None:
        raise rules.NoSuchMember(company=company.code, role=role)
    # 62 letters do not divide 256; numbers of that many are drawn one by one.
    text = rules.with_check(
        rules.letters(secrets.randbelow(62) for _ in range(rules.SECRET_PLACES))
    )
    token = ApiToken.objects.create(
        company=company,
        role=role,
        created_by=created_by,
        membership=member,
        stint=member.stint,
        name=tidied,
        scopes=chosen,
        hint=text[:9],
        digest=rules.digest(text),
        created_at=now,
        expires_at=now + life,
    )
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, revoked_by: User | None, now: datetime) -> ApiToken:
    """From now on it opens nothing. Raises AlreadyRevoked; then nothing has been written."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=revoked_by
    )
    if not revoked:
        raise rules.AlreadyRevoked(token=token.hint)
    token.refresh_from_db()
    return token


def note_use(*, token: ApiToken, address: str, now: datetime) -> None:
    """Note when and from where it was used, at most once a minute."""
    due = now - rules.NOTED_EVERY
    if token.last_used_at is not None and token.last_used_at > due:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=due)
    ApiToken.objects.filter(stale, pk=token.pk).update(
        last_used_at=now, last_used_address=address[:64]
    )
