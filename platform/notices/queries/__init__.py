"""What a person has been told, and what a company's endpoints were sent."""

from notices.queries.inbox import copies, copy_of, settings_of, shown, unread
from notices.queries.webhooks import deliveries, delivery_of, endpoint_of, endpoints

__all__ = [
    "copies",
    "copy_of",
    "deliveries",
    "delivery_of",
    "endpoint_of",
    "endpoints",
    "settings_of",
    "shown",
    "unread",
]
