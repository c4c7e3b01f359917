"""``{% history order %}``: the card with the newest changes of a row, at the end of its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.template import Context

from accounts.models import User
from audit import queries, showing, wording
from core.walls import platform_wide

register = template.Library()


@register.inclusion_tag("audit/_link.html", takes_context=True)
def history_link(context: Context, row: models.Model, called: str) -> dict[str, Any]:
    """The way to the history of one of many rows, for whom it is made; ``called``: which row."""
    membership = getattr(context["request"], "membership", None)
    label = row._meta.label
    may = membership is not None and showing.may_read(membership.role, label)
    return {"kind": label.lower() if may else "", "pk": row.pk, "called": called}


@register.inclusion_tag("audit/_card.html", takes_context=True)
def history(context: Context, row: models.Model, *, named: bool = False) -> dict[str, Any]:
    """Nothing at all for whom the history is not made. ``named``: a page has several cards."""
    membership = getattr(context["request"], "membership", None)
    label = row._meta.label
    if membership is None or not showing.may_read(membership.role, label):
        return {"entries": ()}
    reader = showing.reader(membership, label)
    page = queries.history_of(label, row.pk, reader=reader, limit=queries.CARD, row=row)
    return {
        "entries": page.entries,
        "has_more": page.next,
        "kind": label.lower(),
        "pk": row.pk,
        "kind_name": wording.kind_name(type(row)),
        "of": wording.kind_name(type(row)) if named else "",
    }


@register.inclusion_tag("audit/_card.html", takes_context=True)
def own_history(context: Context) -> dict[str, Any]:
    """The card of what was changed about the person who looks, on the page of its account."""
    request = context["request"]
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"entries": ()}
    # A person is no company's, so its rows stand behind the platform's wall; these are its own.
    with platform_wide():
        page = queries.history_of(
            User._meta.label,
            request.user.pk,
            reader=showing.reader(membership),
            limit=queries.CARD,
            is_own=True,
        )
    return {"entries": page.entries}
