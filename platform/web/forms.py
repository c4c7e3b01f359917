from __future__ import annotations

from django import forms


class ActForForm(forms.Form):
    membership = forms.IntegerField(min_value=1)
