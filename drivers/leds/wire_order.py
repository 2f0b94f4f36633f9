"""The orders in which the three colours of a pixel can go out."""

from __future__ import annotations

from itertools import permutations
from typing import Final

ORDERS: Final = tuple("".join(order) for order in permutations("RGB"))
