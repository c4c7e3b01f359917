"""Ask for jobs, cancel them, and do them."""

from jobs.services.asking import cancel, start_action, start_export
from jobs.services.exporting import export_now
from jobs.services.working import work

__all__ = ["cancel", "export_now", "start_action", "start_export", "work"]
