"""Stock in bond and consumers' orders over the API, for sellers and for warehouses."""

from warehouse.api.ageing import routes as ageing
from warehouse.api.channels import routes as channels
from warehouse.api.counting import routes as counting
from warehouse.api.fees import routes as fees
from warehouse.api.files import routes as files
from warehouse.api.handing import routes as handing
from warehouse.api.holding import routes as holding
from warehouse.api.pallets import routes as pallets
from warehouse.api.pictures import own_routes as damage
from warehouse.api.pictures import routes as pictures
from warehouse.api.restocking import routes as restocking
from warehouse.api.selling import routes as selling
from warehouse.api.serials import routes as serials
from warehouse.api.serving import routes as serving
from warehouse.api.shelf_life import routes as shelf_life
from warehouse.api.terms import routes as terms
from warehouse.api.to_sell import routes as to_sell
from warehouse.api.transferring import routes as transferring
from warehouse.api.waiting import routes as waiting

ROUTES = (
    *(holding, to_sell, ageing, restocking, transferring, selling, waiting, terms),
    *(shelf_life, files, handing, channels, fees),
    *(serving, counting, pallets, serials, pictures, damage),
)
