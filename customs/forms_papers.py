from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.models import PaperKind
from customs.queries.papers import KINDS
from customs.rules.paper_sets import LONGEST, SHORTEST


class PapersForm(forms.Form):
    """Which papers, in which language."""

    language = forms.ChoiceField(
        label=_("Language of the papers"),
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        initial="zh-hans",
    )
    kinds = forms.MultipleChoiceField(
        label=_("Papers"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        initial=[kind.value for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
    )

    def chosen(self) -> list[PaperKind]:
        """In the order of the set."""
        return [kind for kind in KINDS if kind.value in self.cleaned_data["kinds"]]


class LinkForm(forms.Form):
    """How long a link to the set lasts, and for whom it is."""

    hours = forms.IntegerField(
        label=_("Lasts, in hours"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=72,
        help_text=_("At most fourteen days; it can be taken back before."),
    )
    note = forms.CharField(label=_("For whom"), max_length=120, required=False)
