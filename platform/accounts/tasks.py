"""Doors of the worker."""

from __future__ import annotations

from celery import shared_task

from accounts.services.letters import send_due_letters
from core.clock import now


@shared_task(name="accounts.letters", acks_late=True)
def letters(**_future: object) -> None:
    """Send due letters; safe to run twice, beside itself, or after a crash."""
    send_due_letters(now=now)
