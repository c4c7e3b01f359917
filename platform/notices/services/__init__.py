"""Tell of an event; send what was told; keep what people and systems chose."""

from notices.services.admissions import tell_steps
from notices.services.choosing import choose, mark_read, stop_mail
from notices.services.delivering import deliver_due
from notices.services.endpoints import (
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    end_endpoint,
    ping,
    replay,
    replay_failed,
    rotate_secret,
    seen_of,
)
from notices.services.gathering import gather
from notices.services.keeping import forget
from notices.services.mailing import gather_digests, send_due
from notices.services.reminding import is_due, once
from notices.services.telling import amount, tell

__all__ = [
    "add_endpoint",
    "amount",
    "change_endpoint",
    "choose",
    "deliver_due",
    "disable_endpoint",
    "enable_endpoint",
    "end_endpoint",
    "forget",
    "gather",
    "gather_digests",
    "is_due",
    "mark_read",
    "once",
    "ping",
    "replay",
    "replay_failed",
    "rotate_secret",
    "seen_of",
    "send_due",
    "stop_mail",
    "tell",
    "tell_steps",
]
