"""What the root of a message says beside its number is kept, for a signature is over it as well."""

from __future__ import annotations

import pytest
from lxml import etree

from customs.rules.ceb.messages import canonical, message_of, write
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import read
from customs.rules.ceb.signing import holds, rsa_signer, signed_bytes
from tests.customs.ceb import made
from tests.customs.ceb.test_signing import PASSWORD, key_file

XSI = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.chinaport.gov.cn/ceb &quot;CEB.xsd&quot; &amp;"'
)
ROOTS = {
    "instance": XSI,
    "more": f'xmlns:dxp="urn:dxp" {XSI} xmlns:a="urn:a"',
    "signature": 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"',
    "another default": 'xmlns="urn:nothing" xmlns:q="urn:q"',
    "no namespace": (
        'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="a.xsd"'
    ),
}


def with_root(data: bytes, told: str) -> bytes:
    return data.replace(b' guid="', f' {told} guid="'.encode(), 1)


def exact(data: bytes) -> bytes:
    """C14N 1.0, of which a digest is taken."""
    return bytes(etree.tostring(parse(data), method="c14n"))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        *(("CEB311", told) for told in ROOTS),
        # An answer has its own namespace as the default.
        *(("CEB900", told) for told in ROOTS if told != "another default"),
    ],
)
def test_a_root_is_written_as_it_was_read(code: str, told: str) -> None:
    data = with_root(write(made.message(code)), ROOTS[told])
    reading = read(data)
    assert reading.faults == []

    again = write(message_of(reading))

    assert exact(again) == exact(data)
    assert canonical(again) == canonical(data)
    assert message_of(read(again)) == message_of(reading)


@pytest.mark.parametrize("told", list(ROOTS))
def test_a_signature_over_such_a_root_still_holds(told: str) -> None:
    bare = with_root(write(made.message("CEB311")), ROOTS[told])
    data = signed_bytes(bare, rsa_signer(key_file(), PASSWORD))
    assert holds(parse(data)) is True

    again = write(message_of(read(data)))

    assert exact(again) == exact(data)
    assert holds(parse(again)) is True
