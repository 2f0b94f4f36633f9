"""What stood in the title and the body before a button on the page put them right, so that it is kept with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import forms

from publisher.bulletins import check, originals

REPAIRED: Final = ("title", "body")


class PastedFields(forms.Form):
    """Hidden: what `repaired` put in the place of is sent along with the words until they are stored."""

    title_pasted = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    body_pasted = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def originals(self, spoken: str | None) -> dict[str, str]:
        """As typed: what was repaired, and the spoken form where `spoken` was made of it; the form must be valid."""
        typed = self.cleaned_data
        pasted = {name: typed[_pasted(name)] for name in REPAIRED} | {"spoken": typed.get("spoken", "")}
        words = {name: typed[name] for name in REPAIRED} | ({} if spoken is None else {"spoken": spoken})
        return originals.of_these(pasted, words)


def repaired(posted: Mapping[str, str]) -> dict[str, str]:
    """The values of those fields after the button: the words put right, and beside them what they were at first."""
    found = {}
    for name in REPAIRED:
        came, before = posted.get(name, ""), posted.get(_pasted(name), "")
        found[name] = check.repaired(came)
        still = originals.of_these({name: before}, {name: found[name]})
        found[_pasted(name)] = still.get(name, came if came != found[name] else "")
    return found


def _pasted(name: str) -> str:
    return f"{name}_pasted"
