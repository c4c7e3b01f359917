from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string
from gunicorn.app.base import BaseApplication

from core.ports import free_port


class _Site(BaseApplication):  # type: ignore[misc]
    """Gunicorn inside this process, so that its workers keep the embedded servers in use."""

    def __init__(self, options: dict[str, object]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return import_string(settings.WSGI_APPLICATION)


class Command(BaseCommand):
    help = "Serves the site until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="8000, or the next free one")
        parser.add_argument("--exact", action="store_true", help="that port or none")
        parser.add_argument("--workers", type=int, default=2, help="processes")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(tags=[Tags.database], databases=["default"])
        host, wanted = options["host"], options["port"]
        try:
            port = free_port(host, wanted, tries=1 if options["exact"] else 100)
        except OSError as problem:
            raise CommandError(f"Port {wanted} of {host}: {problem.strerror}") from problem
        if port != wanted:
            self.stdout.write(f"Port {wanted} is taken; using {port}.")
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104
        self.stdout.write(f"Serving on http://{shown}:{port} (Ctrl-C ends it)")
        self.stdout.flush()
        _Site(
            {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": options["workers"],
                "threads": 4,
                "worker_class": "gthread",
                "timeout": 60,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
        ).run()
