"""Carriers: one module for each party, under one small protocol.

What a carrier's own files and messages look like stays in its module; the use cases know parcels,
tracking numbers and events only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from warehouse.carriers.plain import Plain
from warehouse.models import CarrierKind
from warehouse.rules.handing import EventTold, TrackingTold


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """A parcel of a manifest, weight in grams, and to whom it goes: empty where that was erased,
    and when the carrier need no longer be told."""

    parcel: str
    order: str
    weight_g: int
    package: str
    tracking_number: str
    name: str = ""
    telephone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one carrier took from one warehouse together."""

    number: str
    carrier: str
    warehouse: str
    handed_at: datetime
    lines: Sequence[ManifestLine]


class Adapter(Protocol):
    """What one must be able to say to a carrier, and understand of it."""

    def manifest_csv(self, manifest: Manifest) -> bytes:
        """The parcels as a table."""

    def manifest_json(self, manifest: Manifest) -> bytes:
        """The same for programs."""

    def read_tracking(self, name: str, content: bytes) -> list[TrackingTold]:
        """Tracking numbers from a carrier's file. Raises SheetRefused."""

    def read_events(self, name: str, content: bytes) -> list[EventTold]:
        """Events from a carrier's file. Raises SheetRefused."""


ADAPTERS: Mapping[str, Adapter] = {CarrierKind.PLAIN.value: Plain()}
