"""Says before the first message where a setting of customs is wrong."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Error as CheckError

from customs.rules.ceb.official import SchemaMissing, official_schema


@register(Tags.files)
def the_official_schema_is_there(app_configs: object, **_future: Any) -> list[CheckMessage]:
    """Without it nothing can be told to customs that is to be held against it."""
    place = settings.BONDPOOL_CEB_XSD
    try:
        if place:
            official_schema(place)
    except SchemaMissing:
        return [
            CheckError(
                f"BONDPOOL_CEB_XSD names no schema of import messages: {place}",
                hint="Name the official file or its folder, or leave the setting out.",
                id="customs.E001",
            )
        ]
    return []
