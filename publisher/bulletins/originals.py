"""Words as somebody typed or pasted them, kept where what is stored is no longer that.

One rule serves every text of a bulletin: what a board shows and says is cleaned at the door (`check.cleaned`), and
what came is kept beside it as long as those words stand. Line ends alone make no original: a browser sends CRLF
for each (HTML, form submission), whatever was typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from publisher.bulletins import check

Originals = Mapping[str, str]  # by the name of a text: title, body, spoken


def kept(typed: Originals, stored: Originals, stored_originals: Originals) -> dict[str, str]:
    """The originals of the `typed` texts; `stored` are the words of before, of which an original may be known.

    A form shows people the cleaned words and sends them back: then the original of before still is theirs.
    """
    found = {}
    for name, came in typed.items():
        words = check.cleaned(came)
        if _with_plain_ends(came) != words:
            found[name] = came
        elif name in stored_originals and stored.get(name) == words:
            found[name] = stored_originals[name]
    return found


def of_these(pasted: Originals, typed: Originals) -> dict[str, str]:
    """Of what was `pasted` before a page put it right (`check.repaired`), what the `typed` words still come from."""
    found = {}
    for name, came in pasted.items():
        words = check.cleaned(typed.get(name, "")).strip()  # fields of a form come without the space around them
        if words and _with_plain_ends(came) != words and check.cleaned(check.repaired(came)).strip() == words:
            found[name] = came
    return found


def _with_plain_ends(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\r", "\n")
