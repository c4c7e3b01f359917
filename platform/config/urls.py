"""Every address of the house, on one page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

from traceability.views import public as consumer
from traceability.views import staff as tracing
from web import views as web

urlpatterns = [
    # Everybody
    path("", web.home, name="home"),
    path("login/", web.sign_in, name="login"),
    path("logout/", web.sign_out, name="logout"),
    path("language/", set_language, name="set_language"),
    path("act-for/", web.act_for, name="act_for"),
    # Operators
    path("admin/", admin.site.urls),
    # Procurement
    # Warehouse
    # Customs
    # Settlement
    # Traceability
    path("trace/", tracing.trace, name="trace"),
    path("labels/", tracing.label_sheets, name="label_sheets"),
    path("labels/issue/", tracing.issue_labels, name="issue_labels"),
    path("labels/<str:number>.pdf", tracing.label_file, name="label_file"),
    # Traceability (public)
    path("verify/", consumer.verify, name="verify"),
    # GS1 Digital Link: with the lot and without, with a trailing slash and without.
    path("01/<str:gtin>/10/<str:lot>/21/<str:serial>", consumer.item_page, name="item"),
    path("01/<str:gtin>/10/<str:lot>/21/<str:serial>/", consumer.item_page),
    path("01/<str:gtin>/21/<str:serial>", consumer.item_page),
    path("01/<str:gtin>/21/<str:serial>/", consumer.item_page),
    path("voc/", consumer.vocabulary, name="vocabulary"),
    path("voc/btt/<slug:word>", consumer.vocabulary),
]
