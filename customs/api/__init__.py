"""Declarations, retail lists and the tariff over the API."""

from customs.api.declaring import routes as declaring
from customs.api.parcels import routes as tariff
from customs.api.parcels import selling

ROUTES = (declaring, tariff, selling)
