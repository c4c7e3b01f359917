from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from config.home import landed
from config.home.words import link
from customs.models import DeclarationState
from customs.queries import declarations
from web.pages import Figure, Home, Task
from web.templatetags.bondpool import day, qty


def page(membership: Membership, *, now: datetime) -> Home:
    """What an importer of record has to declare, to lodge and to answer."""
    importer = membership.company
    mine = declarations.declarations_of()
    count = dict(mine.order_by().values_list("state").annotate(n=Count("pk")))
    undeclared = declarations.declarable_shipments(importer)
    waiting, following = undeclared.count(), undeclared.first()
    failed = mine.filter(declarations.FORM_FAILED).count()
    refused = mine.filter(state=DeclarationState.REJECTED, replaced_by__isnull=True).count()
    ready = count.get(DeclarationState.READY, 0)
    tasks = []
    if failed:
        tasks.append(
            Task(
                ngettext(
                    "The paper of %(n)s declaration could not be made",
                    "The papers of %(n)s declarations could not be made",
                    failed,
                )
                % {"n": failed},
                _("Let it be made again; the reason stands with it."),
                f"{link('declarations')}?failed=yes",
                _("See what failed"),
                "file-alert",
                "red",
            )
        )
    if refused:
        tasks.append(
            Task(
                ngettext(
                    "Customs rejected %(n)s declaration",
                    "Customs rejected %(n)s declarations",
                    refused,
                )
                % {"n": refused},
                _("The reason stands on it; draft it anew."),
                _list(DeclarationState.REJECTED),
                _("See the reason"),
                "alert-triangle",
                "red",
            )
        )
    if ready:
        tasks.append(
            Task(
                ngettext(
                    "The papers of %(n)s declaration are ready",
                    "The papers of %(n)s declarations are ready",
                    ready,
                )
                % {"n": ready},
                _("Download the PDF, check it, lodge it."),
                _list(DeclarationState.READY),
                _("Download the papers"),
                "file-download",
                "orange",
            )
        )
    if following is not None:
        tasks.append(
            Task(
                ngettext(
                    "%(n)s shipment is not declared yet",
                    "%(n)s shipments are not declared yet",
                    waiting,
                )
                % {"n": waiting},
                _("The next one, %(number)s, is expected on %(day)s.")
                % {"number": following.number, "day": day(following.expected_on)},
                link("declare", following.number),
                _("Draft a declaration"),
                "ship",
                "orange",
            )
        )
    if drafts := count.get(DeclarationState.DRAFT, 0):
        tasks.append(
            Task(
                ngettext(
                    "%(n)s draft waits for its papers", "%(n)s drafts wait for their papers", drafts
                )
                % {"n": drafts},
                "",
                _list(DeclarationState.DRAFT),
                _("See the drafts"),
                "file-pencil",
            )
        )
    started = count.get(DeclarationState.QUEUED, 0) + count.get(DeclarationState.GENERATING, 0)
    making = started - failed
    figures = [
        Figure(_("Papers being made"), qty(making), "", _list(DeclarationState.QUEUED)),
        Figure(_("Ready to lodge"), qty(ready), "", _list(DeclarationState.READY)),
        Figure(
            _("With customs"),
            qty(count.get(DeclarationState.LODGED, 0)),
            "",
            _list(DeclarationState.LODGED),
        ),
        Figure(
            _("Released into bond"),
            qty(count.get(DeclarationState.RELEASED, 0)),
            "",
            _list(DeclarationState.RELEASED),
        ),
    ]
    lead = _("Declarations of which you are the importer of record.")
    charts = landed.chart(debtor=importer)
    return Home(lead, tasks, figures, charts, calm=_("Every shipment under way is declared."))


def _list(state: str) -> str:
    return f"{link('declarations')}?state={state}"
