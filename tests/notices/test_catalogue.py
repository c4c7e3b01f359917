"""Every event of the register reads well in both languages and leads to a page that is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import resolve
from django.utils.translation import override

from accounts.models import Role
from notices.catalogue import EVENTS, Fact
from notices.models import Notice
from notices.wording import worded

SAMPLE: dict[Fact, object] = {
    Fact.TEXT: "2026-Q3",
    Fact.COUNT: 12_345,
    Fact.MOMENT: "2026-07-14T04:00:00+00:00",
    Fact.DAY: "2026-07-20",
    Fact.MONEY: {"minor": 123_450, "currency": "CNY"},
    Fact.ROLE: "seller",
    Fact.NAME: {"zh": "示例商贸有限公司", "en": "Example Trading Ltd"},
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def a_notice(event: str, **facts: object) -> Notice:
    return Notice(
        event=event, subject="x", facts=facts, told_at=datetime(2026, 7, 14, 4, 0, tzinfo=UTC)
    )


def _sample(code: str) -> Notice:
    facts = {name: SAMPLE[kind] for name, kind in EVENTS[code].facts.items()}
    if "uid" in facts:
        facts["uid"] = "6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"
    return a_notice(code, **facts)


@pytest.mark.parametrize("code", EVENTS)
def test_an_event_reads_in_both_languages_and_leads_somewhere(code: str) -> None:
    event = EVENTS[code]
    for role in event.to:
        with override("zh-hans"):
            chinese = worded(_sample(code), role=role)
        with override("en"):
            english = worded(_sample(code), role=role)

        assert resolve(chinese.path).url_name == event.leads_to(role)[0]
        for said in (chinese.title, chinese.text, chinese.action):
            assert _CHINESE.search(said), said
        for said in (english.title, english.text, english.action):
            assert not _CHINESE.search(said), said
            assert "%(" not in said
        with override("zh-hans"):
            assert _CHINESE.search(str(event.label))


def test_what_security_and_admission_tell_is_mandatory() -> None:
    mandatory = {code for code, event in EVENTS.items() if event.is_mandatory}

    assert mandatory == {
        *("company.asked_back", "company.admitted", "company.refused"),
        *("company.suspended", "company.reinstated"),
        *("member.invited", "token.created", "token.expiring"),
        *("webhook.failing", "webhook.disabled"),
    }


def test_no_event_of_the_platform_leaves_by_webhook() -> None:
    assert [code for code, event in EVENTS.items() if event.platform and event.hook] == []


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "en",
            "Your share of the round 2026-Q3 is ready",
            "The pool was ordered. You have a share of 3 products, 12,345 units in all."
            " It costs you CNY\u00a01,234.50, due on 2026-07-15 less what you deposited.",
        ),
        (
            "zh-hans",
            "您在 2026-Q3 拼单轮次的份额已确定",
            "拼单已转为采购订单。您的份额涉及 3 种商品，共 12,345 件。"
            "您应承担 CNY\u00a01,234.50，减去定金后于 2026-07-15 到期。",
        ),
    ],
)
def test_numbers_are_grouped_and_still_decide_the_plural(
    language: str, title: str, text: str
) -> None:
    told = {
        "quarter": "2026-Q3",
        "products": 3,
        "units": 12_345,
        "amount": {"minor": 123_450, "currency": "CNY"},
        "due_on": "2026-07-15",
    }
    with override(language):
        one = worded(a_notice("round.closed", **told), role=Role.SELLER)

    assert (one.title, one.text) == (title, text)


def test_one_is_not_many() -> None:
    with override("en"):
        one = worded(a_notice("retail.accepted", orders=1), role=Role.SELLER)
        many = worded(a_notice("retail.accepted", orders=10_000), role=Role.SELLER)

    assert one.title == "1 retail order is taken"
    assert many.title == "10,000 retail orders are taken"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Forecasts for 2026-Q3 are taken until 2026-07-14 12:00."),
        ("zh-hans", "2026-Q3 的备货预测受理至 2026-07-14 12:00。"),
    ],
)
def test_a_moment_is_told_on_the_houses_clock(language: str, text: str) -> None:
    with override(language):
        one = worded(
            a_notice("round.opened", quarter="2026-Q3", cutoff_at="2026-07-14T04:00:00+00:00"),
            role=Role.SELLER,
        )

    assert one.text == text


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Your part of batch SB-2026-000001 is CNY\u00a01,234.50"),
        ("zh-hans", "结算批次 SB-2026-000001 中贵企业的份额为 CNY\u00a01,234.50"),
    ],
)
def test_money_has_its_currency_and_its_decimals(language: str, title: str) -> None:
    money = {"minor": 123_450, "currency": "CNY"}
    with override(language):
        one = worded(
            a_notice("charge.due", number="SB-2026-000001", amount=money, goods=money, fee=money),
            role=Role.SELLER,
        )

    assert one.title == title


def test_a_notice_older_than_a_fact_still_opens() -> None:
    with override("en"):
        old = a_notice("round.closed", quarter="2026-Q3", products=3, units=7)
        one = worded(old, role=Role.SELLER)

    assert one.text.endswith("It costs you –, due on – less what you deposited.")


def test_an_event_that_is_no_more_still_opens() -> None:
    one = worded(a_notice("gone.away"), role=Role.SELLER)

    assert (one.title, one.path) == ("gone.away", "/")
