"""The operations about the papers of declarations, and how one asks for the canary's."""

from __future__ import annotations

from customs.models import PaperLink, ReceiptFile
from tests.rest.call import Call
from tests.walls.world import World

IMPORTER = "importer"
_SET = "declarations/{declaration}/papers"

PRINTED: dict[str, Call] = {
    "order_paper": Call(
        "POST",
        "declarations/{declaration}/paper",
        (IMPORTER,),
        lambda world: {"language": "en"},
        is_owned=True,
    ),
    "get_paper": Call("GET", "declarations/{declaration}/paper.pdf", (IMPORTER,), is_owned=True),
    "get_papers": Call(
        "POST",
        "declaration-papers",
        (IMPORTER,),
        lambda world: {"references": [world.declaration.our_reference]},
        is_owned=True,
    ),
    "list_papers": Call("GET", _SET, (IMPORTER,), is_owned=True),
    "order_papers": Call(
        "POST",
        _SET,
        (IMPORTER,),
        lambda world: {"kinds": ["invoice"], "language": "en"},
        is_owned=True,
    ),
    "release_papers": Call(
        "POST", f"{_SET}/release", (IMPORTER,), lambda world: {"language": "en"}, is_owned=True
    ),
    "get_paper_set": Call("GET", f"{_SET}.zip", (IMPORTER,), is_owned=True),
    "get_paper_sets": Call(
        "POST",
        "declaration-paper-sets",
        (IMPORTER,),
        lambda world: {"references": [world.declaration.our_reference]},
        is_owned=True,
    ),
    "link_papers": Call(
        "POST",
        "declarations/{declaration}/paper-links",
        (IMPORTER,),
        lambda world: {"hours": 2},
        is_owned=True,
    ),
    "revoke_papers": Call("POST", "paper-links/{paper_link}/revoke", (IMPORTER,), is_owned=True),
    "order_retail_papers": Call(
        "POST",
        "retail-lists/{list}/papers",
        ("seller",),
        lambda world: {"language": "en"},
        is_owned=True,
    ),
    "get_retail_paper": Call(
        "GET", "retail-lists/{list}/papers/{parcel_paper}.pdf", ("seller",), is_owned=True
    ),
    "list_share_sheets": Call("GET", "share-sheets", ("seller",)),
    "get_share_sheet": Call("GET", "share-sheets/{share_sheet}.pdf", ("seller",), is_owned=True),
    "get_set_paper": Call("GET", f"{_SET}/{{set_paper}}.pdf", (IMPORTER,), is_owned=True),
}


def printed_in(world: World) -> dict[str, str]:
    """What the places of these paths are filled with."""
    papers = world.declaration.documents.order_by("pk")
    return {
        "set_paper": papers[0].number,
        "paper_link": str(PaperLink.objects.get(release__declaration=world.declaration).uid),
        "parcel_paper": world.retail_list.documents.order_by("pk")[0].number,
        "receipt_file": str(ReceiptFile.objects.get(name="canary.xml").pk),
        "share_sheet": papers.get(kind="share_sheet", seller=world.seller).number,
    }
