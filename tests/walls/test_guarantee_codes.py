"""A guarantor's code is any text of customs' bills; its pages open with each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from core.walls import platform_wide
from customs.models import Guarantee
from tests.walls.world import World


@pytest.mark.parametrize("code", ["A/1", 'B"2 担保'])
def test_the_statement_of_any_code_opens_and_comes_as_a_file(
    world: World, client: Client, code: str
) -> None:
    person = world.people["importer"]
    # As it was told before codes were checked, or as customs bills it.
    with platform_wide():
        Guarantee.objects.create(
            company=world.importer,
            assure_code=code,
            amount=Decimal(1000),
            valid_from=date(2026, 7, 1),
            evidence="保函",
            set_by=person,
            set_at=datetime(2026, 7, 1, tzinfo=UTC),
        )
    client.force_login(person)

    page = client.get(reverse("guarantee_statement", args=[code, "2026-08"]))
    file = client.get(reverse("guarantee_statement_file", args=[code, "2026-08", "csv"]))

    assert (page.status_code, file.status_code) == (200, 200)
    name = {"A/1": "A-1-2026-08.csv", 'B"2 担保': "B-2-2026-08.csv"}[code]
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
