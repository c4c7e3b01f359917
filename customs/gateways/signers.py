"""Who signs for a gateway: nobody, a key file, or a card or server by an adapter of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.utils.module_loading import import_string

from customs.gateways import secrets_of
from customs.gateways.away import GatewayAway
from customs.models import Gateway, SignerKind
from customs.rules.ceb.signing import RSA_SHA1, RsaSigner, Signer, rsa_signer


def signer_of(gateway: Gateway) -> Signer | None:
    """The signer of a gateway; None where the client signs. Raises KeyUnusable, GatewayAway.

    A key file is named by ``key`` of the gateway's secrets, beside its ``password``, ``key_name``
    and ``algorithm``. A device is an ``adapter``: the dotted name of a callable that takes the
    secrets and gives a Signer, and may raise GatewayAway, now or when it signs.
    """
    if gateway.signer == SignerKind.NONE:
        return None
    secrets = secrets_of(gateway)
    if gateway.signer == SignerKind.FILE:
        if "key" not in secrets:
            raise GatewayAway(f"no key file is set for {gateway.code}")
        path = Path(secrets["key"])
        try:
            changed = path.stat().st_mtime_ns
        except OSError as error:
            raise GatewayAway(f"{type(error).__name__}: the key file is not there") from error
        more = (secrets.get("password", ""), secrets.get("key_name", ""))
        return _opened(str(path), changed, *more, secrets.get("algorithm") or RSA_SHA1)
    if "adapter" not in secrets:
        raise GatewayAway(f"no adapter is set for {gateway.code}")
    made: Callable[..., Signer] = import_string(secrets["adapter"])
    return made(secrets)


@lru_cache(maxsize=16)
def _opened(path: str, changed: int, password: str, name: str, algorithm: str) -> RsaSigner:
    """Opening a key file takes longer than signing with it; a new file is another one."""
    data = Path(path).read_bytes()
    return rsa_signer(data, password.encode(), key_name=name, algorithm=algorithm)
