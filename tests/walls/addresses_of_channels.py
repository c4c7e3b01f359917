"""The addresses of a seller's channels; that to which its shops send has tests of its own."""

from __future__ import annotations

from tests.walls.who import OPERATOR, SELLER, Address
from tests.walls.world import World

_OWN = frozenset({SELLER})
_READ = Address(read=_OWN, admins=True, owner=SELLER)
_WRITE = Address(write=_OWN, admins=True, owner=SELLER)

CHANNELS: dict[str, Address] = {
    "buyers/erase/": Address(read=frozenset({OPERATOR}), write=frozenset({OPERATOR})),
    "channels/": Address(read=_OWN, admins=True),
    "channels/new/": Address(read=_OWN, write=_OWN, admins=True),
    "channels/deliveries/<str:uid>/": _READ,
    "channels/deliveries/<str:uid>/retry/": _WRITE,
    "channels/<uuid:uid>/": _READ,
    "channels/<uuid:uid>/change/": Address(read=_OWN, write=_OWN, admins=True, owner=SELLER),
    "channels/<uuid:uid>/secret/": _READ,
    "channels/<uuid:uid>/rotate/": _WRITE,
    "channels/<uuid:uid>/enable/": _WRITE,
    "channels/<uuid:uid>/disable/": _WRITE,
}


def in_channels(route: str, world: World) -> str:
    if "channels/" not in route:
        return route
    route = route.replace("<uuid:uid>", str(world.channel.uid))
    return route.replace("<str:uid>", world.channel_delivery.uid)
