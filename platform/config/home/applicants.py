from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import AdmissionState, Membership
from accounts.queries.admissions import admission_of
from config.home.words import link
from web.pages import Home, Task
from web.templatetags.bondpool import moment


def page(membership: Membership, *, now: datetime) -> Home:
    """Before a company is admitted: its application, and nothing of the trade."""
    admission = admission_of(membership.company_id)
    lead = _("Your company is not admitted yet. Its application is open; the trade follows.")
    if admission is None:
        return Home(lead)
    since = _("Since %(at)s.") % {"at": moment(admission.since)}
    if admission.state == AdmissionState.ASKED:
        asked = Task(
            _("The operator asks you something"),
            since,
            link("admission"),
            _("Answer the operator"),
            "message",
            "orange",
        )
        return Home(lead, [asked])
    if admission.state == AdmissionState.REFUSED:
        refused = Task(
            _("The application is refused"), since, link("admission"), _("See why"), "x", "red"
        )
        return Home(lead, [refused])
    looked_at = Task(
        _("An operator looks at your application"),
        since,
        link("admission"),
        _("See how it stands"),
        "clipboard-text",
    )
    return Home(lead, [looked_at])
