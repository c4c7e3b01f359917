"""Signatures that lie around what they sign, as the zone's import client makes them.

The message stands in the signature's ``Object``, which its reference names (``#String``); both
mostly without the namespace of signatures. Whether the digest is of the object as it stands or as
it were in that namespace no source says, so either counts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from customs.rules.ceb.kinds import SIGNATURE_NAMESPACE
from customs.rules.ceb.shape import short
from customs.rules.ceb.signing import C14N, RSA_HASHES, SHA_HASHES, Proof, proof_of


def proof_of_file(root: etree._Element) -> Proof:
    """What can be said of the signature of any message or envelope, wherever it stands."""
    if short(root.tag) != "Signature":
        return proof_of(root)
    info = root.find("{*}SignedInfo")
    if info is None:
        # The client signs; what it is given has the frame alone.
        return Proof.NONE
    method = info.find("{*}SignatureMethod")
    hashed = RSA_HASHES.get(method.get("Algorithm", "") if method is not None else "")
    if hashed is None:
        return Proof.NATIONAL
    fits = [_fits(root, one) for one in info.findall("{*}Reference")]
    if not fits or False in fits:
        return Proof.BROKEN
    if None in fits:
        return Proof.NATIONAL
    found = root.find("{*}KeyInfo//{*}X509Certificate")
    return Proof.KEYLESS if found is None else _by_certificate(root, info, hashed, found)


def holds_in_file(root: etree._Element) -> bool | None:
    """As :func:`customs.rules.ceb.signing.holds`, wherever the signature stands."""
    return {Proof.HOLDS: True, Proof.BROKEN: False}.get(proof_of_file(root))


def _fits(root: etree._Element, reference: etree._Element) -> bool | None:
    """Whether a reference's digest is of what it names; None where that cannot be told here."""
    method = reference.find("{*}DigestMethod")
    hashed = SHA_HASHES.get(method.get("Algorithm", "") if method is not None else "")
    steps = {one.get("Algorithm") for one in reference.iter("{*}Transform")}
    if hashed is None or not steps <= {C14N}:
        return None
    name = (reference.get("URI") or "").removeprefix("#")
    named = [one for one in root.findall("{*}Object") if one.get("Id", "") == name]
    told = "".join((reference.findtext("{*}DigestValue") or "").split())
    return len(named) == 1 and any(
        told == base64.b64encode(_digest(form, hashed)).decode() for form in _forms(named[0])
    )


def _digest(data: bytes, hashed: hashes.HashAlgorithm) -> bytes:
    running = hashes.Hash(hashed)
    running.update(data)
    return running.finalize()


def _forms(element: etree._Element) -> Iterator[bytes]:
    """A part in canonical form as it stands, and in the namespace of signatures."""
    try:
        told = bytes(etree.tostring(element, method="c14n", with_comments=False, with_tail=False))
    except etree.LxmlError:
        # what cannot be made canonical was never signed
        return
    yield told
    if etree.QName(element).namespace is None:
        space = f'<\\1 xmlns="{SIGNATURE_NAMESPACE}"'.encode()
        yield re.sub(rb"^<([^\s/>]+)", space, told, count=1)


def _by_certificate(
    root: etree._Element,
    info: etree._Element,
    hashed: hashes.HashAlgorithm,
    found: etree._Element,
) -> Proof:
    try:
        der = base64.b64decode("".join((found.text or "").split()))
        key = x509.load_der_x509_certificate(der).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return Proof.NATIONAL
        made = base64.b64decode("".join((root.findtext("{*}SignatureValue") or "").split()))
    except UnsupportedAlgorithm:
        return Proof.NATIONAL
    except (ValueError, TypeError):
        return Proof.BROKEN
    for form in _forms(info):
        try:
            key.verify(made, form, padding.PKCS1v15(), hashed)
        except InvalidSignature:
            continue
        return Proof.HOLDS
    return Proof.BROKEN
