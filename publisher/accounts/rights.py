"""Who may do what, where: one table of verbs and roles. A role in a unit holds for every unit below it.

The right to publish emergencies is a mark on a membership, not a role: in a commune at 23:00 it
may be the writer's, the approver's or the technician's.
"""

from __future__ import annotations

from typing import Final

from publisher.accounts.models import Membership, Role, User
from publisher.units import services

EMERGENCY: Final = "emergency"  # stands in the table for the mark on a membership

_ALL: Final = frozenset(Role.values)
_WRITERS: Final = frozenset({Role.WRITER.value, Role.APPROVER.value})
_APPROVERS: Final = frozenset({Role.APPROVER.value})
_TECHNICIANS: Final = frozenset({Role.TECHNICIAN.value, Role.ADMIN.value})
_ADMINS: Final = frozenset({Role.ADMIN.value})

RIGHTS: Final[dict[str, frozenset[str]]] = {
    "view": _ALL | {EMERGENCY},
    "write": _WRITERS,
    "submit": _WRITERS,
    "recall": _WRITERS,
    "approve": _APPROVERS,
    "return": _APPROVERS,
    "withdraw": _WRITERS,  # taking a wrong notice off must not wait for the approver
    "restore": _APPROVERS,
    "publish": frozenset({EMERGENCY}),
    "replace": frozenset({EMERGENCY}),
    "end": frozenset({EMERGENCY}),
    "countersign": _APPROVERS,
    "stop": _APPROVERS | _TECHNICIANS | {EMERGENCY},
    "operate": _TECHNICIANS,  # claim, identify, test pattern, restart
    "broker": frozenset({Role.TECHNICIAN.value}),
    "govern": _ADMINS,  # people, settings, groups
}


def can(user: User, verb: str, unit: str) -> bool:
    """Whether `user` may do `verb` in the unit of this code. Raises KeyError for a verb not in the table."""
    allowed = RIGHTS[verb]
    if not user.is_active:
        return False
    memberships = Membership.objects.filter(user=user, unit_id__in=services.ancestors(unit))
    return any(_grants(membership, allowed) for membership in memberships)


def units_where(user: User, verb: str) -> set[str]:
    """Codes of all units in which `user` may do `verb`."""
    allowed = RIGHTS[verb]
    if not user.is_active:
        return set()
    tops = [membership.unit_id for membership in user.memberships.all() if _grants(membership, allowed)]
    return services.subtree(tops) if tops else set()


def _grants(membership: Membership, allowed: frozenset[str]) -> bool:
    return membership.role in allowed or (membership.emergency and EMERGENCY in allowed)


def has_anywhere(user: User, verb: str) -> bool:
    """Whether there is any unit in which `user` may do `verb`."""
    return user.is_active and any(_grants(membership, RIGHTS[verb]) for membership in user.memberships.all())
