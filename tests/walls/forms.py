"""The forms of a page, as a browser would read and fill them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

from web.templatetags.acting import FIELD as ACTING_FOR

#: Inputs into which a person writes.
WRITTEN = {"text", "search", "email", "url", "tel", "number", "password", "date", "datetime-local"}
#: What no person fills in: the tests' browser does not check the first, and
#: ``test_forged_forms.py`` sends the second as it stands.
_NOT_SENT = {"csrfmiddlewaretoken", ACTING_FOR}


@dataclass
class Field:
    """One name of a form, what stands in it, and among what one chooses."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        return self.kind in WRITTEN or self.kind == "textarea"

    @property
    def names_something(self) -> bool:
        """Hidden, or a choice: what stands there may be somebody's."""
        return self.kind in {"hidden", "select", "checkbox", "radio", "button"}


@dataclass
class Form:
    """One form, the page it stands on and the person who sees it."""

    person: str
    page: str
    action: str
    before: Sequence[Any] = ()
    is_post: bool = False
    is_multipart: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    #: The membership that its page was opened for; empty where no company matters.
    acting_for: str = ""

    @property
    def route(self) -> str:
        """The pattern it is sent to."""
        return str(resolve(urlsplit(self.action).path).route)

    @property
    def key(self) -> tuple[str, ...]:
        """Forms with the same names, sent to the same pattern, are one; numbers count rows."""
        names = sorted({re.sub(r"\d+", "#", name) for name in self.fields})
        # Which actions a list has, its address tells.
        told = urlsplit(self.action).path if self.route.endswith("act/") else ""
        return (self.route, told, *names)

    def filled(self, known: Mapping[str, str]) -> dict[str, str]:
        """As a person would send it: what stands there, else something usual, never nothing."""
        sent = {}
        for name, one in self.fields.items():
            if one.kind == "file":
                continue
            usual = next(
                (text for wanted, text in known.items() if re.fullmatch(wanted, name)), None
            )
            if one.value:
                sent[name] = one.value
            elif usual is not None:
                sent[name] = usual
            elif one.choices:
                sent[name] = next((choice for choice in one.choices if choice), "")
            else:
                sent[name] = ""
        return sent


class _Reader(HTMLParser):
    def __init__(self, person: str, page: str) -> None:
        super().__init__()
        self.person, self.page = person, page
        self.found: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._waiting: list[tuple[str, Mapping[str, str]]] = []
        self._now: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._now = Form(
                self.person,
                self.page,
                urljoin(self.page, told.get("action") or self.page),
                is_post=told.get("method", "get").lower() == "post",
                is_multipart="multipart" in told.get("enctype", ""),
            )
            self._by_id[told.get("id", "")] = self._now
            self.found.append(self._now)
        elif tag == "option" and self._select is not None:
            value = told.get("value", "")
            self._select.choices.append(value)
            if "selected" in told:
                self._select.value = value
        elif tag in {"input", "select", "textarea", "button"}:
            form = self._by_id.get(told["form"]) if "form" in told else self._now
            if form is not None:
                self._field(form, tag, told)

    def _field(self, form: Form, tag: str, told: Mapping[str, str]) -> None:
        name, kind = told.get("name", ""), told.get("type", "text")
        if tag == "button":
            kind = "button"
        elif tag != "input":
            kind = tag
        if name == ACTING_FOR:
            form.acting_for = told.get("value", "")
        if not name or name in _NOT_SENT or "disabled" in told:
            return
        one = form.fields.setdefault(name, Field(name, kind))
        if kind in {"checkbox", "radio", "button", "submit"}:
            one.choices.append(told.get("value", "on"))
            if "checked" in told:
                one.value = told.get("value", "on")
        elif kind == "select":
            self._select = one
        elif kind == "textarea":
            self._area = one
        else:
            one.value = told.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.strip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def forms_of(html: str, *, person: str, page: str) -> list[Form]:
    """The forms that send something; searches and filters are walked as addresses."""
    reader = _Reader(person, page)
    reader.feed(html)
    return [one for one in reader.found if one.is_post]


def each_once(forms: Iterable[Form]) -> list[Form]:
    """The first of those that are alike."""
    found: dict[tuple[str, ...], Form] = {}
    for one in forms:
        found.setdefault(one.key, one)
    return list(found.values())


_VOID = {"input", "br", "img", "hr", "meta", "link", "wbr", "source", "col"}
_SAYING = {"invalid-feedback", "alert-danger", "list-refused"}


class _Listener(HTMLParser):
    """Collects what stands in alerts and beside fields, as far as it is shown."""

    def __init__(self, classes: set[str]) -> None:
        super().__init__()
        self._classes = classes
        self._depth = 0
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        told = {name: value or "" for name, value in attrs}
        is_said = told.get("role") == "alert" or bool(
            self._classes & set(told.get("class", "").split())
        )
        if self._depth or (is_said and "hidden" not in told):
            self._depth += 1
            if self._depth == 1:
                self.said.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.said[-1] += data


def words_of_refusal(html: str, *, status: int) -> list[str]:
    """What a page says of what was refused."""
    listener = _Listener(_SAYING | ({"trouble-sentence"} if status >= 400 else set()))
    listener.feed(html)
    return [words for one in listener.said if (words := " ".join(one.split()))]
