"""Sign a message as the exchange asks, and tell whether a signature holds.

XML-DSig, enveloped, C14N 1.0: the digest is taken of the whole message before the signature stands
in it. Keys lie on a card or in a certified server, so the signing itself is somebody else's
(:class:`Signer`); what it is given is the canonical ``SignedInfo``. Source: specification for
companies, edition 2022-05, pages 106 to 119.
"""

from __future__ import annotations

import base64
from copy import deepcopy
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature as WrongSignature
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidInput, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from core.errors import InputError
from customs.rules.ceb.kinds import SIGNATURE_NAMESPACE
from customs.rules.ceb.messages import Message, write
from customs.rules.ceb.parsing import parse

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
#: The national algorithms, which the exchange prefers; a card or a server computes them.
SM2_SM3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
_DIGESTS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    RSA_SHA1: ("http://www.w3.org/2000/09/xmldsig#sha1", hashes.SHA1()),  # noqa: S303 - the exchange asks for it
    RSA_SHA256: ("http://www.w3.org/2001/04/xmlenc#sha256", hashes.SHA256()),
    SM2_SM3: ("http://www.chinaport.gov.cn/2022/04/xmldsig#sm3", hashes.SM3()),
}
SHA_HASHES = {_DIGESTS[name][0]: _DIGESTS[name][1] for name in (RSA_SHA1, RSA_SHA256)}
RSA_HASHES = {algorithm: _DIGESTS[algorithm][1] for algorithm in (RSA_SHA1, RSA_SHA256)}


class SignatureDoesNotHold(InputError):
    """This signature is over other data than what stands here, or by another key than it names."""

    code = "customs.signature_does_not_hold"


class KeyUnusable(InputError):
    """This key file cannot be opened with this password, or holds no RSA key and certificate."""

    code = "customs.key_unusable"


class Signer(Protocol):
    """Who holds the key: a file, a card, a server. ``algorithm`` is one of those above."""

    @property
    def algorithm(self) -> str: ...

    @property
    def key_name(self) -> str:
        """The number of the card."""
        ...

    @property
    def certificate(self) -> bytes:
        """DER; empty where the exchange knows it by the key's name."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature of ``data``, the canonical SignedInfo."""
        ...


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """A key that lies in a file: for tests, and where the exchange gave one."""

    key: rsa.RSAPrivateKey
    certificate: bytes
    key_name: str
    algorithm: str = RSA_SHA1

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, padding.PKCS1v15(), RSA_HASHES[self.algorithm])


def rsa_signer(
    data: bytes, password: bytes, *, key_name: str = "", algorithm: str = RSA_SHA1
) -> RsaSigner:
    """The signer of a PKCS#12 file; its name is the certificate's number if none is given.

    Raises KeyUnusable.
    """
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, password)
    except ValueError as error:
        raise KeyUnusable from error
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None or algorithm not in RSA_HASHES:
        raise KeyUnusable
    name = key_name or f"{certificate.serial_number:x}"
    return RsaSigner(key, certificate.public_bytes(Encoding.DER), name, algorithm)


def digest(data: bytes, algorithm: str) -> bytes:
    """The digest that belongs to a signature's algorithm."""
    running = hashes.Hash(_DIGESTS[algorithm][1])
    running.update(data)
    return running.finalize()


def signed(message: Message, signer: Signer) -> Message:
    """The message with its signature; ``write`` then gives the bytes it holds for."""
    data = write(replace(message, signature=""))
    return replace(message, signature=_signature(data, signer))


def signed_bytes(data: bytes, signer: Signer) -> bytes:
    """The same of a message that was written already and has no signature yet."""
    # The signature stands last.
    end = data.rindex(b"</")
    return data[:end] + _signature(data, signer).encode() + data[end:]


def _signature(data: bytes, signer: Signer) -> str:
    root = parse(data)
    value = base64.b64encode(digest(_canonical(root), signer.algorithm)).decode()
    signature = etree.SubElement(root, _tag("Signature"), nsmap={"ds": SIGNATURE_NAMESPACE})
    info = etree.SubElement(signature, _tag("SignedInfo"))
    etree.SubElement(info, _tag("CanonicalizationMethod"), Algorithm=C14N)
    etree.SubElement(info, _tag("SignatureMethod"), Algorithm=signer.algorithm)
    reference = etree.SubElement(info, _tag("Reference"), URI="")
    transforms = etree.SubElement(reference, _tag("Transforms"))
    etree.SubElement(transforms, _tag("Transform"), Algorithm=ENVELOPED)
    etree.SubElement(reference, _tag("DigestMethod"), Algorithm=_DIGESTS[signer.algorithm][0])
    etree.SubElement(reference, _tag("DigestValue")).text = value
    made = base64.b64encode(signer.sign(_canonical(info))).decode()
    etree.SubElement(signature, _tag("SignatureValue")).text = made
    key = etree.SubElement(signature, _tag("KeyInfo"))
    etree.SubElement(key, _tag("KeyName")).text = signer.key_name
    if signer.certificate:
        holder = etree.SubElement(key, _tag("X509Data"))
        text = base64.b64encode(signer.certificate).decode()
        etree.SubElement(holder, _tag("X509Certificate")).text = text
    return etree.tostring(signature, method="c14n", exclusive=True, with_tail=False).decode()


def _tag(name: str) -> str:
    return f"{{{SIGNATURE_NAMESPACE}}}{name}"


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", with_comments=False, with_tail=False))


#: The exchange still takes SHA-1, which the library does only when it is told.
_EXPECTED = SignatureConfiguration(
    location="./",
    signature_methods=frozenset({SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256}),
    digest_algorithms=frozenset({DigestAlgorithm.SHA1, DigestAlgorithm.SHA256}),
)


class Proof(Enum):
    """What can be said here of a message's signature."""

    NONE = "none"
    HOLDS = "holds"
    #: Its digest is of other data, or the key whose certificate stands there did not make it.
    BROKEN = "broken"
    #: Its digest fits; which key it is of, no certificate says.
    KEYLESS = "keyless"
    #: Its algorithm or its key is one of a card or a server (SM2 with SM3).
    NATIONAL = "national"


def holds(root: etree._Element) -> bool | None:
    """Whether the signature of a message was made over it by the key whose certificate it carries;
    None where there is none, or where it cannot be told here."""
    return {Proof.HOLDS: True, Proof.BROKEN: False}.get(proof_of(root))


def proof_of(root: etree._Element) -> Proof:
    """What can be said of the signature of a message or an envelope.

    The digest (SHA) is compared whether or not a certificate stands there. Under the name of RSA
    the samples of the exchange have the certificates of cards' own keys: of these no more is told.
    Whose certificate it is, and whether it still is, is asked by nobody here: a message of years
    ago holds as it did on its day.
    """
    signature = root.find(_tag("Signature"))
    if signature is None:
        return Proof.NONE
    method = signature.find(f"{_tag('SignedInfo')}/{_tag('SignatureMethod')}")
    if method is None or method.get("Algorithm") not in RSA_HASHES:
        return Proof.NATIONAL
    try:
        if not _digest_fits(root, signature):
            return Proof.BROKEN
    except etree.LxmlError:
        # what cannot be made canonical was never signed
        return Proof.BROKEN
    found = signature.find(f"{_tag('KeyInfo')}//{_tag('X509Certificate')}")
    return Proof.KEYLESS if found is None else _by_certificate(root, found)


def _digest_fits(root: etree._Element, signature: etree._Element) -> bool:
    """Whether the digest is that of the message without its signature; True as well where it is
    taken in another way than the exchange asks for: then nothing is known against it."""
    references = signature.findall(f"{_tag('SignedInfo')}/{_tag('Reference')}")
    if len(references) != 1 or references[0].get("URI") != "":
        return True
    (reference,) = references
    steps = {one.get("Algorithm") for one in reference.iter(_tag("Transform"))}
    method = reference.find(_tag("DigestMethod"))
    hashed = SHA_HASHES.get(method.get("Algorithm", "") if method is not None else "")
    if hashed is None or ENVELOPED not in steps or not steps <= {ENVELOPED, C14N}:
        return True
    bare = deepcopy(root)
    inside = bare.find(_tag("Signature"))
    if inside is not None:
        _take_out(inside)
    running = hashes.Hash(hashed)
    running.update(_canonical(bare))
    told = "".join((reference.findtext(_tag("DigestValue")) or "").split())
    return told == base64.b64encode(running.finalize()).decode()


def _take_out(element: etree._Element) -> None:
    """Out of its parent, where the blanks behind it stay."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _by_certificate(root: etree._Element, found: etree._Element) -> Proof:
    try:
        der = base64.b64decode("".join((found.text or "").split()))
        certificate = x509.load_der_x509_certificate(der)
        if not _is_rsa(certificate):
            return Proof.NATIONAL
        expected = replace(_EXPECTED, verification_time=certificate.not_valid_before_utc)
        XMLVerifier().verify(
            root, x509_cert=certificate, expect_config=expected, validate_schema=False
        )
    except (ValueError, TypeError, SignXMLException, InvalidInput, WrongSignature):
        return Proof.BROKEN
    except etree.LxmlError:
        return Proof.BROKEN
    return Proof.HOLDS


def _is_rsa(certificate: x509.Certificate) -> bool:
    try:
        return isinstance(certificate.public_key(), rsa.RSAPublicKey)
    except UnsupportedAlgorithm:
        return False
