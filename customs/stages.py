"""How a bonded list stands at the zone, in words."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from customs.rules.zone_lists import Stage

STAGES = {
    Stage.TOLD: pgettext_lazy("bonded list", "waits for customs' answer"),
    Stage.REFUSED: pgettext_lazy("bonded list", "refused"),
    Stage.APPROVED: pgettext_lazy("bonded list", "approved"),
    Stage.CHANGING: pgettext_lazy("bonded list", "its change waits for customs' answer"),
    Stage.DELETING: pgettext_lazy("bonded list", "its deletion waits for customs' answer"),
    Stage.DELETED: pgettext_lazy("bonded list", "deleted"),
    Stage.POSTED: pgettext_lazy("bonded list", "posted"),
}
