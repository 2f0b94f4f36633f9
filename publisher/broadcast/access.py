"""Who may log in to the private broker, read from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from player import wire
from publisher.accounts import rights
from publisher.accounts.models import BrokerAccess
from publisher.broadcast import passwords
from publisher.broadcast.broker import Account, BrokerFiles, reload_accounts, save_memory
from publisher.broadcast.link import BrokerAddress
from publisher.broadcast.onair import groups_for, linked_units
from publisher.screens.models import Screen
from publisher.units.models import GroupMember
from publisher.units.services import screens_under


def accounts() -> list[Account]:
    """Every screen that was ever claimed, and the technicians with an access of their own."""
    return [*_screens(), *_technicians()]


def _screens() -> Iterable[Account]:
    units = linked_units()
    free = defaultdict(list)
    for screen_id, group in GroupMember.objects.order_by("group_id").values_list("screen_id", "group_id"):
        free[screen_id].append(group)
    known = Screen.objects.exclude(password_hash="", revoked=None).order_by("id")
    for screen in known.only("id", "unit_id", "password_hash", "revoked"):
        groups = groups_for(screen, units[screen.unit_id], free[screen.id])
        yield Account(
            username=screen.id,
            password_hash=screen.password_hash,
            reads=tuple(wire.alert_filter(group) for group in groups),
            revoked=screen.revoked is not None,
        )


def _technicians() -> Iterable[Account]:
    for access in BrokerAccess.objects.filter(user__is_active=True).select_related("user").order_by("username"):
        screens = screens_under(rights.units_where(access.user, "broker"))
        reads = tuple(wire.screen_up(screen, "#") for screen in sorted(screens))
        yield Account(access.username, access.password_hash, reads)


class BrokerAccounts:
    """Keeps the broker's account files in step with the database; a private broker is told to read them again.

    For a broker that is not our child the files are written all the same, for whoever runs it to install.
    """

    def __init__(self, files: BrokerFiles, address: BrokerAddress) -> None:
        self._files = files
        self._pid = address.pid
        password_hash = passwords.hashed(address.password) if address.password else ""  # none: by certificate alone
        self._publisher = Account(address.username, password_hash, publisher=True)

    def update(self) -> None:
        """Write who may do what; tell the broker if that changed."""
        if self._files.write_accounts([self._publisher, *accounts()]) and self._pid:
            reload_accounts(self._pid)

    def save_memory(self) -> None:
        """Have the private broker write down its sessions and queues."""
        if self._pid:
            save_memory(self._pid)
