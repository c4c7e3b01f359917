"""What a stranger might try by naming rows of others, beyond what the table says."""

from __future__ import annotations

from django.http import HttpResponseBase

from accounts.middleware import who
from core.acting import acting
from core.walls import platform_wide
from tests.walls.conftest import SignIn
from tests.walls.rows import all_rows
from tests.walls.world import World


def _body(answer: HttpResponseBase) -> str:
    return b"".join(answer).decode("utf-8", "replace")


def test_several_papers_at_once_hold_none_of_another_importer(
    world: World, sign_in: SignIn
) -> None:
    answer = sign_in("other_importer").post(
        "/lists/declarations/act/", {"action": "zip", "row": [world.declaration.pk]}
    )

    assert answer.status_code == 422, "nothing to pack"


def test_nobody_acts_for_a_company_of_others(world: World, sign_in: SignIn) -> None:
    with platform_wide():
        theirs = world.people["seller"].memberships.get()

    answer = sign_in("stranger").post("/act-for/", {"membership": theirs.pk})

    assert answer.status_code == 404


def test_another_warehouse_finds_no_lot_label_or_word_of_this_one(
    world: World, sign_in: SignIn
) -> None:
    keeper, other = sign_in("warehouse"), sign_in("other_warehouse")
    asked = {"gtin": world.lot.product.gtin, "lot_number": world.lot.number, "count": 1}
    house = f"/audit/warehouse.bondedwarehouse/{world.lot.warehouse_id}/"
    sheets = {"action": "zip", "row": [world.sheet.pk]}
    before = all_rows()

    refused = [
        other.get(f"/labels/{world.sheet.number}.pdf").status_code,
        other.post("/labels/issue/", asked).status_code,
        other.get(house).status_code,
    ]
    told = [_body(other.get(path)) for path in ("/", "/trace/", "/labels/", "/warehouse/lots/")]

    assert refused == [404, 404, 404]
    assert other.post("/lists/label-sheets/act/", sheets).status_code == 422, "nothing to pack"
    for word in (world.lot.number, world.sheet.number, world.receipt.number, world.order.number):
        assert word not in "".join(told)
    assert all_rows() == before
    assert world.lot.number in _body(keeper.get("/trace/"))
    assert keeper.get(f"/labels/{world.sheet.number}.pdf").status_code == 200
    history = keeper.get(house)
    assert history.status_code == 200
    assert keeper.post("/labels/issue/", asked).status_code == 302


def test_a_warehouses_history_names_none_of_the_platforms_staff(
    world: World, sign_in: SignIn
) -> None:
    operator = world.people["operator"].memberships.get()
    with platform_wide(), acting(address="192.0.2.9", method="POST", path="/x", **who(operator)):
        world.lot.warehouse.name_en = "Ningbo Two"
        world.lot.warehouse.save()
    path = f"/audit/warehouse.bondedwarehouse/{world.lot.warehouse_id}/"

    page, all_of_it = (_body(sign_in(one).get(path)) for one in ("warehouse", "operator"))

    assert "Ningbo Two" in page
    assert operator.user.email not in page
    assert "192.0.2.9" not in page
    assert operator.user.email in all_of_it
