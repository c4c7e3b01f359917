"""Sign a message as the exchange asks, and tell whether a signature holds.

XML-DSig, enveloped, C14N 1.0: the digest is taken of the whole message before the signature stands
in it. Keys lie on a card or in a certified server, so the signing itself is somebody else's
(:class:`Signer`); what it is given is the canonical ``SignedInfo``. Source: specification for
companies, edition 2022-05, pages 106 to 119.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
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
_RSA = {algorithm: _DIGESTS[algorithm][1] for algorithm in (RSA_SHA1, RSA_SHA256)}


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
        return self.key.sign(data, padding.PKCS1v15(), _RSA[self.algorithm])


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
    if not isinstance(key, rsa.RSAPrivateKey) or certificate is None or algorithm not in _RSA:
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


def holds(root: etree._Element) -> bool | None:
    """Whether the signature of a message was made over it by the key whose certificate it carries.

    None: there is none, or it cannot be told here (national algorithms, no certificate inside, or
    one of a card's own kind of key under the name of RSA, as the samples of the exchange have it).
    Whose certificate it is, and whether it still is, is asked by nobody here: a message of years
    ago holds as it did on its day.
    """
    method = root.find(f"{_tag('Signature')}/{_tag('SignedInfo')}/{_tag('SignatureMethod')}")
    found = root.find(f"{_tag('Signature')}/{_tag('KeyInfo')}//{_tag('X509Certificate')}")
    if method is None or found is None or method.get("Algorithm") not in _RSA:
        return None
    try:
        der = base64.b64decode("".join((found.text or "").split()))
        certificate = x509.load_der_x509_certificate(der)
        if not _is_rsa(certificate):
            return None
        expected = replace(_EXPECTED, verification_time=certificate.not_valid_before_utc)
        XMLVerifier().verify(
            root, x509_cert=certificate, expect_config=expected, validate_schema=False
        )
    except (ValueError, TypeError, SignXMLException, InvalidInput, WrongSignature):
        return False
    except etree.LxmlError:
        # what cannot be made canonical was never signed
        return False
    return True


def _is_rsa(certificate: x509.Certificate) -> bool:
    try:
        return isinstance(certificate.public_key(), rsa.RSAPublicKey)
    except UnsupportedAlgorithm:
        return False
