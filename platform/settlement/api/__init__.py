"""Settlement over the API."""

from settlement.api.banking import routes as banking
from settlement.api.market import routes as market
from settlement.api.payout import routes as finance
from settlement.api.payout import selling

ROUTES = (finance, banking, selling, market)
