"""The spoken form among the fields of a writing form: the machine's reading, or the writer's changes in it."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.bulletins import check, reading
from publisher.bulletins.content import TextIn
from publisher.bulletins.models import Bulletin
from publisher.bulletins.overrides import Override, carried

EDITED: Final = "spoken_edited"


class SpokenFields(forms.Form):
    """`spoken` counts where `spoken_edited` is on; `spoken_of` is the machine's reading it was changed from."""

    spoken = forms.CharField(
        label=_("Lời đọc"), required=False, widget=forms.Textarea(attrs={"rows": 8, "data-spoken": EDITED})
    )
    spoken_edited = forms.BooleanField(required=False, widget=forms.HiddenInput)
    spoken_of = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    lost: tuple[Override, ...] = ()  # the changes that `said` found no place for any more

    def said(self, machine: str) -> str | None:
        """What is said where the machine reads the text, as it is now, as `machine`; None: just that.

        The form must have been asked for its cleaned data, and may be wrong elsewhere.
        """
        typed = self.cleaned_data
        if not typed.get(EDITED):
            return None
        before = check.cleaned(typed.get("spoken_of") or "") or machine
        found = carried(before, check.cleaned(typed.get("spoken") or ""), machine)
        self.lost = found.lost
        return found.words


class SpokenForm(SpokenFields):
    """The spoken form alone, of a text that stays as it is."""


def initial_spoken(text: TextIn, bulletin: Bulletin) -> dict[str, object]:
    """The fields' values for a stored text of `bulletin`."""
    if text.spoken is None:
        return {"spoken": "", EDITED: False}
    return {"spoken": text.spoken, EDITED: True, "spoken_of": reading.machine(text.title, text.body, bulletin.unit)}
