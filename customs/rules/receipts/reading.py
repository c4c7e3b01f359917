"""From the bytes of a file to the receipts in it, or to the reason why it is laid aside."""

from __future__ import annotations

from lxml import etree

from customs.rules.ceb import messages as ceb
from customs.rules.ceb.envelope import is_envelope, open_envelope, parse_file
from customs.rules.ceb.enveloping import holds_in_file
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import read_tree
from customs.rules.ceb.signing import SignatureDoesNotHold
from customs.rules.receipts.parking import NotAReceipt, ReceiptFileEmpty, ReceiptUnsigned
from customs.rules.receipts.told import Told, told_of
from customs.rules.sas import documents as sas


def receipts_in(data: bytes, *, must_be_signed: bool = False) -> list[Told]:
    """The receipts of a file: a message of the authority, bare or in its envelope, or either in a
    ZIP.

    A signature that stands there and can be proved must hold; ``must_be_signed``: one must be
    there, on the envelope or in it, but of the zone's answers.

    Raises ReceiptFileEmpty, NotAReceipt, ReceiptUnsigned, SignatureDoesNotHold, ReceiptTimeWrong,
    ReceiptSaysNothing, and what reading a message raises for its form.
    """
    if not data.strip():
        raise ReceiptFileEmpty
    root = parse_file(data)
    is_signed = _is_signed(root)
    if is_envelope(root):
        root = parse(open_envelope(root).data)
        if is_envelope(root):
            raise NotAReceipt(message="DxpMsg")
        is_signed = _is_signed(root) or is_signed
    # The zone's answers never are: the switch is of the e-port's.
    if must_be_signed and not is_signed and not sas.is_sas(root):
        raise ReceiptUnsigned
    message = (
        sas.document_of(sas.read_tree(root))
        if sas.is_sas(root)
        else ceb.message_of(read_tree(root))
    )
    return told_of(message)


def _is_signed(root: etree._Element) -> bool:
    """Whether a signature stands there that holds. Raises SignatureDoesNotHold."""
    told = holds_in_file(root)
    if told is False:
        raise SignatureDoesNotHold
    return told is True
