"""What the page parts say, to the letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import format_decimal
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override, to_locale

from web.pages import Chart
from web.rendering import PlainInputs
from web.templatetags.bondpool import grouped


def show(template: str, /, **context: Any) -> str:
    return Template("{% load bondpool %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("minor", "currency", "figure"),
    [
        (123450, "CNY", "1,234.50"),
        (123450, "JPY", "123,450"),
        (123450, "KWD", "123.450"),
        (5, "USD", "0.05"),
        (-98765432101, "EUR", "−987,654,321.01"),
        (0, "CNY", "0.00"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_amount_has_its_currencys_decimals(
    minor: int, currency: str, figure: str, language: str
) -> None:
    with override(language):
        shown = show("{% money m c %}", m=minor, c=currency)

    assert shown == (
        f'<span class="money"><span class="money-code">{currency}</span>\u00a0{figure}</span>'
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whole_numbers_are_grouped_as_their_language_groups_them(language: str) -> None:
    numbers = (0, 7, -5, 999, 1000, -1_234_567, 10**15)

    with override(language):
        shown = [grouped(number) for number in numbers]

    locale = to_locale(language)
    told = [format_decimal(number, "#,##0", locale=locale) for number in numbers]
    assert shown == [text.replace("-", "−") for text in told]


class Odd(forms.Form):
    """One control of each kind that is a single tag."""

    words = forms.CharField(max_length=9, initial='"<b>', help_text="any")
    units = forms.IntegerField(
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "readonly": True, "lang": False}),
    )
    mail = forms.EmailField()
    secret = forms.CharField(widget=forms.PasswordInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    on = forms.DateField(widget=forms.DateInput({"type": "date"}), initial=date(2026, 11, 28))


def test_a_plain_input_is_what_django_makes_of_it() -> None:
    told = Odd({"words": "a", "mail": "@", "units": "-1"})
    form = Odd()

    for one in (form, told):
        for field in one:
            widget, given = field.field.widget, (field.html_name, field.value(), {"id": "a'b"})
            assert widget.render(*given, PlainInputs()) == widget.render(*given, DjangoTemplates())


def test_an_amount_that_is_not_known_is_a_dash() -> None:
    assert show("{% money None 'CNY' %}") == '<span class="text-secondary">—</span>'
    assert show("{% qty None %}") == '<span class="text-secondary">—</span>'


def test_quantities_are_grouped() -> None:
    assert show("{% qty n %}", n=1234567) == '<span class="qty">1,234,567</span>'
    assert show("{% qty n %}", n=-5) == '<span class="qty">−5</span>'


def test_rates_and_sizes_are_in_the_readers_signs() -> None:
    assert show("{{ n|rate }}", n=Decimal("1234.5600000000")) == "1,234.56"
    assert show("{{ n|rate }}", n=Decimal("0.0512345678")) == "0.051235"
    assert show("{{ n|size }}", n=3_400_000) == "3.4\u00a0MB"
    assert show("{{ n|size }}", n=12) == "12\u00a0B"
    with override("de"):
        assert show("{{ n|rate }}", n=Decimal("1234.56")) == "1.234,56"
        assert show("{{ n|size }}", n=3_400_000) == "3,4\u00a0MB"


@pytest.mark.parametrize(
    ("language", "day", "moment", "days", "hours"),
    [
        ("en", "1 Jun 2026", "1 Jun 2026 08:05", "3 days", "1 hour"),
        ("zh-hans", "2026年6月1日", "2026年6月1日 08:05", "3天", "1小时"),
    ],
)
def test_days_and_spans_are_said_as_the_language_says_them(
    language: str, day: str, moment: str, days: str, hours: str
) -> None:
    at = datetime(2026, 6, 1, 0, 5, tzinfo=UTC)
    with override(language):
        assert show("{{ at|day }}", at=at) == day
        assert show("{{ at|day }}", at=at.date()) == day
        assert show("{{ at|moment }}", at=at) == moment
        assert show("{{ at|span:now }}", at=at, now=at - timedelta(days=3, hours=23)) == days
        assert show("{{ at|span:now }}", at=at, now=at - timedelta(minutes=119)) == hours
        assert show("{{ none|day }}{{ none|moment }}", none=None) == "——"


def test_a_state_has_its_colour_and_its_label() -> None:
    assert show("{% badge 'rejected' '退单' %}") == (
        '<span class="badge state state-red" data-state="rejected">退单</span>'
    )
    assert 'class="badge state state-grey"' in show("{% badge 'something-new' %}")
    assert "&lt;i&gt;" in show("{% badge 'draft' l %}", l="<i>")


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("DEU", "德国", "Germany"),
        ("JPN", "日本", "Japan"),
        ("CHN", "中国", "China"),
        ("KOR", "韩国", "South Korea"),
        ("QQQ", "QQQ", "QQQ"),
    ],
)
def test_a_country_is_told_in_the_readers_language(code: str, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert show("{% country c %}", c=code) == chinese
    with override("en"):
        assert show("{% country c %}", c=code) == english


def test_a_page_looks_again_only_while_a_worker_has_it_in_hand() -> None:
    request = RequestFactory().get("/papers/7/?page=2")

    moving = show("{% polling 'papers' s %}", s="generating", request=request)

    assert 'hx-get="/papers/7/?page=2" hx-trigger="every 2s" hx-select="#papers"' in moving
    for final in ("ready", "failed", "released", "draft"):
        assert show("{% polling 'papers' s %}", s=final, request=request) == ""


class CrateForm(forms.Form):
    crates = forms.IntegerField(min_value=1, help_text="Whole crates.")
    is_fragile = forms.BooleanField(required=False)


def test_a_wrong_field_says_why_beside_itself() -> None:
    form = CrateForm({"crates": "0"})
    with override("en"):
        shown = show('{% include "web/_form.html" %}', form=form)

    assert '<label class="form-label" for="id_crates">Crates</label>' in shown
    assert 'class="form-control is-invalid"' in shown
    assert 'aria-describedby="id_crates_help id_crates_wrong"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_crates_wrong"><div>Ensure this value is greater than or equal to 1.' in shown
    assert 'id="id_crates_help">Whole crates.</div>' in shown
    assert 'class="form-check-input"' in shown


def test_a_chart_says_the_same_as_its_table() -> None:
    chart = Chart(
        key="demand",
        title="Demand",
        head="Item",
        categories=["A </script>", "B"],
        series=[("Wanted", [1200, 7]), ("Minimum", [1000, ""])],
    )
    request = RequestFactory().get("/")
    with override("en"):
        shown = show('{% include "web/_chart.html" %}', chart=chart, request=request)

    assert '<script id="demand" type="application/json">' in shown
    assert "A \\u003C/script\\u003E" in shown
    assert '<div class="chart" data-chart="demand"' in shown
    assert '<th scope="row">B</th><td class="text-end">7</td><td class="text-end"></td>' in shown
    assert '<td class="text-end">1,200</td>' in shown


def test_a_fact_is_told_as_a_person_reads_it() -> None:
    noon = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
    with override("en"):
        assert show("{{ v|told }}", v=noon) == "2026-09-30 18:00"
        assert show("{{ v|told }}", v=["A-1", None, 3]) == "A-1, —, 3"
        assert show("{{ v|told }}", v=True) == "yes"
        assert show("{{ v|told }}", v="<i>") == "&lt;i&gt;"
    assert show("{{ v|words }}", v="minimum_weird_thing") == "minimum weird thing"
