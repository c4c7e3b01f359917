"""The letters that carry notices: one for one notice, one for a day's."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from notices.models import Mail, Notice
from notices.services.choosing import DIGEST, stop_token
from notices.wording import worded
from web.letters import Letter, letter


def stop_address(mail: Mail) -> str:
    """The unsubscribing link of a mail; it works signed out."""
    token = stop_token(mail.membership_id, mail.event or DIGEST)
    return settings.BONDPOOL_PUBLIC_URL + reverse("mail_stop", args=[token])


def letter_of(mail: Mail, notices: Sequence[Notice]) -> Letter:
    """In the language that was the reader's when the mail was queued."""
    role, company = mail.membership.role, mail.membership.company
    with override(mail.language):
        rows = [worded(notice, role=role) for notice in notices]
        context: dict[str, object] = {
            "rows": [(row, settings.BONDPOOL_PUBLIC_URL + row.path) for row in rows],
            "company": company.name,
            "unsubscribe_url": stop_address(mail),
        }
        if mail.event and len(rows) == 1:
            (row,) = rows
            context |= {
                "notice": row,
                "preheader": row.text,
                "action": row.action,
                "action_url": settings.BONDPOOL_PUBLIC_URL + row.path,
            }
            return letter("mail/notice", context, subject=row.title, language=mail.language)
        subject = ngettext(
            "%(n)s piece of news for %(company)s", "%(n)s pieces of news for %(company)s", len(rows)
        )
        context |= {
            "action": gettext("See all notices"),
            "action_url": settings.BONDPOOL_PUBLIC_URL + reverse("notices"),
        }
        told = subject % {"n": len(rows), "company": company.name}
        return letter("mail/digest", context, subject=told, language=mail.language)
