"""The operations about the papers of declarations, and how one asks for the canary's."""

from __future__ import annotations

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
    "get_set_paper": Call("GET", f"{_SET}/{{set_paper}}.pdf", (IMPORTER,), is_owned=True),
}


def printed_in(world: World) -> dict[str, str]:
    """What the places of these paths are filled with."""
    return {"set_paper": world.declaration.documents.order_by("pk")[0].number}
