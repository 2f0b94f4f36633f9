"""The spoken form among the fields of a writing form: the machine's reading, or the writer's changes in it."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.bulletins import check
from publisher.bulletins.overrides import Carried, carried

EDITED: Final = "spoken_edited"


class SpokenFields(forms.Form):
    """`spoken` counts where `spoken_edited` is on; `spoken_of` is the machine's reading it was changed from."""

    spoken = forms.CharField(
        label=_("Lời đọc"), required=False, widget=forms.Textarea(attrs={"rows": 8, "data-spoken": EDITED})
    )
    spoken_edited = forms.BooleanField(required=False, widget=forms.HiddenInput)
    spoken_of = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def said(self, machine: str) -> Carried | None:
        """What is said where the machine reads the text, as it is now, as `machine`; None: just that.

        The form must have been asked for its cleaned data, and may be wrong elsewhere.
        """
        typed = self.cleaned_data
        if not typed.get(EDITED):
            return None
        before = check.cleaned(typed.get("spoken_of") or "") or machine
        return carried(before, check.cleaned(typed.get("spoken") or ""), machine)
