"""Every kind of bad message, by every way it can come: on the command line, over the page and in a
gateway's folder. It is refused or laid aside in words, nothing is taken from it, and what came is
kept to the last byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import escape

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import ElementState, Gateway, Receipt, ReceiptFile, ReceiptState
from customs.rules.ceb.messages import write
from customs.rules.ceb.signing import rsa_signer, signed
from customs.rules.sending import unsqueezed
from customs.services import match_due
from customs.services import receipt_folders as folders
from tests.customs.ceb import made
from tests.customs.ceb.test_signing import PASSWORD, key_file
from tests.customs.receipts.answers import of_list
from tests.factories.accounts import ImporterFactory, MembershipFactory
from tests.factories.messages import SENDS, GatewayFactory

COMES = SENDS + timedelta(hours=1)
DOCTYPE = "A message has no document type and no entities of its own; this file has."
ENCODING = "A message is written in UTF-8; this file is not, or says that it is something else."
FORM = "This message is not as its form demands; nothing was taken from it."
TOO_OFTEN = "This element stands here more often than the message's form allows."
LENGTH = "This field must have exactly as many characters as the message's form says."
SIGNED = "This signature is over other data than what stands here, or by another key than it names."


@dataclass(frozen=True)
class Bad:
    """``where`` is the line and field that ``ceb_check`` names; ``facts`` stand behind the words;
    ``whole`` is what reading says, where it names the first of the faults."""

    data: bytes
    words: str
    code: str
    facts: str = ""
    where: str = ""
    whole: bool = True

    @property
    def read(self) -> str:
        """What reading it says."""
        if self.whole:
            return f"{self.words} ({self.facts})" if self.facts else self.words
        line, field = self.where.split(", ")
        return (
            f"{FORM} (line: {line.removeprefix('line ')}, field: {field}, why: {self.words}, "
            "faults: 1)"
        )


def bomb() -> bytes:
    levels = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10 if level else "boom"}">' for level in range(10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE a [{levels}]><a>&e9;</a>'.encode()


def receipt(head: dict[str, str | None] | None = None, elements: int = 1) -> bytes:
    return write(made.message("CEB622", head=head, elements=elements))


def other_data(code: str) -> bytes:
    """A message that was changed after it was signed."""
    data = write(
        signed(replace(made.message(code), signature=""), rsa_signer(key_file(), PASSWORD))
    )
    assert b">3</ceb:ebcName>" in data
    return data.replace(b">3</ceb:ebcName>", b">4</ceb:ebcName>")


def bad() -> dict[str, Bad]:
    file = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    remote = b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'
    doctype = (DOCTYPE, "customs.doctype_refused", "line: 1", "line 1")
    encoding = "customs.encoding_wrong"
    return {
        "bomb": Bad(bomb(), *doctype),
        "entity": Bad(file, *doctype),
        "remote": Bad(remote, *doctype),
        "gbk": Bad("<a>中</a>".encode("gbk"), ENCODING, encoding, "byte: 3"),
        "declared": Bad(
            '<?xml version="1.0" encoding="GBK"?><a>中</a>'.encode(),
            *(ENCODING, encoding, "declared: GBK"),
        ),
        "utf-16": Bad(receipt().decode().encode("utf-16"), ENCODING, encoding, "byte: 0"),
        "101 elements": Bad(
            receipt(elements=101),
            *(TOO_OFTEN, "customs.ceb_element_too_often", "most: 100"),
            *("line 2, CEB622/InventoryReturn[101]", False),
        ),
        "100 lines": Bad(
            write(made.message("CEB816", lines=100)),
            *(TOO_OFTEN, "customs.ceb_element_too_often", "most: 99"),
            *("line 2, CEB816/Tax[1]/TaxListRd[100]", False),
        ),
        **{
            f"guid of {size}": Bad(
                receipt({"guid": "G" * size}),
                *(LENGTH, "customs.ceb_length_wrong"),
                f"length: {size}, wanted: 36, value: {'G' * size}",
                *("line 2, CEB622/InventoryReturn[1]/guid", False),
            )
            for size in (35, 37)
        },
    }


BAD = bad()
#: These are messages of ours: the ways in take none of them, whatever their form.
OURS = {
    "101 lists": Bad(
        write(made.message("CEB621", elements=101)),
        *(TOO_OFTEN, "customs.ceb_element_too_often", "most: 100"),
        *("line 2, CEB621/Inventory[101]", False),
    ),
    "100 lines of a list": Bad(
        write(made.message("CEB621", lines=100)),
        *(TOO_OFTEN, "customs.ceb_element_too_often", "most: 99"),
        *("line 2, CEB621/Inventory[1]/InventoryList[100]", False),
    ),
    "a list that was changed": Bad(
        other_data("CEB621"),
        *(SIGNED, "customs.signature_does_not_hold", "", "line 2, CEB621/Signature"),
    ),
    "an order that was changed": Bad(
        other_data("CEB311"),
        *(SIGNED, "customs.signature_does_not_hold", "", "line 2, CEB311/Signature"),
    ),
}


def said(name: str, file: Path) -> tuple[list[str], str]:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(name, str(file), stdout=out, language="en")
    assert refusal.value.returncode == 1
    return out.getvalue().splitlines(), str(refusal.value)


@pytest.mark.parametrize("name", [*BAD, *OURS])
def test_the_commands_say_what_is_wrong_and_print_nothing_of_it(name: str, tmp_path: Path) -> None:
    one = (BAD | OURS)[name]
    file = tmp_path / "a.xml"
    file.write_bytes(one.data)

    printed, count = said("ceb_check", file)
    head, fault = printed
    assert head.endswith(": not valid")
    where = f"{one.where}: " if one.where else ""
    facts = f" ({one.facts})" if one.facts else ""
    assert fault == f"  ✗ {where}{one.words}{facts} [{one.code}]"
    assert count == "1 of 1 file is not valid."
    assert said("ceb_read", file) == ([], f"{file}: {one.read}")
    assert file.read_bytes() == one.data


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def importer(wide: None) -> Company:
    return ImporterFactory.create()


def kept() -> dict[str, tuple[str, bytes]]:
    return {
        one.name: (one.refusal, bytes(unsqueezed(one.content)))
        for one in ReceiptFile.objects.order_by("pk")
    }


def parked_as(one: Bad) -> str:
    return one.code if one.whole else "customs.message_invalid"


def test_the_page_says_it_of_each_and_takes_nothing(importer: Company) -> None:
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    client.force_login(MembershipFactory.create(company=importer, role=Role.IMPORTER).user)
    named = {f"{at}.xml": one for at, one in enumerate(BAD.values())}
    files = [SimpleUploadedFile(name, one.data) for name, one in named.items()]

    answered = client.post("/customs/receipts/upload/", {"receipts": files}, follow=True)

    page = answered.content.decode()
    for name, one in named.items():
        told = FORM if not one.whole else one.words
        assert f"{name}: {escape(told)}" in page, name
    assert kept() == {name: (parked_as(one), one.data) for name, one in named.items()}
    assert not Receipt.objects.exists()
    assert not ElementState.objects.exists()


def test_the_folder_parks_each_whole_and_goes_on(importer: Company, tmp_path: Path) -> None:
    gateway: Gateway = GatewayFactory.create(company=importer)
    named = {f"{at}.xml": one for at, one in enumerate((BAD | OURS).values())}
    good = of_list("RL-1", "120")
    for name, data in {**{name: one.data for name, one in named.items()}, "ok.xml": good}.items():
        path = tmp_path / name
        path.write_bytes(data)
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 60))

    read = folders.read_folder(tmp_path, gateway=gateway, now=lambda: COMES)

    assert read == folders.Read(taken=1, parked=len(named))
    parked = {one.name: one.read_bytes() for one in (tmp_path / "parked").rglob("*.xml")}
    assert parked == {name: one.data for name, one in named.items()}
    told = {name: (parked_as(one), one.data) for name, one in named.items()}
    assert kept() == told | {"ok.xml": ("", good)}
    assert list(Receipt.objects.values_list("key", flat=True)) == ["RL-1"]


def test_a_receipt_for_an_unknown_number_waits_for_a_person(
    importer: Company, tmp_path: Path
) -> None:
    gateway: Gateway = GatewayFactory.create(company=importer)
    path = tmp_path / "r.xml"
    path.write_bytes(data := of_list("NOBODYS", "800"))
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 60))

    read = folders.read_folder(tmp_path, gateway=gateway, now=lambda: COMES)
    match_due(now=COMES)

    assert read == folders.Read(taken=1)
    assert Receipt.objects.values_list("key", "state").get() == ("NOBODYS", ReceiptState.WAITING)
    assert not ElementState.objects.exists()
    assert kept() == {"r.xml": ("", data)}
