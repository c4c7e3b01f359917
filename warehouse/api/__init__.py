"""A seller's stock and its consumers' orders over the API."""

from warehouse.api.channels import routes as channels
from warehouse.api.files import routes as files
from warehouse.api.holding import routes as holding
from warehouse.api.selling import routes as selling
from warehouse.api.transferring import routes as transferring

ROUTES = (holding, transferring, selling, files, channels)
