"""Files over the API are read without trust: no more is taken, told or kept than a person needs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.multipartparser import MultiPartParser
from openpyxl import Workbook

from core.walls import platform_wide
from procurement.models import ForecastUpload
from rest.models import StoredAnswer
from tests.rest.asking import form_with_a_file
from tests.rest.conftest import Hire, Robot
from tests.rest.test_keys import selling
from tests.walls.conftest import SignIn
from tests.walls.world import World
from warehouse.models import RetailUpload

__all__ = ["selling"]

FORM = "multipart/form-data; boundary=b"
FORECASTS = "rounds/2026-Q4/forecast-files"


def send(robot: Robot, path: str, name: str, content: bytes, *, key: str = "1") -> Any:
    form = form_with_a_file({}, name, content)
    return robot.post(path, form, idempotency_key=key, content_type=FORM)


def book(*rows: tuple[str, ...]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(out)
    return out.getvalue()


def test_of_a_file_full_of_faults_the_first_thousand_are_told_and_kept(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    head = robot.get("retail-order-template.csv").content.decode("utf-8-sig").strip()
    content = f"{head}\n".encode() + b"=,=,=,=,=,=,=,=,=,=,=\n" * 400

    checked = send(robot, "retail-order-files", "orders.csv", content)
    again = robot.get(f"retail-order-files/{checked.json()['id']}")
    taken = robot.post(f"retail-order-files/{checked.json()['id']}/orders", idempotency_key="2")

    told = checked.json()
    assert checked.status_code == 201
    assert (told["fault_count"], len(told["faults"])) == (4_400, 1_000)
    assert (told["faults"][0]["row"], told["faults"][-1]["row"]) == (2, 92)
    assert again.json() == told
    assert (taken.status_code, taken.json()["facts"]["wrong_rows"]) == (422, 4_400)
    with platform_wide():
        assert len(bytes(StoredAnswer.objects.get(key="1").body)) < 150_000


def test_of_a_forecast_full_of_faults_the_first_thousand_are_told(
    selling: World, hire: Hire
) -> None:
    rows = "".join(f"2026-Q4,COAL{n},x\n" for n in range(1_500))

    answer = send(
        hire("seller"), FORECASTS, "f.csv", f"quarter,sku,forecast_units\n{rows}".encode()
    )

    assert (answer.status_code, answer.json()["facts"]) == (422, {"count": 3_000})
    assert len(answer.json()["errors"]) == 1_000
    with platform_wide():
        assert ForecastUpload.objects.filter(round=selling.open_round).count() == 0


NUL = book(("quarter", "sku", "forecast_units"), ("2026-Q4", "A_x0000_B", "5"))


def test_a_nul_that_a_workbook_spells_out_is_refused_in_words(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    head = robot.get("retail-order-template.csv").content.decode("utf-8-sig").strip().split(",")

    forecast = send(robot, FORECASTS, "f.xlsx", NUL)
    orders = send(
        robot,
        "retail-order-files",
        "o.xlsx",
        book(tuple(head), tuple("x_x0000_" for _one in head)),
        key="2",
    )

    for answer in (forecast, orders):
        assert (answer.status_code, answer.json()["code"]) == (422, "core.sheet_broken")
        assert answer.json()["facts"]["row"] == 2
    with platform_wide():
        assert not RetailUpload.objects.filter(file_name="o.xlsx").exists()


@pytest.mark.parametrize(
    ("who", "path"), [("seller", "/forecasts/2026-Q4/upload/"), ("operator", "/products/import/")]
)
def test_a_page_says_so_as_well(selling: World, sign_in: SignIn, who: str, path: str) -> None:
    client = sign_in(who)

    answer = client.post(path, {"file": SimpleUploadedFile("f.xlsx", NUL)})

    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["nobody", "unknown", "other scope", "seller"])
def test_a_file_is_read_for_nobody_whose_token_opens_nothing(
    world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    read: list[str] = []
    parse = MultiPartParser.parse

    def noted(self: Any) -> Any:
        read.append(who)
        return parse(self)

    monkeypatch.setattr(MultiPartParser, "parse", noted)
    robot = {
        "nobody": Robot(""),
        "unknown": Robot("bp_nonsense"),
        "other scope": hire("seller", "home:read"),
        "seller": hire("seller"),
    }[who]

    answer = send(robot, "retail-order-files", "f.csv", b"a" * 300_000)

    assert (answer.status_code, read) == {
        "nobody": (401, []),
        "unknown": (401, []),
        "other scope": (403, []),
        "seller": (422, ["seller"]),
    }[who]


@pytest.mark.parametrize(
    "form",
    [
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\x00\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 11_000 + b"--b--\r\n",
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--b--\r\n",
    ],
    ids=["a NUL", "too many fields", "no base64"],
)
def test_a_form_that_cannot_be_read_is_400(world: World, hire: Hire, form: bytes) -> None:
    answer = hire("seller").post("retail-order-files", form, idempotency_key="1", content_type=FORM)

    assert (answer.status_code, answer.json()["code"]) == (400, "rest.bad_request")
    assert answer.has_header("RateLimit")


def test_a_file_without_a_boundary_is_no_form(world: World, hire: Hire) -> None:
    answer = hire("seller").post(
        "retail-order-files", b"x", idempotency_key="1", content_type="multipart/form-data"
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "rest.bad_request")
