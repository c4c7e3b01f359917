"""The addresses of what changes in bond: counts, pallets, offers between sellers, ages."""

from __future__ import annotations

from django.urls import path

from warehouse.views import ageing, counts, pallets, pictures, serials, shelf_life, transfers

CHANGING = [
    path("warehouse/ageing/", ageing.kept, name="warehouse_ageing"),
    path("warehouse/counts/", counts.listed, name="stock_counts"),
    path("warehouse/counts/start/", counts.start, name="count_start"),
    path("warehouse/counts/terms/<str:code>/", counts.terms, name="count_terms"),
    path("warehouse/counts/<str:number>/", counts.count, name="stock_count"),
    path("warehouse/counts/<str:number>/enter/", counts.enter, name="count_enter"),
    path("warehouse/counts/<str:number>/decide/", counts.decide, name="count_decide"),
    path("warehouse/lots/<str:number>/serials/", serials.serials, name="warehouse_serials"),
    path("warehouse/pallets/", pallets.listed, name="warehouse_pallets"),
    path("warehouse/pallets/new/", pallets.new, name="warehouse_pallet_new"),
    path("warehouse/pallets/<str:sscc>/", pallets.pallet, name="warehouse_pallet"),
    path("warehouse/pallets/<str:sscc>/label.pdf", pallets.label, name="warehouse_pallet_label"),
    path("warehouse/shipments/<str:number>/pictures/", pictures.of_shipment, name="gate_pictures"),
    path("pictures/<int:pk>.jpg", pictures.picture, name="gate_picture"),
    path("pictures/<int:pk>/small.jpg", pictures.thumbnail, name="gate_thumbnail"),
    path("stock/pictures/<int:pk>.jpg", pictures.of_damage, name="damage_picture"),
    path("pictures/<int:pk>/withdraw/", pictures.withdraw, name="gate_picture_withdraw"),
    path("warehouse/transfers/", transfers.kept, name="warehouse_transfers"),
    path("warehouse/limits/<str:code>/", shelf_life.limit, name="bond_limit"),
    path("stock/to-sell/", shelf_life.sellable, name="to_sell"),
    path("stock/minimums/", shelf_life.minimums, name="shelf_minimums"),
    path("stock/ageing/", ageing.mine, name="my_ageing"),
    path("stock/transfers/", transfers.mine, name="transfers"),
    path("stock/transfers/new/", transfers.new, name="transfer_new"),
    path("stock/transfers/<str:number>/", transfers.transfer, name="transfer"),
    path("stock/transfers/<str:number>/answer/", transfers.answer, name="transfer_answer"),
]
