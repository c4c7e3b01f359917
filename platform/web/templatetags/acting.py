"""Which company a page was opened for stands in each of its forms, so that what was written for
one company never lands at another that its sender acts for by now.

``{% csrf_token %}`` says it as well: no form is taken without that tag, so none can forget it.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

#: The field of a form, and the header of what htmx asks for, that hold a membership's pk.
FIELD = "acting_for"
HEADER = "X-Acting-For"


class FormNode(CsrfTokenNode):
    """The secret of the form, and for which membership it was made."""

    def render(self, context: Context) -> SafeString:
        secret = SafeString(super().render(context))
        membership = getattr(context.get("request"), "membership", None)
        if membership is None:
            return secret
        told = '{}<input type="hidden" name="{}" value="{}">'
        return format_html(told, secret, FIELD, membership.pk)


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormNode:
    return FormNode()


@register.simple_tag(takes_context=True)
def acting_headers(context: Context) -> SafeString:
    """Of ``<body>``: what htmx asks for says for whom the page was opened."""
    membership = getattr(context.get("request"), "membership", None)
    if membership is None:
        return SafeString("")
    return format_html(" hx-headers='{}'", SafeString(f'{{"{HEADER}": "{membership.pk}"}}'))
