"""A sharing of units as a value that can be stored, read again and done again.

The text is canonical JSON (``bondpool.allocation/1``): the policy, every input and the result,
each table column by column, rows sorted by product and seller. The digest is SHA-256 over the
format and the policy as JSON, then for each table its name and columns as JSON and each column's
numbers as 64-bit little-endian, in the order in which they stand in the text.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from core.errors import DomainError, InputError
from procurement.rules.sharing.quantities import (
    BEFORE,
    DEMAND,
    SUPPLY,
    Case,
    Flexible,
    Floor,
    Policy,
    Shares,
    share_out,
)
from procurement.rules.sharing.shortage import Shortage

FORMAT: Final = "bondpool.allocation/1"
PACKED: Final = "bondpool.allocation/1 packed"
#: The tables of a run and their columns, in the order of the text.
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "demand": DEMAND,
    "supply": SUPPLY,
    "before": BEFORE,
    "platform_before": ("product_id", "units"),
    "given": BEFORE,
    "platform": ("product_id", "units", "case"),
}
_CASES: Final = [str(case) for case in Case]


class RunNotReadable(InputError):
    """This is not the stored sharing of a round's units."""

    code = "procurement.run_not_readable"


class RunDiffers(DomainError):
    """A stored sharing does not come to the same when it is done again."""

    code = "procurement.run_differs"


@dataclass(frozen=True, slots=True)
class Run:
    """One sharing with all it was made from; its digest names it."""

    policy: Policy
    demand: pd.DataFrame
    supply: pd.DataFrame
    before: pd.DataFrame | None
    platform_before: pd.DataFrame | None
    shares: Shares
    digest: str


def run(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    *,
    policy: Policy,
    before: pd.DataFrame | None = None,
    platform_before: pd.DataFrame | None = None,
) -> Run:
    """Share units (:func:`share_out`) and keep what it was made from.

    The same values in another order of rows have the same digest. Raises SharesNotUsable.
    """
    shares = share_out(
        demand, supply, policy=policy, before=before, platform_before=platform_before
    )
    return told(
        demand,
        supply,
        shares,
        policy=policy,
        before=before,
        platform_before=platform_before,
    )


def told(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    shares: Shares,
    *,
    policy: Policy,
    before: pd.DataFrame | None = None,
    platform_before: pd.DataFrame | None = None,
) -> Run:
    """A sharing that was made already, as a run."""
    made = Run(
        policy,
        _sorted(demand, DEMAND),
        _sorted(supply, SUPPLY),
        None if before is None else _sorted(before, BEFORE),
        None if platform_before is None else _sorted(platform_before, ("product_id", "units")),
        shares,
        "",
    )
    return Run(
        made.policy,
        made.demand,
        made.supply,
        made.before,
        made.platform_before,
        made.shares,
        _digest(made.policy, _columns(made)),
    )


def to_json(made: Run) -> str:
    """The run as text; :func:`replay` reads it."""
    text: dict[str, Any] = {"format": FORMAT, "policy": _policy(made.policy)}
    for name, columns in _columns(made).items():
        text[name] = columns and {key: values.tolist() for key, values in columns.items()}
    text["digest"] = made.digest
    return json.dumps(text, separators=(",", ":"), sort_keys=False)


def replay(text: str) -> Run:
    """Do a stored run again from its inputs.

    Raises RunNotReadable for anything but such a text, and RunDiffers when the result or the
    digest is not what stands in it.
    """
    try:
        stored = json.loads(text)
        if not isinstance(stored, dict) or stored.get("format") != FORMAT:
            raise RunNotReadable
        policy = _read_policy(stored["policy"])
        frames = {name: _frame(stored[name], columns) for name, columns in TABLES.items()}
    except (ValueError, TypeError, KeyError, OverflowError) as problem:
        raise RunNotReadable(reason=type(problem).__name__) from problem
    demand, supply = frames["demand"], frames["supply"]
    if demand is None or supply is None:
        raise RunNotReadable
    again = run(
        demand,
        supply,
        policy=policy,
        before=frames["before"],
        platform_before=frames["platform_before"],
    )
    if to_json(again) != json.dumps(stored, separators=(",", ":")):
        raise RunDiffers(stored=str(stored.get("digest"))[:64], digest=again.digest)
    return again


def packed(made: Run) -> bytes:
    """The run's inputs and its digest, small enough for a round of a million lines.

    The result is not told: :func:`replay_packed` makes it again, and the digest says whether it
    is the same. A line of JSON, then the columns of the demand and of the supply, each as
    32-bit or 64-bit little-endian, all by zlib. There is no run with units held before.
    """
    columns = _columns(made)
    if columns["before"] or columns["platform_before"]:
        raise RunNotReadable(reason="before")
    parts: list[tuple[str, str, str, int]] = []
    packing, content = zlib.compressobj(1), []
    for name in ("demand", "supply"):
        for column, values in (columns[name] or {}).items():
            kind = "<i4" if not len(values) or int(values.max()) < 2**31 else "<i8"
            parts.append((name, column, kind, len(values)))
            content.append(np.ascontiguousarray(values, dtype=kind).tobytes())
    head = {"format": PACKED, "policy": _policy(made.policy), "parts": parts, "digest": made.digest}
    text = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    return b"".join([*map(packing.compress, [text, *content]), packing.flush()])


def replay_packed(content: bytes) -> Run:
    """Do a packed run again. Raises RunNotReadable or RunDiffers, as :func:`replay`."""
    try:
        line, _, rest = zlib.decompress(content).partition(b"\n")
        head = json.loads(line)
        if not isinstance(head, dict) or head.get("format") != PACKED:
            raise RunNotReadable
        policy, at = _read_policy(head["policy"]), 0
        frames: dict[str, dict[str, Any]] = {"demand": {}, "supply": {}}
        for name, column, kind, count in head["parts"]:
            size = np.dtype(kind).itemsize * count
            values = np.frombuffer(rest[at : at + size], dtype=kind)
            frames[name][column] = values.astype(np.int64)
            at += size
        again = run(pd.DataFrame(frames["demand"]), pd.DataFrame(frames["supply"]), policy=policy)
    except (zlib.error, ValueError, TypeError, KeyError, OverflowError) as problem:
        raise RunNotReadable(reason=type(problem).__name__) from problem
    if again.digest != head.get("digest"):
        raise RunDiffers(stored=str(head.get("digest"))[:64], digest=again.digest)
    return again


def replay_stored(content: bytes) -> Run:
    """Do again what was stored either way: by zlib, as text or packed."""
    try:
        text = zlib.decompressobj().decompress(content, 4_000)
    except zlib.error as problem:
        raise RunNotReadable(reason=type(problem).__name__) from problem
    if text.startswith(f'{{"format":"{PACKED}"'.encode()):
        return replay_packed(content)
    return replay(zlib.decompress(content).decode())


def _read_policy(told: Any) -> Policy:
    return Policy(
        Shortage(told["shortage"]),
        Floor(told["floor"]),
        int(told["floor_percent"]),
        Flexible(told.get("flexible", Flexible.PROPORTIONAL)),
    )


def _policy(policy: Policy) -> dict[str, object]:
    """As it is stored; how tolerance is shared stands there only where it makes a difference."""
    told = {key: str(v) if isinstance(v, str) else v for key, v in asdict(policy).items()}
    if not policy.is_level:
        del told["flexible"]
    return told


def _sorted(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    keys = [column for column in ("product_id", "seller_id") if column in columns]
    return frame[list(columns)].astype("int64").sort_values(keys, ignore_index=True)


def _columns(made: Run) -> dict[str, dict[str, Any] | None]:
    """Every table as arrays, or None where there is none."""
    platform = made.shares.platform.assign(case=made.shares.platform["case"].cat.codes)
    frames = {
        "demand": made.demand,
        "supply": made.supply,
        "before": made.before,
        "platform_before": made.platform_before,
        "given": made.shares.given,
        "platform": platform,
    }
    return {
        name: None
        if (frame := frames[name]) is None
        else {column: frame[column].to_numpy(dtype="<i8") for column in columns}
        for name, columns in TABLES.items()
    }


def _digest(policy: Policy, tables: Mapping[str, dict[str, Any] | None]) -> str:
    found = hashlib.sha256(json.dumps([FORMAT, _policy(policy)]).encode())
    for name, columns in tables.items():
        found.update(json.dumps([name, columns and list(columns)]).encode())
        for values in (columns or {}).values():
            found.update(np.ascontiguousarray(values).data)
    return found.hexdigest()


def _frame(told: Any, columns: tuple[str, ...]) -> pd.DataFrame | None:
    if told is None:
        return None
    if set(told) != set(columns) or not all(type(n) is int for c in columns for n in told[c]):
        raise RunNotReadable(reason="columns")
    return pd.DataFrame({column: np.array(told[column], dtype=np.int64) for column in columns})
