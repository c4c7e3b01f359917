"""A statement is recomputed from itself, shows no total of too few, and cannot be changed."""

from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.sharing import wording
from procurement.rules.sharing.parts import CorrectionPart
from procurement.rules.sharing.statements import canonical, rate, saving_percent, seal
from procurement.rules.sharing.verifying import StatementNotReadable, read_statement, recompute
from tests.procurement.sharing.pooled import PLATFORM, Pooled, Wishes

ROOT = Path(__file__).resolve().parents[3]
calmly = settings(deadline=None, max_examples=25)


@pytest.fixture(scope="module")
def pooled() -> Pooled:
    return Pooled()


def differing(statement: dict[str, Any]) -> list[str]:
    return [check.code for check in recompute(statement) if not check.ok]


def spots(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every number in a statement."""
    if type(told) is int:
        yield path
    elif isinstance(told, dict | list):
        pairs = told.items() if isinstance(told, dict) else enumerate(told)
        for key, value in pairs:
            yield from spots(value, (*path, key))


def changed(statement: dict[str, Any], path: tuple[Any, ...], by: int) -> dict[str, Any]:
    other = copy.deepcopy(statement)
    within = other
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] += by
    return other


def test_every_statement_of_a_pool_holds(pooled: Pooled) -> None:
    for seller in pooled.sellers.tolist():
        text = canonical(pooled.statement(seller))

        checks = recompute(read_statement(text))

        assert [check for check in checks if not check.ok] == []
        assert {check.code for check in checks} >= {"share", "alone", "saving", "cut", "digest"}


def test_the_bill_is_paid_by_sellers_and_platform_and_every_seller_saves(pooled: Pooled) -> None:
    totals = [pooled.statement(seller)["totals"] for seller in pooled.sellers.tolist()]
    owned = pooled.shares.loc[pooled.shares["owner_id"] == PLATFORM, "amount_minor"].sum()

    assert pooled.capped.feasible
    assert sum(told["paid_minor"] for told in totals) + owned == pooled.bill
    assert all(told["saving_minor"] >= 0 for told in totals)
    assert totals[3]["saving_minor"] > totals[3]["paid_minor"]


def test_dear_light_goods_are_cut_to_their_own_freight_and_the_others_take_the_rest() -> None:
    """Freight by value is unfair to them: alone they would ship three cubic metres."""
    wishes = {(1, 1): 20_000, (2, 2): 3000, (3, 1): 50, (4, 1): 40, (5, 2): 20}
    pooled = Pooled(wishes, freight_by="value")
    statements = {seller: pooled.statement(seller) for seller in pooled.sellers.tolist()}
    caps = {seller: told["cap"] for seller, told in statements.items()}

    assert [differing(told) for told in statements.values()] == [[]] * 5
    assert caps[2]["formula"] == wording.CUT
    assert caps[2]["paid_minor"] == caps[2]["alone_minor"] < caps[2]["shared_minor"]
    assert {caps[seller]["formula"] for seller in (1, 3, 4)} == {wording.SPREAD}
    assert caps[1]["spread"]["pool"]["left_minor"] == caps[2]["cut_minor"]
    assert sum(told["added_minor"] for told in caps.values()) == caps[2]["cut_minor"]


def test_a_credit_beyond_all_that_a_small_seller_bears_leaves_it_nothing_to_pay() -> None:
    pooled = Pooled(gain=1_500_000)
    statements = {seller: pooled.statement(seller) for seller in pooled.sellers.tolist()}

    assert [differing(told) for told in statements.values()] == [[]] * 4
    assert sum(cost["share_minor"] for cost in statements[4]["costs"]) < 0
    assert statements[4]["totals"]["shared_minor"] == statements[4]["totals"]["paid_minor"] == 0
    assert statements[1]["totals"]["paid_minor"] > 0


def test_totals_over_fewer_than_three_sellers_are_not_shown(pooled: Pooled) -> None:
    """Two sellers share an article: neither learns from its file what the other bought."""
    two = Pooled({(1, 1): 40, (2, 1): 9, (2, 2): 4})
    for seller in (1, 2):
        statement = two.statement(seller)

        assert statement["sellers_in_round"] is None
        assert all(cost["pool"] is None for cost in statement["costs"])
        assert {cost["not_shown"] for cost in statement["costs"]} == {wording.NOT_SHOWN}
        # A price tells nothing of others; the rate of a fee that everybody knows would.
        told = {cost["kind"] for cost in statement["costs"] if cost["rate"]}
        assert "goods" in told <= wording.PRICED
        assert differing(statement) == []
    assert all(cost["pool"]["sellers"] >= 3 for cost in pooled.statement(4)["costs"])


def test_the_unit_rate_of_two_does_not_tell_what_the_other_bought() -> None:
    """A fraction is found again from its decimals as soon as there are enough of them."""
    two = Pooled({(1, 1): 40, (2, 1): 9, (2, 2): 4})
    bought_by_all = int(two.holdings.loc[two.holdings["line_id"] == 1, "units"].sum())

    goods = next(cost for cost in two.statement(1)["costs"] if cost["kind"] == "goods")
    shown = Fraction(goods["rate"]).limit_denominator(bought_by_all)
    told_whole = Fraction(rate(40 * 4321, bought_by_all)).limit_denominator(10 * bought_by_all)

    assert len(goods["rate"].partition(".")[2]) == len(str(goods["own_basis"]))
    assert shown.denominator != bought_by_all
    assert bought_by_all % told_whole.denominator == 0


def test_a_rate_that_tells_too_little_is_no_proof() -> None:
    statement = Pooled({(1, 1): 40, (2, 1): 9, (2, 2): 4}).statement(1)
    cost = statement["costs"][0]
    cost["rate"] = cost["rate"].partition(".")[0] + ".0"

    with pytest.raises(StatementNotReadable):
        recompute(seal(statement))


def test_of_a_later_correction_the_part_on_sold_units_is_recomputed(pooled: Pooled) -> None:
    """Two of five are out: two fifths of 16.67 back, and the rest on what is in stock."""
    right = CorrectionPart("MASK-10", 5, 2, -1667, -667, -1000)
    wrong = CorrectionPart("MASK-10", 5, 2, -1667, -666, -1001)
    gone = CorrectionPart("MASK-10", 0, 0, 250, 0, 250)

    assert differing(pooled.statement(1, [right, gone])) == []
    assert differing(pooled.statement(1, [wrong])) == ["sold", "stock"]


def test_a_rounded_part_without_its_pool_is_within_a_minor_unit_of_the_rate() -> None:
    two = Pooled({(1, 1): 40, (2, 1): 9, (2, 2): 4})
    statement = two.statement(1)
    for by, wrong in ((3, True), (-3, True)):
        altered = copy.deepcopy(statement)
        altered["costs"][0]["share_minor"] += by

        assert ("share" in differing(seal(altered))) is wrong


@calmly
@given(place=st.integers(0, 10**6), by=st.sampled_from([-1, 1, 10**6]), seller=st.integers(1, 4))
def test_no_number_of_a_statement_can_be_changed_unseen(
    pooled: Pooled, place: int, by: int, seller: int
) -> None:
    statement = pooled.statement(seller)
    paths = list(spots(statement))
    path = paths[place % len(paths)]

    try:
        assert differing(changed(statement, path, by))
    except StatementNotReadable:
        pass


MONEY = ("shared_minor", "paid_minor", "alone_minor", "saving_minor", "share_minor", "cut_minor",
         "added_minor", "bill_minor", "own_basis", "basis", "rate_ppb", "wire_fee")  # fmt: skip


@calmly
@given(place=st.integers(0, 10**6), seller=st.integers(1, 4))
def test_an_amount_is_found_even_when_the_forger_seals_the_file_anew(
    pooled: Pooled, place: int, seller: int
) -> None:
    """A new digest shows nothing by itself: the amounts still have to come out."""
    statement = pooled.statement(seller)
    paths = [path for path in spots(statement) if path[-1] in MONEY]

    assert differing(seal(changed(statement, paths[place % len(paths)], 10**6)))


@pytest.mark.parametrize("kind", ["goods", "freight", "handling", "wire"])
def test_who_is_billed_for_more_than_it_got_finds_out_though_every_sum_is_right(
    pooled: Pooled, kind: str
) -> None:
    """The forger counts the basis twice, works everything out by it and seals the file."""
    statement = pooled.statement(3)
    cost = next(one for one in statement["costs"] if one["kind"] == kind)
    pool, held, share = cost["pool"], cost["own_basis"], cost["share_minor"]
    cost["own_basis"], pool["basis"] = 2 * held, pool["basis"] + held
    cost["share_minor"], pool["remainder"] = divmod(pool["bill_minor"] * 2 * held, pool["basis"])
    pool["rounded_up_above"], pool["rounded_up_at"] = pool["remainder"], 0
    pool["place"] = 1
    cost["rate"] = rate(pool["bill_minor"], pool["basis"])
    more = cost["share_minor"] - share
    cap, totals = statement["cap"], statement["totals"]
    for told, name in ((cap, "shared_minor"), (totals, "shared_minor"), (cap, "paid_minor"),
                       (totals, "paid_minor")):  # fmt: skip
        told[name] += more
    totals["saving_minor"] -= more
    percent = saving_percent(totals["saving_minor"], totals["alone_minor"])
    totals["saving_hundredths_percent"] = percent

    wrong = [check for check in recompute(seal(statement)) if not check.ok]

    assert more > 0
    assert [(one.code, one.kind, one.told) for one in wrong] == [("basis", kind, 2 * held)]


wishes = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 2)), st.integers(1, 900), min_size=1, max_size=9
)


@calmly
@given(wishes=wishes)
def test_the_statements_of_any_pool_hold_and_nobody_pays_more_than_alone(wishes: Wishes) -> None:
    pooled = Pooled(wishes)

    for seller in pooled.sellers.tolist():
        statement = pooled.statement(seller)
        assert differing(statement) == []
        assert 0 <= statement["totals"]["paid_minor"] <= statement["totals"]["alone_minor"]


@given(amount=st.integers(-(10**12), 10**12), basis=st.integers(1, 10**12))
def test_a_unit_rate_is_text_with_all_its_decimals(amount: int, basis: int) -> None:
    whole, part = rate(amount, basis).split(".")

    assert len(part) == 18
    assert abs(int(whole + part) * basis - amount * 10**18) <= basis


def test_a_saving_is_told_in_hundredths_of_a_percent() -> None:
    assert [saving_percent(*pair) for pair in ((1, 3), (-1, 3), (5, 0), (1, 8000))] == [
        *(3333, -3333, 0, 1),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", "\x00", '{"format":"bondpool.statement/2"}', "[" * 100_000,
     '{"format":"bondpool.statement/1","format":"bondpool.statement/1"}',
     '{"format":"bondpool.statement/1","x":1.5}', '{"format":"bondpool.statement/1","x":NaN}'],
)  # fmt: skip
def test_what_is_no_statement_is_said_to_be_none(text: str) -> None:
    with pytest.raises(StatementNotReadable):
        read_statement(text)


def test_a_statement_with_a_part_cut_out_is_said_to_be_broken(pooled: Pooled) -> None:
    statement = pooled.statement(1)
    for key in statement.keys() - {"format", "currency", "round", "seller", "sellers_in_round"}:
        less = {name: value for name, value in statement.items() if name != key}
        with pytest.raises(StatementNotReadable):
            recompute(less)
    for path in (("alone", "terms", "offers"), ("totals", "paid_minor"), ("cap", "spread")):
        broken = copy.deepcopy(statement)
        within = broken
        for name in path[:-1]:
            within = within[name]
        del within[path[-1]]
        with pytest.raises(StatementNotReadable):
            recompute(broken)


def verified(file: Path, language: str = "en") -> str:
    out = io.StringIO()
    call_command("verify_statement", str(file), language=language, stdout=out)
    return out.getvalue()


def test_the_command_says_every_check_in_the_readers_language(
    pooled: Pooled, tmp_path: Path
) -> None:
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(pooled.statement(2), indent=2), encoding="utf-8")

    english, chinese = verified(file), verified(file, "zh-hans")

    assert "✓ Your share of freight PO-1: CNY" in english
    assert "✓ Your saving: CNY" in english
    assert "✓ 您分摊的运费 PO-1：CNY" in chinese
    assert "✗" not in english + chinese
    assert pooled.statement(2)["digest"] in english
    assert "Shares that nothing" not in english


def test_the_command_says_what_no_number_was_checked_of(tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    statement = Pooled({(1, 1): 40, (2, 1): 9}).statement(1)
    file.write_text(canonical(statement), encoding="utf-8")
    blind = [cost for cost in statement["costs"] if cost["pool"] is None and cost["rate"] is None]

    assert blind
    assert f"nothing in the file tells how to recompute: {len(blind)}" in verified(file)
    assert f"无从重算的分摊项数：{len(blind)}" in verified(file, "zh-hans")


def test_the_command_names_what_differs(pooled: Pooled, tmp_path: Path) -> None:
    file = tmp_path / "statement.json"
    statement = pooled.statement(2)
    statement["costs"][0]["share_minor"] += 100
    file.write_text(canonical(statement), encoding="utf-8")

    with pytest.raises(CommandError, match="does not hold"):
        verified(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not a whole statement"),
        (b'{"format":"bondpool.statement/1"}', "not a whole statement"),
        (None, "No such file"),
    ],
)
def test_the_command_says_what_is_wrong_with_a_file(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "statement.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(CommandError, match=said):
        verified(file)


def test_the_command_needs_no_database(pooled: Pooled, tmp_path: Path) -> None:
    """Nothing listens where it is told the database is."""
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(canonical(pooled.statement(1)), encoding="utf-8")
    bad.write_text(canonical(changed(pooled.statement(1), ("totals", "paid_minor"), -1)), "utf-8")
    address = "postgres://nobody@127.0.0.1:9/none"
    codes = []
    for file in (good, bad):
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "verify_statement", str(file)],
            env={"DATABASE_URL": address, "LANG": "zh_CN.UTF-8", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        codes.append(done.returncode)
        assert "Traceback" not in done.stderr

    assert codes == [0, 1]
