"""A file made to harm, sent to every page that takes one: refused in words, nothing written."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import ANY

from django.core.files.uploadedfile import SimpleUploadedFile

from core.middleware import LARGEST_BODY
from tests.core.test_sheet_bombs import flat_bomb
from tests.walls.conftest import SignIn
from tests.walls.rows import all_rows
from tests.walls.world import SELLS, World

PAGES = {
    "/forecasts/2026-Q4/upload/": "seller",
    "/retail-orders/upload/": "seller",
    "/customs/parcels/": "seller",
    "/products/import/": "operator",
    "/warehouse/places/upload/": "warehouse",
}


def test_a_bomb_is_refused_on_every_page_that_takes_a_file(world: World, sign_in: SignIn) -> None:
    # While the round takes forecasts.
    Path(os.environ["BONDPOOL_CLOCK_FILE"]).write_text(SELLS.isoformat())
    before = all_rows()
    for page, who in PAGES.items():
        bomb = SimpleUploadedFile("table.xlsx", flat_bomb())

        answer = sign_in(who).post(page, {"file": bomb}, headers={"accept": "text/html"})

        told = answer.content.decode()
        assert (page, answer.status_code) == (page, 422)
        assert "The file is too large, or unpacks to more than a table" in told, page
    assert all_rows() == before


def test_a_body_that_is_too_large_is_not_read(world: World, sign_in: SignIn) -> None:
    before = all_rows()
    for page, who in PAGES.items():
        client = sign_in(who)

        # A reader that is asked for one byte would fail: there is no body behind the header.
        answer = client.generic(
            "POST",
            page,
            b"",
            "multipart/form-data; boundary=x",
            headers={"accept": "application/json"},
            CONTENT_LENGTH=str(LARGEST_BODY + 1),
        )

        assert (page, answer.status_code) == (page, 413)
        assert answer.json() == {"code": "core.body_too_large", "rule": ANY, "facts": ANY}
    assert all_rows() == before
