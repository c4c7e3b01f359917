"""Forecasts, shares, orders and shipments over the API."""

from procurement.api.announcing import routes as announcing
from procurement.api.billed import routes as billed
from procurement.api.charging import routes as charging
from procurement.api.crediting import routes as crediting
from procurement.api.depositing import routes as depositing
from procurement.api.offering import routes as offering
from procurement.api.operating import approving
from procurement.api.operating import routes as operating
from procurement.api.ordering import paying
from procurement.api.ordering import routes as ordering
from procurement.api.planning import routes as planning
from procurement.api.round_bills import routes as round_bills
from procurement.api.rounds import routes as rounds
from procurement.api.selling import routes as selling
from procurement.api.statements import routes as statements
from procurement.api.wishes import routes as wishes

ROUTES = (
    *(rounds, selling, wishes, ordering, paying, billed),
    *(crediting, depositing, charging, statements),
    *(offering, announcing, planning, round_bills, operating, approving),
)
