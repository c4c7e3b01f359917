from __future__ import annotations

from select import POLLIN, poll

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from request to request."""

    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Ask the server whether it is still there, where there is reason to.

        Through a socket of this machine the kernel knows: an end that the server made, or a word
        of it that nobody asked for, waits to be read. Over a network an end may get lost, so every
        request begins with asking.
        """
        if self.health_check_enabled and not self.health_check_done and self._is_quiet():
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _is_quiet(self) -> bool:
        kept = self.connection
        if kept is None or kept.closed or not str(self.settings_dict["HOST"]).startswith("/"):
            return False
        waiting = poll()
        waiting.register(kept.fileno(), POLLIN)
        return not waiting.poll(0)
