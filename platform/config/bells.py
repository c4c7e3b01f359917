"""What services ring for: work that waits in rows until a worker hears of it."""

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
