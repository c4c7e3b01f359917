"""How Django's admin is installed: with the site of :mod:`accounts.admin_site`."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "accounts.admin_site.Site"
