"""Every table has a history, or is one, or has a reason to have none."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from core.history import EVENTS, snapshot

#: Tables that change and whose changes nobody asks after.
WITHOUT_HISTORY = {
    "customs.ParcelPapers": "numbers of one parcel; what was told of them is a message for good",
    "customs.MissingPaper": "what the worker found missing, until it is there",
    "customs.OutgoingMessage": "only workers go on with it; who had it tried again is MessageRetry",
    "customs.OutgoingElement": "it is what its message says; the authority's numbers come later",
    "customs.CollectiveDocument": "a worker's row; the declaration tells who asked for it",
    "customs.DeclarationDocument": "a worker's row; the declaration tells who asked for it",
    "customs.RetailDocument": "a worker's row, as those of declarations",
    "customs.ExportParcel": "gathered with its list; let go once, when customs refused that",
    "customs.PaperLink": "who made it, who took it back, and when, stands in it",
    "procurement.CreditRun": "a worker's row: who asked and how it went stand in it",
    "procurement.BillWork": "a worker's row; the change it comes from tells who made it",
    "procurement.OrderDocument": "a worker's row; the order tells who placed it",
    "customs.CustomsCode": "its end alone is set, by a proposal that names who and when",
    "customs.ExchangeRate": "its end alone is set, by a proposal that names who and when",
    "customs.PriceThreshold": "its end alone is set, by a proposal that names who and when",
    "customs.TaxRounding": "its end alone is set, by a proposal that names who and when",
    "customs.PositiveEntry": "its end alone is set, by a proposal that names who and when",
    "customs.TariffRate": "its end alone is set, by a proposal that names who and when",
    "customs.BookRow": "a running total: the receipts are its history",
    "customs.ReceiptFile": "names who brought it, and when; only its key is rotated",
    "customs.Receipt": "came with its file; who assigned it or set it aside stands in rows",
    "customs.ReceiptMatch": "names who said so and why; what became of it stands in it",
    "customs.ElementState": "a running maximum: the receipts are its history",
    "customs.TaxBill": "the authority's; each change of its status is a receipt",
    "core.NumberBlock": "a counter; the numbers stand on what they were given to",
    "core.NumberSeries": "a counter; the numbers stand on what they were given to",
    "warehouse.BondLimit": "names who set it and why; the last row counts",
    "warehouse.ManifestAccess": "is itself who took what when",
    "warehouse.ShelfMinimum": "names who set it, and when; the last row counts",
    "warehouse.ChannelDelivery": "a worker's row: what became of it, and when, stands in it",
    "warehouse.Holding": "a running total: the movements are its history",
    "warehouse.Reservation": "promised and given back by its order, whose movements tell when",
    "warehouse.StockCount": "who started it, entered it and decided it, and when, stands in rows",
    "warehouse.RetailMissing": "its end stands in it: the parcel that served it, or the moment",
    "warehouse.RetailReturn": "who announced it, who ended it and why stand in it",
    "warehouse.StockTransfer": "each change of it is a consent: who said what, and when",
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


#: Facts whose adding stands, with who and from where, in the history of another row.
TOLD_ELSEWHERE = {
    "customs.PaperRelease": "names who released the set, and when",
    "customs.PaperLinkUse": "is itself who fetched what when",
    "customs.MessageRetry": "names who let it be tried again, and when",
    "accounts.AccountEvent": "what happened at the gate names person, address and browser itself",
    "accounts.AdmissionDocument": "names who added it; from where tells the admission's history",
    "accounts.AdmissionStep": "names who took it; from where tells the admission's history",
    "customs.AccountBook": "opened by the worker, once",
    "customs.BookLine": "posted with its receipt",
    "customs.BookLot": "posted with the receipt of its import list",
    "customs.BookReceipt": "posted by the worker; names the document it is of",
    "customs.BookFiling": "names who asked",
    "customs.CounterAnswer": "names who recorded it; its declaration's history tells the rest",
    "customs.CounterChange": "asked for with its document",
    "customs.CounterDocument": "names who asked",
    "customs.Deadline": "worked out by the worker from what has a history",
    "customs.Facilitation": "names who set it, and when; of one day the later one counts",
    "customs.FilingAnswer": "names who recorded it",
    "customs.HouseMode": "names who told it, and when; the newest counts",
    "customs.RemarkJudgement": "names who said it, and when; the newest counts",
    "customs.ProductElements": "names who made them, and when; the newest count",
    "customs.ShipmentWay": "names who told it, and when; the newest counts",
    "customs.ShipmentEntry": "names who recorded it, and when",
    "customs.CollectedLine": "drawn with its collective declaration",
    "customs.CollectedList": "drawn with its collective declaration, freed with it",
    "customs.CollectiveCharge": "drawn with its collective declaration",
    "customs.CollectiveGoods": "drawn with its collective declaration",
    "customs.CollectiveStep": "each is a change of state of its collective declaration",
    "customs.Guarantee": "names who set it, and when; of one day the later one counts",
    "customs.GuaranteePayment": "names who recorded it, and when",
    "customs.TruckPass": "names who queued it, and when",
    "customs.GatePassage": "came with its receipt",
    "customs.EntryNumber": "came with its receipt",
    "customs.PostedItem": "came with its receipt",
    "customs.EntryReading": "read by the worker as it drew a form",
    "customs.EntryStatement": "names who stated it, and when; the newest counts",
    "customs.GoodsPermit": "names who told it, and when; the newest counts",
    "customs.ExportList": "names who had it gathered, and when",
    "customs.ExportGoods": "gathered with its list",
    "customs.ReceiptFileReading": "is itself who fetched what when",
    "customs.QuotaQuestion": "is itself who asked when",
    "customs.PassLine": "queued with its pass",
    "customs.DeclarationCharge": "drafted with its declaration",
    "customs.DeclarationLine": "drafted with its declaration",
    "customs.DeclarationShare": "drafted with its declaration",
    "customs.DeclarationStep": "each is a change of state of its declaration",
    "customs.GoodsLine": "drafted with its declaration",
    "customs.RetailList": "drawn as its retail order becomes listed",
    "customs.RetailListLine": "drawn with its list",
    "customs.RetailGiveBack": "given with a return, which names who took it in",
    "customs.RetailRelease": "names who recorded it; its order's history tells the rest",
    "customs.RetailVoid": "names who cancelled its order, whose history tells the rest",
    "customs.RetailRefusal": "told with the retail orders it is about",
    "customs.RetailTaxRule": "the law's figures, read by a command; it names its source",
    "customs.TariffRate": "the law's figures, read by a command; it names its source",
    "customs.ReceiptAside": "names who set it aside, and why",
    "customs.TaxBillLine": "came with its bill",
    "customs.QuotaEntry": "written with the list, release, void or return it follows from",
    "customs.ReferenceChange": "kept with its proposal",
    "customs.ReferenceDecision": "names who decided, when and why",
    "customs.ReferenceProposal": "names who proposed it, and the file",
    "ledger.JournalEntry": "posted as a payable is booked or a batch is paid, and names that",
    "ledger.JournalLine": "posted with its entry",
    "notices.Notice": "tells of a change that has a history",
    "procurement.BillCorrection": "worked out with its run",
    "procurement.BillRun": "worked out by a worker after a change that has a history",
    "procurement.MissingShare": "counted with the receipt of its shipment",
    "procurement.SharingRun": "made with a closing, a change or a count that has a history",
    "procurement.OrderBill": "names who entered it; the order's events tell it",
    "procurement.CreditPolicy": "names who set it, and when; of one day the later one holds",
    "procurement.Deposit": "asked of all sellers at once, as their round's cost is known",
    "procurement.DepositEvent": "names who noted it, and the bank's line",
    "procurement.FillTry": "a try; the forecast that was taken has a history",
    "procurement.RoundCredit": "worked out for all sellers as their round is closed",
    "procurement.ForecastLine": "a million of them; the forecast tells who filed them",
    "procurement.LateWish": "names who wished it; the forecast made of it names that",
    "procurement.ForecastScore": "worked out for all sellers by a worker; names its run",
    "procurement.SellerSales": "very many; their report tells who sent them",
    "procurement.Suggestion": "worked out for all sellers by a worker; names its run",
    "procurement.OrderShare": "made with its order",
    "procurement.RoundBill": "made with the orders of its round",
    "procurement.RoundCharge": "made with its order",
    "procurement.RoundPlan": "made when its round was planned; the orders tell who closed it",
    "procurement.CancellationLine": "made with its cancellation",
    "procurement.ConfirmationDecision": "names who decided; the order's events tell it",
    "procurement.ConfirmationLine": "made with its confirmation",
    "procurement.LineRevision": "made as a change is accepted or a part is cancelled",
    "procurement.OrderApproval": "names who approved; the order's events tell it",
    "procurement.OrderCancellation": "names who cancelled; the order's events tell it",
    "procurement.OrderConfirmation": "names who entered it; the order's events tell it",
    "procurement.OrderEvent": "is itself what happened, and names who did it",
    "procurement.RevisedShare": "made with the revision of its line",
    "procurement.PurchaseOrderLine": "made with its order",
    "procurement.RoundResult": "worked out as the round is closed",
    "procurement.RoundStatement": "worked out from the bills of a closed round, once",
    "procurement.RoundStanding": "worked out as the round is closed",
    "procurement.ShipmentLine": "made with its shipment",
    "procurement.SellerEntry": "booked with a round's bills; a payment names who noted it",
    "settlement.BatchLine": "gathered with its batch",
    "settlement.PayableShare": "booked with its payable",
    "settlement.Payment": "made with its file",
    "settlement.RateQuote": "a figure of its source; who priced with it stands at the batch",
    "settlement.SellerCharge": "worked out as its batch is priced or exported",
    "traceability.ItemIdentity": "thousands of them; the sheet of labels tells who issued them",
    "traceability.Scan": "nothing of whoever opens an item's page is kept",
    "traceability.TraceEvent": "names who asserts it, and is left by a change with a history",
    "warehouse.RetailHold": "is itself what was done, and names who did it",
    "warehouse.RetailReturnLine": "announced with its return",
    "warehouse.RetailReturned": "counted with its return, which names who took it in",
    "warehouse.RetailTerms": "names who set them, and when; the last row holds",
    "warehouse.RetailMerge": "names who merged, and when",
    "warehouse.GatePicture": "names who took it, and when",
    "warehouse.GatePictureWithdrawal": "names who withdrew it, when and why",
    "warehouse.HandedParcel": "stands on its manifest, which has a history",
    "warehouse.ParcelEvent": "told by a carrier, and says when",
    "warehouse.PickWaveOrder": "put on the list of its wave, which has a history",
    "warehouse.Pallet": "names who made it; the history of its place tells where it stood",
    "warehouse.PalletMove": "is itself what was done, and names who did it",
    "warehouse.Parcel": "names who packed it; its order's history tells the rest",
    "warehouse.SerialChange": "is itself what was done, and names who did it",
    "warehouse.SerialStep": "left with its parcel or came with its return, which say when",
    "warehouse.SerialUnit": "entered with its receipt; what is changed is a row of its own",
    "warehouse.ReceiptLine": "counted with its receipt",
    "warehouse.ReceiptShare": "counted with its receipt",
    "warehouse.RetailOrderLine": "came with its retail order",
    "warehouse.StorageBill": "made of a month's charges, which anybody can work out again",
    "warehouse.StorageBillLine": "made of a month's charges, which anybody can work out again",
    "warehouse.StorageCharge": "made of the ledger of the stock, which proves it",
    "warehouse.StorageRun": "made by the worker, once for a day",
    "warehouse.StockMovement": "a million of them; the receipt or the retail order tells who",
    "warehouse.CountDecision": "names who decided what, and when",
    "warehouse.CountEntry": "names who counted what, and when",
    "warehouse.ClaimPart": "made with its settlement",
    "warehouse.ClaimSettlement": "names who entered it, and when; the last version holds",
    "warehouse.SupplierClaimLine": "made with its claim, which has a history",
    "warehouse.CountLine": "made with its count",
    "warehouse.CountTerms": "names who set it, and when",
    "warehouse.TransferConsent": "names who said what to which offer, and when",
    "warehouse.StockPosting": "a million of them; it says itself who booked it",
}


def _facts() -> set[str]:
    """The tables to which the application may only add."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT has_table_privilege('app_rw', oid, 'UPDATE')"
        )
        return {row[0] for row in cursor.fetchall()}


def test_every_table_has_a_history_or_a_reason(db: None) -> None:
    """A new table: decorate it with ``core.history.tracked``, or say here why nobody asks who
    changed it; of a fact (``insert_only`` in a migration), where else it is told who added it."""
    facts = _facts()
    events = {model._meta.label for model in EVENTS.values()}
    tables = {
        model._meta.label: model._meta.db_table in facts
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }

    unknown = (
        tables.keys() - EVENTS.keys() - events - WITHOUT_HISTORY.keys() - TOLD_ELSEWHERE.keys()
    )

    assert unknown == set()
    assert {label for label in TOLD_ELSEWHERE if not tables[label]} == set(), "it changes"


def test_no_reason_is_given_for_a_table_that_is_not_there() -> None:
    reasons = WITHOUT_HISTORY.keys() | TOLD_ELSEWHERE.keys()

    assert {model._meta.label for model in apps.get_models()} >= reasons
    assert reasons & EVENTS.keys() == set()


@pytest.mark.parametrize(
    ("label", "excluded"),
    [
        ("settlement.SettlementPolicy", set()),
        ("settlement.PaymentFile", {"content"}),
        ("procurement.Forecast", {"products", "units", "less", "more", "late_wish"}),
        ("warehouse.Receipt", set()),
    ],
)
def test_a_fact_that_people_write_has_one_trigger_and_keeps_what_it_says(
    label: str, excluded: set[str]
) -> None:
    """A thousand lines are told by their head: its row of history is the only one."""
    events = EVENTS[label]
    model = events.pgh_tracked_model
    kept = {field.name for field in snapshot(events)}

    assert {field.name for field in model._meta.fields} - kept == excluded
    assert [one.name for one in model._meta.triggers] == ["history_insert"]
