"""The number of the request that is being answered, for log lines and for the history."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from uuid import UUID

#: None outside a request.
current_request: ContextVar[UUID | None] = ContextVar("current_request", default=None)


class RequestNumber(logging.Filter):
    """Puts ``request_id`` into every record; a dash where there is no request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request.get() or "-"
        return True
