"""Declarations, retail lists and the tariff over the API."""

from customs.api.collecting import routes as collecting
from customs.api.countering import routes as countering
from customs.api.deadlines import routes as deadlines
from customs.api.declaring import routes as declaring
from customs.api.estimating import routes as estimating
from customs.api.exporting import routes as exporting
from customs.api.filing import house_routes as answering
from customs.api.filing import routes as filing
from customs.api.guarantees import routes as guarantees
from customs.api.judging import routes as judging
from customs.api.merging import routes as merging
from customs.api.messages import routes as posting
from customs.api.papers import routes as papers
from customs.api.papers_of_sellers import selling as sheets
from customs.api.parcel_papers import routes as numbering
from customs.api.parcels import selling
from customs.api.parties import routes as agreeing
from customs.api.parties import seller_routes as naming
from customs.api.passing import routes as passing
from customs.api.permits import routes as permits
from customs.api.preparing import routes as preparing
from customs.api.proposing import routes as proposing
from customs.api.receipts import routes as receipts
from customs.api.reference import routes as reference
from customs.api.releasing import routes as releasing
from customs.api.releasing import selling as cancelling
from customs.api.retelling import routes as retelling
from customs.api.returning import routes as returning
from customs.api.stating import routes as stating
from customs.api.waiting import routes as waiting
from customs.api.ways import routes as ways
from customs.api.zone import routes as zone

ROUTES = (
    waiting,
    declaring,
    zone,
    passing,
    exporting,
    countering,
    preparing,
    stating,
    judging,
    permits,
    deadlines,
    guarantees,
    ways,
    collecting,
    filing,
    answering,
    reference,
    proposing,
    papers,
    sheets,
    selling,
    releasing,
    cancelling,
    merging,
    returning,
    retelling,
    estimating,
    posting,
    receipts,
    numbering,
    naming,
    agreeing,
)
