"""The door for WSGI servers."""

import os

from django.core.checks import ERROR, Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# As `bondpool serve` does: no page is answered under a role that steps over the walls.
_wrongs = run_checks(tags=[Tags.database], databases=["default"])
if any(wrong.level >= ERROR for wrong in _wrongs):
    raise ImproperlyConfigured("\n".join(map(str, _wrongs)))
