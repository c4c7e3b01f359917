"""Celery only rings bells: the rows are the queue, and no message carries anything.

That is why no result is stored, why a message may be lost or come twice, and why the options
are the plain ones: one row at a time, acknowledged when done, given back when a worker dies.
"""

import os
from typing import Any

from celery import Celery, Task

from core.acting import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SWEEP_SECONDS = 5.0

#: These bells are heard when no other waits: nobody looks on while labels are printed, and there
#: may be hundreds of sheets. Redis hears 0 first, 9 last.
LAST = {"traceability.labels": {"priority": 9}}


class RecordedTask(Task[Any, Any]):
    """Whatever a task changes, the history names the task."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting(task=self.name):
            return super().__call__(*args, **kwargs)


app = Celery("bondpool", task_cls=RecordedTask)
app.add_defaults(
    lambda: {
        "task_default_queue": "bondpool",
        "task_routes": LAST,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "result_backend": None,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 10.0,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "broker_connection_retry_on_startup": True,
        # Longer than any task; a bell that comes back late is only a second bell.
        "broker_transport_options": {
            "visibility_timeout": 3600,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        "timezone": "UTC",
        "beat_schedule": {
            "sweep": {
                "task": "core.sweep",
                "schedule": SWEEP_SECONDS,
                # A sweep that nobody took before the next one is due is worth nothing.
                "options": {"expires": SWEEP_SECONDS},
            }
        },
    }
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
