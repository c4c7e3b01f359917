"""What services ring for: work that waits in rows until a worker hears of it."""

# Whoever has the settings rings by this application: it is the current one from here on.
from config.celery import app as _app  # noqa: F401

# Every bell a service may ring; the sweeper rings them all. The name is the task's.
BONDPOOL_BELLS = [
    "accounts.letters",
    "procurement.documents",
    *("procurement.reminders", "procurement.credit"),
    *("warehouse.reminders", "warehouse.bills", "warehouse.channels"),
    *("warehouse.unpaid", "warehouse.back_orders"),
    *("customs.documents", "customs.retail_lists", "customs.book", "customs.receipts"),
    *("customs.messages", "customs.deadlines"),
    "traceability.labels",
    "settlement.rates",
    "notices.admissions",
    "notices.mails",
    "notices.hooks",
    "notices.timed",
    "rest.tidy",
    "jobs.work",
]
