"""Signatures: made over the whole message, and told apart from those over other data."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from lxml import etree

from customs.queries.messages import check, read_message
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import message_of, write
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import read
from customs.rules.ceb.signing import (
    RSA_SHA1,
    RSA_SHA256,
    SM2_SM3,
    KeyUnusable,
    Proof,
    RsaSigner,
    SignatureDoesNotHold,
    holds,
    proof_of,
    rsa_signer,
    signed,
)
from tests.customs.ceb import made

PASSWORD = b"a card's number"
SPACE = {"ds": "http://www.w3.org/2000/09/xmldsig#"}


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def key_file(kind: str = "rsa") -> bytes:
    """A PKCS#12 file with a key and its certificate, number 4711."""
    private = key() if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bondpool")])
    # Long over: a message holds as it did on its day.
    today = datetime(2020, 11, 30, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(0x4711)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    locked = BestAvailableEncryption(PASSWORD)
    return pkcs12.serialize_key_and_certificates(b"card", private, certificate, None, locked)


@pytest.mark.parametrize("algorithm", [RSA_SHA1, RSA_SHA256])
@pytest.mark.parametrize("code", [kind.code for kind in KINDS.values() if kind.written_by_us])
def test_a_signed_message_is_valid_and_its_signature_holds(code: str, algorithm: str) -> None:
    signer = rsa_signer(key_file(), PASSWORD, algorithm=algorithm)
    data = write(signed(made.message(code), signer))
    reading = read(data)
    assert reading.faults == []
    assert holds(reading.root) is True
    # as it stands after it was read and written again
    assert write(message_of(reading)) == data


def test_the_digest_is_taken_of_the_message_before_it_is_signed() -> None:
    message = made.message("CEB311")
    bare = etree.tostring(parse(write(message)), method="c14n")
    root = parse(write(signed(message, rsa_signer(key_file(), PASSWORD))))
    value = root.findtext(".//ds:DigestValue", namespaces=SPACE)
    assert value == base64.b64encode(hashlib.sha1(bare).digest()).decode()  # noqa: S324
    assert root.findtext(".//ds:KeyName", namespaces=SPACE) == "4711"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ceb:totalPrice>199<", b"<ceb:totalPrice>198<"),
        (b"<ceb:totalPrice>", b" <ceb:totalPrice>"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue><!-- -->"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>AAAA"),
        (b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA"),
    ],
)
def test_a_signature_over_other_data_does_not_hold(old: bytes, new: bytes) -> None:
    data = write(signed(made.message("CEB621"), rsa_signer(key_file(), PASSWORD)))
    assert old in data
    changed = data.replace(old, new, 1)
    assert holds(parse(changed)) is False
    assert [(one.path, type(one.error)) for one in check(changed).faults] == [
        ("CEB621/Signature", SignatureDoesNotHold)
    ]
    with pytest.raises(SignatureDoesNotHold):
        read_message(changed)


def test_an_empty_signature_and_one_that_cannot_be_read_do_not_hold() -> None:
    data = write(signed(made.message("CEB621"), rsa_signer(key_file(), PASSWORD))).decode()
    value = re.search("<ds:SignatureValue>(.*?)</ds:SignatureValue>", data)
    assert value is not None
    assert holds(parse(data.replace(value[1], "").encode())) is False
    assert (
        holds(parse(data.replace(' version="1.0">', ' version="1.0" xmlns:q="shop">').encode()))
        is False
    )


def test_a_signature_of_another_message_does_not_hold_for_this_one() -> None:
    signer = rsa_signer(key_file(), PASSWORD)
    other = signed(made.message("CEB621", head={"orderNo": "2"}), signer).signature
    data = write(made.message("CEB621")).decode().replace(made.SIGNATURE, other)
    assert holds(parse(data.encode())) is False


def test_what_cannot_be_told_is_not_called_wrong() -> None:
    # no signature, no certificate inside, and an algorithm of a card
    assert holds(parse(write(made.message("CEB311")))) is None
    assert holds(parse(write(made.message("CEB621")))) is None

    class Card:
        algorithm = SM2_SM3
        key_name = "0001"
        certificate = b"known to the exchange"

        def sign(self, data: bytes) -> bytes:
            assert data.startswith(b'<ds:SignedInfo xmlns:ceb="http://www.chinaport.gov.cn/ceb"')
            return b"64 bytes of a card"

    message = signed(made.message("CEB621"), Card())
    root = parse(write(message))
    assert holds(root) is None
    assert len(base64.b64decode(root.findtext(".//ds:DigestValue", "", SPACE))) == 32
    assert check(write(message)).valid


def test_a_cards_key_under_the_name_of_rsa_is_not_judged() -> None:
    data = write(signed(made.message("CEB621"), rsa_signer(key_file(), PASSWORD))).decode()
    own = pkcs12.load_key_and_certificates(key_file("ec"), PASSWORD)[1]
    assert own is not None
    der = base64.b64encode(own.public_bytes(Encoding.DER)).decode()
    other = re.sub("(<ds:X509Certificate>).*?(</ds:X509Certificate>)", rf"\g<1>{der}\2", data)

    assert holds(parse(other.encode())) is None
    assert check(other.encode()).valid


def test_the_digest_alone_says_that_other_data_was_signed() -> None:
    data = write(signed(made.message("CEB621"), rsa_signer(key_file(), PASSWORD)))
    keyless = re.sub(b"<ds:X509Data>.*</ds:X509Data>", b"", data)
    assert proof_of(parse(keyless)) == Proof.KEYLESS
    # Blanks behind the signature are part of the message that is signed.
    assert proof_of(parse(keyless.replace(b"</ds:Signature>", b"</ds:Signature> "))) == Proof.BROKEN
    assert proof_of(parse(keyless.replace(b">199<", b">198<", 1))) == Proof.BROKEN
    other = re.sub(b"DigestValue>.*</ds:Dig", b"DigestValue>AAAA</ds:Dig", keyless)
    assert proof_of(parse(other)) == Proof.BROKEN
    # Taken in another way than the exchange asks for: nothing is known against it.
    other = keyless.replace(b'<ds:Reference URI="">', b'<ds:Reference URI="#a">')
    assert proof_of(parse(other.replace(b">199<", b">198<", 1))) == Proof.KEYLESS


@pytest.mark.parametrize("code", ["CEB311", "CEB621"])
def test_what_is_signed_by_a_card_is_undecided(code: str) -> None:
    data = write(replace(made.message(code), signature=made.SIGNATURE))
    assert proof_of(parse(data)) == Proof.NATIONAL
    assert check(data).proof == Proof.NATIONAL
    assert check(write(made.message("CEB312"))).proof == Proof.NONE


def test_a_key_that_cannot_be_used_is_refused() -> None:
    for data, password, algorithm in (
        (key_file(), b"another", RSA_SHA1),
        (b"no key", PASSWORD, RSA_SHA1),
        (key_file("ec"), PASSWORD, RSA_SHA1),
        (key_file(), PASSWORD, SM2_SM3),
    ):
        with pytest.raises(KeyUnusable):
            rsa_signer(data, password, algorithm=algorithm)
    assert isinstance(rsa_signer(key_file(), PASSWORD, key_name="0001"), RsaSigner)
