"""Says before the first request where nothing counts the API's requests."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning

from rest.limits import can_count


@register(Tags.security)
def requests_can_be_counted(app_configs: object, **_future: Any) -> list[CheckMessage]:
    """The counters live in the broker's Valkey (or Redis); another broker keeps none."""
    if can_count(settings.CELERY_BROKER_URL):
        return []
    return [
        CheckWarning(
            "The API's rate limits and the limit on refused tokens count nothing: "
            "CELERY_BROKER_URL is neither Valkey nor Redis.",
            hint="Use redis://, or let the proxy in front limit requests under /api/.",
            id="rest.W001",
        )
    ]
