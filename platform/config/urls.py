"""Every address of the house, on one page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path
from django.views.i18n import set_language

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
    # Traceability (public)
]
