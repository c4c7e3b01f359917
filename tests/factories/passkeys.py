"""A passkey as a browser registers it, made without one."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def a_credential(host: str = "testserver") -> dict[str, object]:
    """The answer of an authenticator to a registration at ``host``, as it is kept."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]
    made = AttestedCredentialData.create(Aaguid.NONE, b"canary-credential", key)
    flags = (
        AuthenticatorData.FLAG.USER_PRESENT
        | AuthenticatorData.FLAG.USER_VERIFIED
        | AuthenticatorData.FLAG.ATTESTED
    )
    told = AuthenticatorData.create(hashlib.sha256(host.encode()).digest(), flags, 0, made)
    client = {"type": "webauthn.create", "challenge": _text(b"c" * 32), "origin": f"http://{host}"}
    return {
        "id": _text(b"canary-credential"),
        "rawId": _text(b"canary-credential"),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": _text(json.dumps(client).encode()),
            "attestationObject": _text(bytes(AttestationObject.create("none", told, {}))),
        },
    }
