"""The door for WSGI servers."""

import gc
import os

from django.core.checks import ERROR, Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from core.ringing import ring_together

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# As `bondpool serve` does: no page is answered under a role that steps over the walls.
_wrongs = run_checks(tags=[Tags.database], databases=["default"])
if any(wrong.level >= ERROR for wrong in _wrongs):
    raise ImproperlyConfigured("\n".join(map(str, _wrongs)))

# A hundred orders a second ring for the worker five times, and not a hundred.
ring_together(seconds=0.2)

# Every address and every route of the API is known before the first person asks. What is loaded
# by now stays for good: the collector, who would walk through all of it in the midst of
# somebody's page (a fifth of a second), need not look there again.
_known = get_resolver().url_patterns
gc.collect()
gc.freeze()
