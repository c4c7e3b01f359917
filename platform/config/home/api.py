"""The start page over the API: what to do next, and the figures behind the charts."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from config.home import build
from core.clock import now
from rest.calling import caller_of
from rest.routes import Routes

routes = Routes(tags=["everybody"])


class TaskOut(Schema):
    """Something to do next."""

    title: str = Field(examples=["4 declarations wait for you"])
    detail: str = Field(examples=["The oldest since 14 July"])
    action: str = Field(examples=["Open"])
    path: str = Field(
        description="Where it leads in the portal", examples=["/customs/declarations/"]
    )


class FigureOut(Schema):
    """A number worth a look, as a person reads it."""

    label: str = Field(examples=["Units on hand"])
    value: str = Field(examples=["2,480"])
    note: str = Field(examples=[""])
    path: str = Field(examples=["/stock/"])


class SeriesOut(Schema):
    """One value per category."""

    name: str = Field(examples=["EUR"])
    values: list[int | str] = Field(examples=[["12500.00"]])


class ChartOut(Schema):
    """The table behind a chart."""

    key: str = Field(examples=["exposure"])
    title: str = Field(examples=["Currency exposure"])
    unit: str = Field(examples=["CNY"])
    categories: list[str] = Field(examples=[["EUR"]])
    series: list[SeriesOut]


class HomeOut(Schema):
    """The start page of the role that asks, in the words of Accept-Language."""

    lead: str = Field(examples=["Round 2026-Q4 closes in 3 days."])
    tasks: list[TaskOut]
    figures: list[FigureOut]
    charts: list[ChartOut]


@routes.show(
    "/home",
    scope="home:read",
    response=HomeOut,
    summary=_("Show what to do next"),
    is_single=False,
)
def get_home(request: HttpRequest) -> HomeOut:
    """What waits for the role that asks, its figures, and the tables behind its charts."""
    home = build(caller_of(request).membership, now=now())
    return HomeOut(
        lead=str(home.lead),
        tasks=[
            TaskOut(
                title=str(one.title), detail=str(one.detail), action=str(one.action), path=one.url
            )
            for one in home.tasks
        ],
        figures=[
            FigureOut(label=str(one.label), value=str(one.value), note=str(one.note), path=one.url)
            for one in home.figures
        ],
        charts=[
            ChartOut(
                key=one.key,
                title=str(one.title),
                unit=str(one.unit),
                categories=list(one.categories),
                series=[
                    SeriesOut(name=str(name), values=list(values)) for name, values in one.series
                ],
            )
            for one in home.charts
        ],
    )
