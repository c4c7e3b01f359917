"""The addresses of what leaves a warehouse: waves, packing, hand-overs."""

from django.urls import path

from warehouse.views import handing as giving
from warehouse.views import serving as leaving

LEAVING = [
    path("warehouse/carriers/", giving.carriers, name="warehouse_carriers"),
    path("warehouse/hand-overs/", giving.hand_overs, name="warehouse_hand_overs"),
    path("warehouse/hand-overs/<str:number>/", giving.hand_over, name="warehouse_hand_over"),
    path(
        "warehouse/hand-overs/<str:number>/manifest.<str:kind>",
        giving.manifest,
        name="warehouse_manifest",
    ),
    path("warehouse/hand-overs/<str:number>/tracking/", giving.track, name="warehouse_track"),
    path("warehouse/hand-overs/<str:number>/events/", giving.tell, name="warehouse_tell"),
    path("warehouse/packing/", leaving.pack, name="warehouse_packing"),
    path("warehouse/waves/", leaving.waves, name="warehouse_waves"),
    path("warehouse/waves/<str:number>/", leaving.wave, name="warehouse_wave"),
    path("warehouse/waves/<str:number>/list.pdf", leaving.wave_paper, name="warehouse_wave_paper"),
    path("warehouse/orders/<str:number>/again/", leaving.pick_again, name="warehouse_pick_again"),
]
