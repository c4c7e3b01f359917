"""Settlement over the API."""

from settlement.api.payout import routes as finance
from settlement.api.payout import selling

ROUTES = (finance, selling)
