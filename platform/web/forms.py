from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.errors import DomainError, InputError
from web.templatetags.bondpool import sentence

T = TypeVar("T")


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; also when that is nothing, so that it is refused in words."""
    return request.POST if request.method == "POST" else None


def posted_files(request: HttpRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    """The files of :func:`posted`."""
    return request.FILES if request.method == "POST" else None


class ActForForm(forms.Form):
    membership = forms.IntegerField(min_value=1)


def tried(
    form: forms.Form,
    act: Callable[[], T],
    *,
    beside: Mapping[type[DomainError], str] | None = None,
) -> T | None:
    """Do what a form asks for. What is refused about its input stands above it, or beside the
    field that ``beside`` names, and nothing that was typed is lost; None then.

    Every other refusal goes on to the one page of refusals.
    """
    fields = beside or {}
    try:
        return act()
    except DomainError as refusal:
        if not isinstance(refusal, (InputError, *fields)):
            raise
        form.add_error(fields.get(type(refusal)), sentence(refusal))
        return None


def beside_fields(
    form: forms.Form,
    act: Callable[[], T],
    *,
    beside: Mapping[type[DomainError], str] | None = None,
) -> T | None:
    """As :func:`tried`, of a refusal that names its field by itself: what was typed stands there
    anyway, so the sentence is enough."""
    fields = beside or {}
    try:
        return act()
    except DomainError as refusal:
        if not isinstance(refusal, (InputError, *fields)):
            raise
        field = str(fields.get(type(refusal)) or refusal.facts.get("field"))
        form.add_error(field if field in form.fields else None, gettext(refusal.rule()))
        return None


class PlainSelect(forms.Select):
    """A choice among hundreds: the same markup, without a template for each of them.

    ``choices`` have no groups; what one of them says is text.
    """

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{escape(str(key))}"{" selected" if str(key) == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for key, label in self.choices
        )
        told = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return SafeString(f"<select{flatatt(told)}>{options}</select>")
