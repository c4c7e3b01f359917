from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestConfig(AppConfig):
    name = "rest"
    verbose_name = _("API")

    def ready(self) -> None:
        from rest import checks  # noqa: F401 - importing registers them
