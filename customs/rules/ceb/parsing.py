"""From bytes to an XML tree that can be trusted not to do anything.

A message comes from outside: nothing in it is fetched, expanded or believed. A document type is
refused before it is parsed, since bombs of entities and references to foreign files live there.
"""

from __future__ import annotations

import re

from lxml import etree

from core.errors import InputError

#: A full message (100 lists of 99 lines) has about 12 MB.
LARGEST = 32 * 1024 * 1024
#: In its envelope a message stands in Base64, which takes a third more.
LARGEST_FILE = LARGEST // 3 * 4 + 64 * 1024
#: Up to here the parser's own bounds hold (depth, length of a text); beyond it they would refuse
#: what an envelope holds. Bombs are refused before they reach the parser.
_ORDINARY = 9_000_000

_DECLARATION = re.compile(r"<\?xml\s+([^?]*)\?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']*)[\"']")
_PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)


class MessageTooLarge(InputError):
    """This file is too large for a message."""

    code = "customs.message_too_large"


class EncodingWrong(InputError):
    """A message is written in UTF-8; this file is not, or says that it is something else."""

    code = "customs.encoding_wrong"


class DoctypeRefused(InputError):
    """A message has no document type and no entities of its own; this file has."""

    code = "customs.doctype_refused"


class XmlBroken(InputError):
    """This file is not well-formed XML."""

    code = "customs.xml_broken"


def parse(data: bytes, *, most: int = LARGEST) -> etree._Element:
    """The root element. Raises MessageTooLarge, EncodingWrong, DoctypeRefused, XmlBroken."""
    if len(data) > most:
        raise MessageTooLarge(bytes=len(data), most=most)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingWrong(byte=error.start) from error
    # UTF-16 without a mark is UTF-8 full of NULs, and the parser would guess it.
    for sign in ("\0", "\ufeff"):
        if sign in text:
            raise EncodingWrong(byte=len(text[: text.index(sign)].encode()))
    body = text
    if declared := _DECLARATION.match(text):
        encoding = _ENCODING.search(declared[1])
        if encoding and encoding[1].lower() not in ("utf-8", "utf8"):
            raise EncodingWrong(declared=encoding[1][:40])
        body = text[declared.end() :]
    prolog = _PROLOG.match(body)
    if prolog and body.startswith("<!DOCTYPE", prolog.end()):
        line = text[: len(text) - len(body) + prolog.end()].count("\n") + 1
        raise DoctypeRefused(line=line)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=len(data) > _ORDINARY,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        # libxml2 names its own functions behind the comma: of no use to who reads it
        detail = str(error.msg).split(", line ")[0]
        raise XmlBroken(line=line, column=column, detail=detail) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DoctypeRefused(line=1)
    return root
