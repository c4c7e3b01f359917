"""A signature that lies around a message of the zone is over that message, or refused."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from lxml import etree

from customs.queries.messages import check, read_message
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.signing import (
    C14N,
    RSA_SHA1,
    SM2_SM3,
    Proof,
    SignatureDoesNotHold,
    digest,
    rsa_signer,
)
from customs.rules.receipts.reading import receipts_in
from customs.rules.sas.documents import Document, SasInvalid, write
from tests.customs import zone
from tests.customs.ceb.test_signing import PASSWORD, key_file

SPACE = ' xmlns="http://www.w3.org/2000/09/xmldsig#"'


def signed(data: bytes, *, space: str = "", algorithm: str = RSA_SHA1, key: bool = True) -> bytes:
    """As the client signs: the object's digest, then the key's word for it; both in ``space``."""
    signer = rsa_signer(key_file(), PASSWORD)
    held = parse(data).find("Object")
    assert held is not None
    told = etree.tostring(held, method="c14n", with_tail=False)
    value = base64.b64encode(digest(in_space(told, space), RSA_SHA1)).decode()
    info = (
        f'<SignedInfo><CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{algorithm}"></SignatureMethod><Reference URI="#String">'
        '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></DigestMethod>'
        f"<DigestValue>{value}</DigestValue></Reference></SignedInfo>"
    )
    made = base64.b64encode(signer.sign(in_space(info.encode(), space))).decode()
    certificate = base64.b64encode(signer.certificate).decode()
    stands = f"<X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>" * key
    front = f"{info}<SignatureValue>{made}</SignatureValue><KeyInfo>{stands}</KeyInfo>"
    return data.replace(b"<Signature>", f"<Signature>{front}".encode())


def in_space(data: bytes, space: str) -> bytes:
    end = next(place for place, one in enumerate(data) if one in b" >")
    return data[:end] + space.encode() + data[end:]


@pytest.mark.parametrize("space", ["", SPACE])
def test_a_signature_around_a_list_is_held_against_it(space: str) -> None:
    data = signed(write(zone.bonded_list()), space=space)
    other = data.replace(b"<DclQty>120<", b"<DclQty>121<")
    assert other != data

    assert (check(data).valid, check(data).proof) == (True, Proof.HOLDS)
    found = check(other)
    assert [(one.path, type(one.error)) for one in found.faults] == [
        ("INV101/Signature", SignatureDoesNotHold)
    ]
    with pytest.raises(SignatureDoesNotHold):
        read_message(other)


@pytest.mark.parametrize(
    ("change", "proof"),
    [
        ((b"<SignatureValue>", b"<SignatureValue>AAAA"), Proof.BROKEN),
        ((b'URI="#String"', b'URI="#Other"'), Proof.BROKEN),
        ((b"<X509Certificate>", b"<X509Certificate>A"), Proof.BROKEN),
        ((b"xmldsig#sha1", b"xmldsig#sm3"), Proof.NATIONAL),
    ],
)
def test_what_of_a_signature_does_not_fit(change: tuple[bytes, bytes], proof: Proof) -> None:
    data = signed(write(zone.bonded_list()))
    assert check(data.replace(*change)).proof == proof


def test_what_cannot_be_told_of_a_signature_is_said() -> None:
    bare = write(zone.bonded_list())
    assert check(bare).proof == Proof.NONE
    assert check(signed(bare, key=False)).proof == Proof.KEYLESS
    assert check(signed(bare, algorithm=SM2_SM3)).proof == Proof.NATIONAL


def swapped(data: bytes) -> bytes:
    """The same message of another sender, whose fields stand in another order."""
    old = b"<GdsSeqno>1</GdsSeqno><PutrecSeqno>36</PutrecSeqno>"
    assert old in data
    pocket = b"<DataInfo><PocketInfo><pocket_id>1</pocket_id><total>1</total></PocketInfo>"
    new = b"<PutrecSeqno>36</PutrecSeqno><GdsSeqno>1</GdsSeqno>"
    return data.replace(old, new).replace(b"<DataInfo>", pocket)


@pytest.mark.parametrize("is_signed", [False, True])
def test_what_is_read_and_written_again_is_the_same_message(is_signed: bool) -> None:
    data = swapped(write(zone.bonded_list()))
    data = signed(data) if is_signed else data

    document = read_message(data)

    assert isinstance(document, Document)
    assert write(document) == data
    assert check(write(document)).proof == (Proof.HOLDS if is_signed else Proof.NONE)


def test_a_signature_that_would_not_hold_any_more_is_refused() -> None:
    document = read_message(signed(write(zone.bonded_list())))
    assert isinstance(document, Document)
    with pytest.raises(SasInvalid):
        write(replace(document, declare=False))


def test_where_signatures_are_wanted_the_zone_s_answers_are_taken_without() -> None:
    data = zone.answer("INV201", zone.RESULT)
    assert [one.message for one in receipts_in(data, must_be_signed=True)] == ["INV201"]
