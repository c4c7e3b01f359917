"""Every table has a history, or is one, or has a reason to have none."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from core.history import EVENTS
from core.models import QueuedDocument

#: Tables that change and whose changes nobody asks after.
WITHOUT_HISTORY = {
    "core.NumberSeries": "a counter; the numbers stand on what they were given to",
    "warehouse.Holding": "a running total: the movements are its history",
    "auth.Permission": "written by migrations; who may do what comes from memberships",
    "auth.Group": "not used; who may do what comes from memberships",
    "admin.LogEntry": "the admin's own log, added to only",
    "contenttypes.ContentType": "written by migrations",
    "sessions.Session": "who is signed in now; signing in is logged",
    "pghistory.Context": "not used: the facts stand in each event",
    "notices.NoticeCopy": "who has read what is nobody else's business",
    "notices.NoticeChoice": "how a person wants to be told; changes no fact of the trade",
    "notices.Mail": "a worker's row: attempts and leases, and when it was sent",
    "notices.WebhookDelivery": "a worker's row: each attempt's answer stands in it",
    "notices.Reminder": "looks at the clock that were taken; added to only",
    "rest.StoredAnswer": "answers kept for repeated requests; cleaned away when they are old",
    "jobs.Job": "a worker's row: how it went stands in it; what it changes has its own history",
    "jobs.JobPart": "rows of a job's file, thrown away with it",
    "jobs.JobOutcome": "what became of each row of a job, written by its worker",
    "accounts.AccountLetter": "a worker's row, deleted once it is sent",
    "account.EmailAddress": "the address that counts is the person's, and that has a history",
    "account.EmailConfirmation": "not used: links are signed, not kept",
    "mfa.Authenticator": "secrets, which must not stand in a history as well",
    "usersessions.UserSession": "who is signed in where now",
    "axes.AccessAttempt": "wrong passwords of the moment, forgotten after a while",
    "axes.AccessAttemptExpiration": "when they are forgotten",
    "axes.AccessFailureLog": "axes's own log, added to only",
    "axes.AccessLog": "axes's own log, added to only",
}


def test_every_table_has_a_history_or_is_one_or_has_a_reason(db: None) -> None:
    """A new table: decorate it with ``core.history.tracked``, make it ``insert_only`` in a
    migration if nothing ever changes it, or say here why its changes are nobody's question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND NOT has_table_privilege('app_rw', oid, 'UPDATE')"
        )
        facts = {row[0] for row in cursor.fetchall()}
    events = {model._meta.label for model in EVENTS.values()}

    unknown = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in EVENTS.keys() | events | WITHOUT_HISTORY.keys()
        and model._meta.db_table not in facts
        # Attempts and leases are no facts, and a finished file does not change.
        and not issubclass(model, QueuedDocument)
    }

    assert unknown == set()


def test_no_reason_is_given_for_a_table_that_is_not_there() -> None:
    assert {model._meta.label for model in apps.get_models()} >= WITHOUT_HISTORY.keys()
    assert WITHOUT_HISTORY.keys() & EVENTS.keys() == set()
