"""What an authenticator app shows, written down apart from the product's own arithmetic."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct


def totp(secret: str, *, at: float) -> str:
    """Six digits of RFC 6238."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    found = digest.digest()
    start = found[-1] & 0xF
    number = struct.unpack(">I", found[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"
