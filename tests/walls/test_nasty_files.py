"""Whatever is in a file that is sent, and whatever it is called, the answer is never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.walls.conftest import SignIn
from tests.walls.nasty import NASTY, browser_of
from tests.walls.walking import undone
from tests.walls.world import SELLS, World
from tests.walls.world_of_stock import RETAIL_HEAD

_CSV = {
    "/forecasts/2026-Q4/upload/": b"quarter,sku,forecast_units\n2026-Q4,MILK,%s\n",
    "/retail-orders/upload/": (RETAIL_HEAD.encode() + b"shop,T-1,%s,a,b,c,MILK,1,1.00\n"),
    "/customs/parcels/": b"order,waybill\nT-1,%s\n",
    "/warehouse/places/upload/": b"code,zone,volume_m3\nA-1,storage,%s\n",
    "/products/import/": (
        b"sku,name_zh,name_en,hs_code,origin,net_weight_g,gross_weight_g\nX,%s,b,1,DEU,1,2\n"
    ),
}
_WHO = {"/products/import/": "operator", "/warehouse/places/upload/": "warehouse"}
_FILE_NAMES = ("a.csv", "🙂.csv", "a" * 300 + ".csv", '"; x=y.csv', "..", "例.xlsx", "\r\na.csv")


@pytest.fixture
def while_open(tmp_path: Path, world: World) -> None:
    """The doors' clock stands where forecasts are taken."""
    (tmp_path / "clock").write_text(SELLS.isoformat())


@pytest.mark.usefixtures("while_open")
@pytest.mark.parametrize("path", sorted(_CSV))
def test_no_file_crashes_a_page(world: World, sign_in: SignIn, path: str) -> None:
    client = browser_of(sign_in, _WHO.get(path, "seller"))
    contents = [_CSV[path].replace(b"%s", nasty.encode()) for nasty in NASTY]
    contents += [
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\x00" * 200,
        b"%PDF-1.7",
        b"\xff\xfe" + "quarter".encode("utf-16-le"),
        b'"' * 9,
        b"quarter,sku,forecast_units" + b"," * 500,
        b"a" * 200_000,
        b"\x80\x81\xff",
    ]
    sent = [(content, "a.csv") for content in contents]
    sent += [(_CSV[path].replace(b"%s", b"1"), name) for name in _FILE_NAMES]
    crashed = []
    for content, name in sent:
        with undone():
            file = SimpleUploadedFile("a.csv", content)
            file.__dict__["_name"] = name
            answer = client.post(path, {"file": file}, follow=True)
        if answer.status_code >= 500:
            crashed.append((name, content[:80], answer.status_code))

    assert crashed == []
