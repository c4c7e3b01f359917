"""What a person has been told, and what a company's endpoints were sent."""

from notices.queries.inbox import (
    copies,
    copy_of,
    last_look,
    settings_of,
    shown,
    told_at,
    unread,
    waiting,
)
from notices.queries.webhooks import (
    deliveries,
    delivery_of,
    endpoint_of,
    endpoints,
    may_manage,
)

__all__ = [
    "copies",
    "copy_of",
    "deliveries",
    "delivery_of",
    "endpoint_of",
    "endpoints",
    "last_look",
    "may_manage",
    "settings_of",
    "shown",
    "told_at",
    "unread",
    "waiting",
]
