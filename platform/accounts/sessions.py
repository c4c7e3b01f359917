"""Sessions in the database, as Django keeps them, looked up by a statement whose plan is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from core.clock import now
from core.prepared import Planned

# Each request asks it.
_STANDING = Planned(
    lambda key, moment: Session.objects.filter(session_key=key, expire_date__gt=moment),
    "its key",
    datetime(2000, 1, 1, tzinfo=UTC),
)


class SessionStore(db.SessionStore):
    """Found as before by whoever holds its cookie: the name of this class is in the signature."""

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key or ""
        # Keys are letters and digits; whatever else a cookie may hold is of no session.
        is_key = key.isascii() and key.isalnum()
        found = _STANDING.ask(key, now()).first() if is_key else None
        if found is None:
            self._session_key = None
        return found
