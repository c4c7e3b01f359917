"""What the portal does at the zone, and the operations that do the same."""

from __future__ import annotations

ZONE: dict[str, tuple[str, ...]] = {
    "customs/declarations/<str:reference>/bonded-list/": ("send_bonded_list", "get_zone"),
    "customs/declarations/<str:reference>/list-change/": ("change_bonded_list",),
    "customs/declarations/<str:reference>/list-deletion/": ("delete_bonded_list",),
    "customs/declarations/<str:reference>/pass/": ("send_pass", "get_passes"),
    "customs/exports/": ("list_export_lists",),
    "customs/exports/gather/": ("make_export_lists",),
    "customs/exports/<str:number>/": ("get_export_list",),
    "customs/exports/<str:number>/anew/": ("make_export_list_anew",),
    "customs/exports/<str:number>/deletion/": ("delete_export_list_at_customs",),
    "customs/exports/<str:number>/pass/": ("send_out_pass",),
}
