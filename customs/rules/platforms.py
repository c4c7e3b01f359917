"""The platforms on which a seller sells: each shop channel is on one, and an order is told to
customs under the one on which it was placed, from the first message to the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from core.errors import InputError
from customs.rules.parties import company_code

#: Beside the one of all other channels.
MOST = 50


class PlatformIncomplete(InputError):
    """Each further platform stands on a line of its own: the shop's channel, the platform's customs
    code and its name, with commas between."""

    code = "customs.platform_incomplete"


class ChannelTwice(InputError):
    """A shop's channel is on one platform; this one stands on two lines."""

    code = "customs.channel_twice"


class PlatformNameDiffers(InputError):
    """One customs code has one name: on another line, or above, it has another."""

    code = "customs.platform_name_differs"


class TooManyPlatforms(InputError):
    """At most 50 further platforms can be told."""

    code = "customs.too_many_platforms"


class PlatformUnknown(InputError):
    """None of the seller's platforms has this customs code; tell it first, on the page of who
    declares."""

    code = "customs.platform_unknown"


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform by its customs registration; ``channel`` is the shop's on it, empty where it is
    the one of all channels that no other has."""

    code: str
    name: str
    channel: str = ""


def read_lines(text: str) -> list[Platform]:
    """One of each line that is not empty. Raises PlatformIncomplete."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        channel, *rest = (cell.strip() for cell in line.replace("\uff0c", ",").split(",", 2))
        if len(rest) != 2:
            raise PlatformIncomplete(field="platforms", row=number)
        found.append(Platform(rest[0], rest[1], channel))
    return found


def as_lines(platforms: Iterable[Platform]) -> str:
    return "\n".join(f"{one.channel}, {one.code}, {one.name}" for one in platforms)


def checked(platforms: Sequence[Platform], default: Platform) -> tuple[Platform, ...]:
    """The same, tidied. Raises TooManyPlatforms, PlatformIncomplete, CustomsCodeWrong,
    ChannelTwice or PlatformNameDiffers."""
    if len(platforms) > MOST:
        raise TooManyPlatforms(field="platforms", most=MOST)
    found: list[Platform] = []
    names = {default.code: default.name}
    for number, one in enumerate(platforms, 1):
        channel, name = one.channel.strip(), one.name.strip()
        if not (0 < len(channel) <= 32 and 0 < len(name) <= 100):
            raise PlatformIncomplete(field="platforms", row=number)
        code = company_code(one.code, field="platforms")
        if channel in {it.channel for it in found}:
            raise ChannelTwice(field="platforms", row=number, channel=channel)
        if names.setdefault(code, name) != name:
            raise PlatformNameDiffers(field="platforms", row=number)
        found.append(Platform(code, name, channel))
    return tuple(found)


def stored(platforms: Iterable[Platform]) -> list[dict[str, str]]:
    return [asdict(one) for one in platforms]


def restored(rows: Iterable[Mapping[str, str]]) -> list[Platform]:
    return [Platform(**one) for one in rows]


def platform_of(
    known: Sequence[Platform], default: Platform, *, channel: str, code: str
) -> Platform:
    """Under which an order is told: that of ``code`` where one was chosen or told before, else that
    of its channel. Of a code that the seller does not name any more the name is empty."""
    if code:
        named = (one for one in (default, *known) if one.code == code)
        return next(named, Platform(code, ""))
    return next((one for one in known if one.channel == channel), default)
