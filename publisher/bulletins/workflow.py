"""The life of a bulletin as a table; nothing else changes its status.

Two rules stand above the table. Writer and approver are different people unless the unit's
settings say otherwise. An emergency goes on air by one holder of the emergency right alone and is
countersigned afterwards, because the storm comes at 23:00.

Every step is one transaction: the new status, a row of the audit trail, and the tasks that tell
the screens. An illegal step raises and changes nothing. What is on air is never edited: a changed
notice is a new draft that names the one it `replaces`; the old one stays on air until the new one
is approved, and both happen in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.broadcast import alerts, outbox
from publisher.bulletins import check, content, measure, reach
from publisher.bulletins.content import Content
from publisher.bulletins.models import Bulletin, Step
from publisher.units.models import Unit
from publisher.units.policy import policy_of

Status = Bulletin.Status
Priority = Bulletin.Priority

RESTORE_LIMIT: Final = timedelta(minutes=30)


class WorkflowError(Exception):
    """The step is not possible. `code` names the reason for programs, `message` says it to people."""

    def __init__(self, code: str, message: Promise | str, details: Iterable[check.Problem] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = tuple(details)


class Rule(NamedTuple):
    """A verb: from which states, to which (None: the same), and for which bulletins."""

    before: tuple[str, ...]
    after: str | None
    emergency: bool | None = None  # only for emergencies, only for others, or for both


TABLE: Final[dict[str, Rule]] = {
    "write": Rule((Status.DRAFT, Status.RETURNED), Status.DRAFT),
    "submit": Rule((Status.DRAFT, Status.RETURNED), Status.SUBMITTED, emergency=False),
    "recall": Rule((Status.SUBMITTED,), Status.DRAFT, emergency=False),
    "return": Rule((Status.SUBMITTED,), Status.RETURNED, emergency=False),
    "approve": Rule((Status.SUBMITTED,), Status.ON_AIR, emergency=False),
    "withdraw": Rule((Status.ON_AIR,), Status.WITHDRAWN, emergency=False),
    "restore": Rule((Status.WITHDRAWN,), Status.ON_AIR, emergency=False),
    "supersede": Rule((Status.ON_AIR,), Status.WITHDRAWN, emergency=False),
    "publish": Rule((Status.DRAFT,), Status.ON_AIR, emergency=True),
    "replace": Rule((Status.ON_AIR,), None, emergency=True),
    "end": Rule((Status.ON_AIR,), Status.ENDED, emergency=True),
    "countersign": Rule((Status.ON_AIR, Status.ENDED, Status.EXPIRED), None, emergency=True),
    "expire": Rule((Status.ON_AIR,), Status.EXPIRED),
}

_BY_ITSELF: Final = frozenset({"supersede", "expire"})  # steps nobody asks for by name


def steps_for(bulletin: Bulletin, user: User) -> list[str]:
    """The verbs `user` may use on `bulletin` now: what the page shows as buttons."""
    return [verb for verb in TABLE if verb not in _BY_ITSELF and refusal(bulletin, verb, user) is None]


def refusal(bulletin: Bulletin, verb: str, user: User) -> WorkflowError | None:
    """Why `user` may not do `verb` to `bulletin`, or None."""
    rule = TABLE[verb]
    if rule.emergency is not None and rule.emergency != is_emergency(bulletin):
        return WorkflowError("kind", _("Thao tác này không dùng cho loại tin này."))
    if bulletin.status not in rule.before:
        return WorkflowError("status", _("Tin không còn ở trạng thái cho phép thao tác này; hãy tải lại trang."))
    if not rights.can(user, _right(bulletin, verb), bulletin.unit_id):
        return WorkflowError("right", _("Bạn không có quyền làm việc này ở đơn vị của tin."))
    if verb == "approve" and bulletin.author_id == user.pk and policy_of(bulletin.unit).two_person:
        return WorkflowError("same-person", _("Người soạn không được tự duyệt tin của mình."))
    if verb == "countersign":
        return _countersign_refusal(bulletin, user)
    return None


def _countersign_refusal(bulletin: Bulletin, user: User) -> WorkflowError | None:
    if bulletin.countersigned is not None:
        return WorkflowError("status", _("Tin này đã được xác nhận sau."))
    if bulletin.author_id == user.pk and policy_of(bulletin.unit).two_person:
        return WorkflowError("same-person", _("Người phát tin không được tự xác nhận tin của mình."))
    return None


def _right(bulletin: Bulletin, verb: str) -> str:
    return _right_to_write(bulletin.priority) if verb == "write" else verb


def _right_to_write(priority: str) -> str:
    """An emergency is written by those who may publish it."""
    return "publish" if priority == Priority.EMERGENCY else "write"


def is_emergency(bulletin: Bulletin) -> bool:
    return bulletin.priority == Priority.EMERGENCY


@transaction.atomic
def draft(unit: Unit, author: User, given: Content, now: datetime, replaces: Bulletin | None = None) -> Bulletin:
    """A new draft. Raises WorkflowError: no right, or content that cannot be stored."""
    _refuse_writing(unit, author, given)
    bulletin = Bulletin(uid=f"b{secrets.token_hex(8)}", unit=unit, author=author, replaces=replaces)
    _write(bulletin, given)
    if is_emergency(bulletin):
        _measure_emergency(bulletin, now)
    _note(bulletin, "write", "", author, now)
    return bulletin


@transaction.atomic
def edit(bulletin: Bulletin, actor: User, given: Content, now: datetime) -> Bulletin:
    """New content for a draft or a returned bulletin; of another kind only by who may write that kind too.

    An emergency becomes another revision: it has no approver, so that whoever publishes it must have seen these words.
    """
    bulletin, before = _open(bulletin, "write", actor)
    _refuse_writing(bulletin.unit, actor, given)
    bulletin.status = Status.DRAFT
    bulletin.revision += given.priority == Priority.EMERGENCY
    _write(bulletin, given)
    if is_emergency(bulletin):
        _measure_emergency(bulletin, now)
    if before != Status.DRAFT:
        _note(bulletin, "write", before, actor, now)
    return bulletin


def submit(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """Hand it to an approver; how it stands on each screen is measured here, so that approving is quick."""
    spots = measure.placements(bulletin)
    with transaction.atomic():
        bulletin, before = _open(bulletin, "submit", actor)
        if bulletin.submitted is not None:
            bulletin.revision += 1
        bulletin.submitted = now
        measure.keep(bulletin, spots)
        outbox.wake()  # its speech may be made while it waits
        return _close(bulletin, "submit", before, actor, now)


@transaction.atomic
def recall(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """The writer takes a submitted bulletin back."""
    bulletin, before = _open(bulletin, "recall", actor)
    return _close(bulletin, "recall", before, actor, now)


@transaction.atomic
def give_back(bulletin: Bulletin, actor: User, now: datetime, reason: str) -> Bulletin:
    """Return it to its writer, with the reason."""
    if not reason.strip():
        raise WorkflowError("reason", _("Hãy ghi lý do trả lại để người soạn biết cần sửa gì."))
    bulletin, before = _open(bulletin, "return", actor)
    return _close(bulletin, "return", before, actor, now, note=reason.strip())


@transaction.atomic
def approve(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """Put it on air: `approved` is when it is due to appear. What it replaces goes off air with the same step."""
    bulletin, before = _open(bulletin, "approve", actor)
    _refuse_past(bulletin, now)
    bulletin.approver, bulletin.approved, bulletin.closed = actor, now, None
    _close(bulletin, "approve", before, actor, now)
    _announce(bulletin)
    old = bulletin.replaces
    if old is not None and old.status == Status.ON_AIR:
        _take_off(old, "supersede", actor, now, bulletin.uid)
    return bulletin


@transaction.atomic
def withdraw(bulletin: Bulletin, actor: User, now: datetime, reason: str = "") -> Bulletin:
    """Take it off all screens."""
    bulletin, _before = _open(bulletin, "withdraw", actor)
    return _take_off(bulletin, "withdraw", actor, now, reason)


@transaction.atomic
def restore(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """Undo a withdrawal made by mistake, unchanged, within RESTORE_LIMIT."""
    bulletin, before = _open(bulletin, "restore", actor)
    _refuse_past(bulletin, now)
    if bulletin.closed is None or now - bulletin.closed > RESTORE_LIMIT:
        raise WorkflowError("late", _("Đã quá lâu để hoàn tác; hãy soạn lại từ tin này."))
    bulletin.closed, bulletin.approved = None, now
    _close(bulletin, "restore", before, actor, now)
    _announce(bulletin)
    return bulletin


@transaction.atomic
def publish(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """Put an emergency on air at once."""
    bulletin, before = _open(bulletin, "publish", actor)
    _refuse_past(bulletin, now)
    bulletin.approver, bulletin.approved = actor, now
    _close(bulletin, "publish", before, actor, now)
    _announce(bulletin)
    return bulletin


@transaction.atomic
def discard(bulletin: Bulletin, actor: User) -> None:
    """Throw away a draft that nobody but its writers ever saw."""
    bulletin, _before = _open(bulletin, "write", actor)
    if bulletin.submitted is not None:
        raise WorkflowError("status", _("Tin đã từng trình duyệt thì không xoá được."))
    bulletin.delete()


def replace(bulletin: Bulletin, actor: User, given: Content, now: datetime) -> Bulletin:
    """New words for an emergency that is on air, under the same name and at once."""
    with transaction.atomic():
        bulletin, before = _open(bulletin, "replace", actor)
        _refuse_problems(actor, given, "replace")
        bulletin.revision += 1
        bulletin.approver, bulletin.approved, bulletin.author = actor, now, actor
        bulletin.countersigner, bulletin.countersigned = None, None  # new words need new eyes
        old = content.read(bulletin)
        _write(bulletin, _kept_targets(given, old))
        _measure_emergency(bulletin, now)
        _close(bulletin, "replace", before, actor, now)
        _announce(bulletin)
    return bulletin


@transaction.atomic
def end(bulletin: Bulletin, actor: User, now: datetime, reason: str = "") -> Bulletin:
    """End an emergency on every screen (Kết thúc tin khẩn cấp)."""
    bulletin, _before = _open(bulletin, "end", actor)
    return _take_off(bulletin, "end", actor, now, reason)


@transaction.atomic
def countersign(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """The second pair of eyes on an emergency, afterwards."""
    bulletin, before = _open(bulletin, "countersign", actor)
    bulletin.countersigner, bulletin.countersigned = actor, now
    return _close(bulletin, "countersign", before, actor, now)


def take(
    verb: str, bulletin: Bulletin, actor: User, now: datetime, note: str = "", *, seen: int | None = None
) -> Bulletin:
    """The step of that name; `note` is its reason where it takes one. Raises KeyError for a name that is none.

    `seen` is the revision that `actor` looked at: a writer may take a bulletin back and submit other words while an
    approver reads the first ones, and nobody may approve what they did not see.
    """
    step = _STEPS[verb]
    if seen is None:
        return step(bulletin, actor, now, note)
    with transaction.atomic():
        if Bulletin.objects.filter(pk=bulletin.pk).exclude(revision=seen).exists():
            raise WorkflowError("changed", _("Tin đã được sửa từ lúc bạn mở trang; hãy xem lại rồi hãy quyết định."))
        return step(bulletin, actor, now, note)


_STEPS: Final[dict[str, Callable[[Bulletin, User, datetime, str], Bulletin]]] = {
    "submit": lambda bulletin, actor, now, _note: submit(bulletin, actor, now),
    "recall": lambda bulletin, actor, now, _note: recall(bulletin, actor, now),
    "return": give_back,
    "approve": lambda bulletin, actor, now, _note: approve(bulletin, actor, now),
    "withdraw": withdraw,
    "restore": lambda bulletin, actor, now, _note: restore(bulletin, actor, now),
    "publish": lambda bulletin, actor, now, _note: publish(bulletin, actor, now),
    "end": end,
    "countersign": lambda bulletin, actor, now, _note: countersign(bulletin, actor, now),
}


def expire_due(now: datetime) -> list[str]:
    """Close what is past its end; the uids. Screens know the end themselves and are not told."""
    over = Q(ends__lte=now) | Q(ends=None, priority=Priority.EMERGENCY, approved__lte=now - alerts.DEFAULT_LIFE)
    due = Bulletin.objects.filter(over, status=Status.ON_AIR)
    closed: list[str] = []
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            bulletin = due.filter(pk=pk).first()  # somebody may have ended it since, or given it more time
            if bulletin is not None:
                bulletin.closed, before = now, bulletin.status
                _close(bulletin, "expire", before, None, now)
                closed.append(bulletin.uid)
    return closed


def copy_for_edit(bulletin: Bulletin, actor: User, now: datetime) -> Bulletin:
    """A new draft with the content of `bulletin`; once approved it takes the place of one that is on air."""
    replaces = bulletin if bulletin.status == Status.ON_AIR and not is_emergency(bulletin) else None
    return draft(bulletin.unit, actor, content.read(bulletin), now, replaces)


# --- one step, from its check to its traces ------------------------------------------------------------------------


def _open(bulletin: Bulletin, verb: str, actor: User) -> tuple[Bulletin, str]:
    """The bulletin as it is now, inside the transaction, if `verb` is allowed; and its status."""
    fresh = Bulletin.objects.select_related("unit", "replaces").get(pk=bulletin.pk)
    error = refusal(fresh, verb, actor)
    if error is not None:
        raise error
    return fresh, fresh.status


def _close(
    bulletin: Bulletin, verb: str, before: str, actor: User | None, now: datetime, *, note: str = ""
) -> Bulletin:
    bulletin.status = TABLE[verb].after or bulletin.status
    bulletin.save()
    _note(bulletin, verb, before, actor, now, note=note)
    return bulletin


def _take_off(bulletin: Bulletin, verb: str, actor: User, now: datetime, note: str) -> Bulletin:
    before, bulletin.closed = bulletin.status, now
    _close(bulletin, verb, before, actor, now, note=note)
    _announce(bulletin)
    return bulletin


def _note(bulletin: Bulletin, verb: str, before: str, actor: User | None, now: datetime, *, note: str = "") -> None:
    Step.objects.create(
        bulletin=bulletin, at=now, actor=actor, verb=verb, before=before, after=bulletin.status,
        revision=bulletin.revision, note=note,
    )  # fmt: skip


def _announce(bulletin: Bulletin) -> None:
    """Tell the screens: an emergency goes to groups by itself, anything else changes their playlists."""
    if is_emergency(bulletin):
        outbox.put("alert", bulletin.uid)
    else:
        outbox.put_many("desired", list(reach.screens_of(bulletin).values_list("id", flat=True)))


def _write(bulletin: Bulletin, given: Content) -> None:
    """Raises WorkflowError, which undoes the transaction, for what only showed while writing."""
    found = content.write(bulletin, given)
    if found:
        raise WorkflowError("content", found[0].message, found)


def _measure_emergency(bulletin: Bulletin, now: datetime) -> None:
    """Measured when it is written, so that publishing is quick; one that no envelope can carry is refused here."""
    if alerts.alert_fits(bulletin, now) < 0:
        raise WorkflowError("too-long", _("Tin khẩn cấp quá dài để gửi ngay; hãy rút gọn còn khoảng 1.000 chữ."))
    measure.keep(bulletin, measure.placements(bulletin))


def _kept_targets(given: Content, old: Content) -> Content:
    """An emergency's words may be replaced, the places it went to not: a screen left out could not be told."""
    return Content(**{**given.__dict__, "targets": old.targets, "screens": old.screens, "priority": old.priority})


def _refuse_writing(unit: Unit, actor: User, given: Content) -> None:
    right = _right_to_write(given.priority)
    if not rights.can(actor, right, unit.code):
        raise WorkflowError("right", _("Bạn không có quyền soạn tin ở đơn vị này."))
    _refuse_problems(actor, given, right)


def _refuse_problems(actor: User, given: Content, right: str) -> None:
    found = content.problems(given)
    if found:
        raise WorkflowError("content", found[0].message, found)
    outside = reach.outside(actor, right, given.targets, given.screens)
    if outside:
        problem = check.Problem("target", _("Bạn không có quyền đưa tin đến:"), ", ".join(outside))
        raise WorkflowError("target", problem.message, [problem])


def _refuse_past(bulletin: Bulletin, now: datetime) -> None:
    if bulletin.ends is not None and bulletin.ends <= now:
        raise WorkflowError("past", _("Thời gian phát của tin đã qua; hãy sửa ngày kết thúc."))
