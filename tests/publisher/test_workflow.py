"""The life of a bulletin: the table, the two rules above it, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from publisher.accounts.models import User
from publisher.broadcast import alerts
from publisher.broadcast.models import Task
from publisher.bulletins import content, workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin, Placement, Step
from publisher.bulletins.workflow import TABLE, Status, WorkflowError

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def words(body: str = "Họp dân ấp 3 lúc 19h.", **changed: Any) -> Content:
    return Content(texts=(TextIn("vi", body),), **changed)


def storm(**changed: Any) -> Content:
    return words("Nước lên nhanh, sơ tán ngay.", priority="emergency", ends=NOW + timedelta(hours=6), **changed)


@pytest.fixture
def drafted(commune: Any) -> Bulletin:
    return workflow.draft(commune.unit, commune.writer, words(), NOW)


@pytest.fixture
def on_air(commune: Any, drafted: Bulletin) -> Bulletin:
    workflow.submit(drafted, commune.writer, NOW)
    return workflow.approve(drafted, commune.approver, NOW + timedelta(minutes=1))


@pytest.fixture
def alert(commune: Any) -> Bulletin:
    return workflow.publish(workflow.draft(commune.unit, commune.approver, storm(), NOW), commune.approver, NOW)


def refused(code: str, act: Callable[[], object]) -> None:
    """The step raises with this code, and nothing at all has changed."""
    before = (list(Bulletin.objects.values()), Step.objects.count(), Task.objects.count())
    with pytest.raises(WorkflowError) as caught, transaction.atomic():
        act()
    assert caught.value.code == code
    assert (list(Bulletin.objects.values()), Step.objects.count(), Task.objects.count()) == before


# --- the table


def test_the_table_names_only_states_there_are() -> None:
    states = set(Status.values)
    for rule in TABLE.values():
        assert set(rule.before) <= states
        assert rule.after is None or rule.after in states


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    reached = {rule.after for rule in TABLE.values()} - {None}
    left = {state for rule in TABLE.values() if rule.after for state in rule.before}
    assert reached == set(Status.values)
    assert set(Status.values) - left == {Status.ENDED, Status.EXPIRED}


LATER = ("approve", "return", "withdraw", "restore", "publish", "end", "countersign", "recall")


@pytest.mark.parametrize("verb", LATER)
def test_a_draft_allows_none_of_the_later_steps(verb: str, commune: Any, drafted: Bulletin) -> None:
    refusal = workflow.refusal(drafted, verb, commune.approver)
    assert refusal is not None
    assert refusal.code in ("status", "kind")


def test_pages_offer_exactly_what_is_allowed(commune: Any, drafted: Bulletin) -> None:
    assert workflow.steps_for(drafted, commune.writer) == ["write", "submit"]
    assert workflow.steps_for(drafted, commune.technician) == []
    bulletin = workflow.submit(drafted, commune.writer, NOW)
    assert workflow.steps_for(bulletin, commune.writer) == ["recall"]
    assert workflow.steps_for(bulletin, commune.approver) == ["recall", "return", "approve"]


# --- the road


def test_write_submit_approve_leaves_a_trail_and_one_task_a_screen(commune: Any, on_air: Bulletin) -> None:
    assert (on_air.status, on_air.approver, on_air.approved) == (
        "on_air", commune.approver, NOW + timedelta(minutes=1),
    )  # fmt: skip
    trail = list(on_air.steps.values_list("verb", "before", "after", "actor__username"))
    assert trail == [
        ("write", "", "draft", "soan"),
        ("submit", "draft", "submitted", "soan"),
        ("approve", "submitted", "on_air", "duyet"),
    ]
    assert set(Task.objects.values_list("kind", "target")) == {
        ("desired", commune.hdmi.id), ("desired", commune.led.id),
    }  # fmt: skip


def test_submitting_measures_every_shape_it_reaches(commune: Any, on_air: Bulletin) -> None:
    spots = Placement.objects.filter(bulletin=on_air, revision=1)
    assert {(s.width_px, s.height_px, s.kind) for s in spots} == {(1920, 1080, "hdmi"), (192, 96, "led")}
    assert all(spot.dwell_s >= 6 for spot in spots)


def test_the_spoken_form_is_made_with_the_text(commune: Any, drafted: Bulletin) -> None:
    assert "mười chín giờ" in drafted.texts.get().spoken


def test_a_spoken_form_changed_by_hand_is_kept(commune: Any, drafted: Bulletin) -> None:
    own = Content(texts=(TextIn("vi", "Họp lúc 20h.", spoken="Họp lúc tám giờ tối."),))
    workflow.edit(drafted, commune.writer, own, NOW)
    text = drafted.texts.get()
    assert (text.spoken, text.spoken_edited) == ("Họp lúc tám giờ tối.", True)
    assert content.read(drafted).texts[0].spoken == "Họp lúc tám giờ tối."


def test_numbers_are_said_as_the_province_does(commune: Any) -> None:
    south = workflow.draft(commune.unit, commune.writer, words("Giá 1.500 đồng."), NOW)
    assert "ngàn" in south.texts.get().spoken
    commune.unit.settings = {"thousand": "nghìn"}
    commune.unit.save()
    own = workflow.draft(commune.unit, commune.writer, words("Giá 1.500 đồng."), NOW)
    assert "nghìn" in own.texts.get().spoken


def test_the_numbers_of_papers_are_said_as_the_unit_wants(commune: Any) -> None:
    paper = "Theo Kế hoạch số 77/KH-UBND của UBND phường."
    said = []
    for settings in ({}, {"papers": "short"}, {"papers": "full"}):
        commune.unit.settings = settings
        commune.unit.save()
        said.append(workflow.draft(commune.unit, commune.writer, words(paper), NOW).texts.get().spoken)
    assert "bảy mươi bảy trên kế hoạch Ủy ban nhân dân của" in said[0]
    assert "số bảy mươi bảy của Ủy ban nhân dân phường" in said[1]
    assert said[2] == said[0]


def test_returned_with_a_reason_and_submitted_again_it_is_a_new_revision(commune: Any, drafted: Bulletin) -> None:
    workflow.submit(drafted, commune.writer, NOW)
    refused("reason", lambda: workflow.give_back(drafted, commune.approver, NOW, "  "))
    back = workflow.give_back(drafted, commune.approver, NOW, "thiếu địa điểm")
    assert (back.status, back.steps.last().note) == ("returned", "thiếu địa điểm")  # type: ignore[union-attr]
    workflow.edit(back, commune.writer, words("Họp dân tại nhà văn hóa."), NOW)
    again = workflow.submit(back, commune.writer, NOW)
    assert (again.status, again.revision) == ("submitted", 2)
    assert Placement.objects.filter(bulletin=again, revision=2).count() == 2


def test_a_writer_may_take_it_back_before_it_is_approved(commune: Any, drafted: Bulletin) -> None:
    workflow.submit(drafted, commune.writer, NOW)
    assert workflow.recall(drafted, commune.writer, NOW).status == "draft"


def test_a_draft_nobody_saw_can_be_thrown_away(commune: Any, drafted: Bulletin) -> None:
    workflow.discard(drafted, commune.writer)
    assert not Bulletin.objects.exists()


def test_what_was_submitted_once_stays(commune: Any, drafted: Bulletin) -> None:
    workflow.submit(drafted, commune.writer, NOW)
    back = workflow.recall(drafted, commune.writer, NOW)
    refused("status", lambda: workflow.discard(back, commune.writer))


# --- two people


def test_the_writer_does_not_approve(commune: Any) -> None:
    own = workflow.draft(commune.unit, commune.approver, words(), NOW)
    workflow.submit(own, commune.approver, NOW)
    refused("same-person", lambda: workflow.approve(own, commune.approver, NOW))


def test_unless_the_unit_says_so(commune: Any) -> None:
    commune.unit.settings = {"two_person": False}
    commune.unit.save()
    own = workflow.draft(commune.unit, commune.approver, words(), NOW)
    workflow.submit(own, commune.approver, NOW)
    assert workflow.approve(own, commune.approver, NOW).status == "on_air"


def test_rights_are_those_of_the_bulletins_unit(commune: Any, drafted: Bulletin) -> None:
    workflow.submit(drafted, commune.writer, NOW)
    refused("right", lambda: workflow.approve(drafted, commune.stranger, NOW))
    refused("right", lambda: workflow.approve(drafted, commune.technician, NOW))
    refused("right", lambda: workflow.draft(commune.other, commune.writer, words(), NOW))


def test_nobody_sends_to_a_unit_that_is_not_theirs(commune: Any) -> None:
    refused("target", lambda: workflow.draft(commune.unit, commune.writer, words(targets=("25345",)), NOW))


def test_nobody_sends_to_a_screen_that_is_not_theirs(commune: Any) -> None:
    commune.led.unit = commune.other
    commune.led.save()
    refused("target", lambda: workflow.draft(commune.unit, commune.writer, words(screens=(commune.led.id,)), NOW))


def test_nobody_approves_other_words_than_those_they_saw(commune: Any, drafted: Bulletin) -> None:
    seen = workflow.submit(drafted, commune.writer, NOW).revision
    workflow.recall(drafted, commune.writer, NOW)
    workflow.edit(drafted, commune.writer, words("Cấm đường cả tuần."), NOW)
    now_there = workflow.submit(drafted, commune.writer, NOW).revision
    for verb in ("approve", "return"):
        step = partial(workflow.take, verb, drafted, commune.approver, NOW, "vì sao", seen=seen)
        refused("changed", step)
    assert workflow.take("approve", drafted, commune.approver, NOW, seen=now_there).status == Status.ON_AIR


def test_a_draft_becomes_an_emergency_only_by_who_may_publish_one(commune: Any, drafted: Bulletin) -> None:
    refused("right", lambda: workflow.edit(drafted, commune.writer, storm(), NOW))
    assert workflow.edit(drafted, commune.approver, storm(), NOW).priority == "emergency"
    refused("right", lambda: workflow.edit(drafted, commune.writer, words(), NOW))


def test_two_approvers_at_once_approve_once(commune: Any, drafted: Bulletin) -> None:
    workflow.submit(drafted, commune.writer, NOW)
    stale = Bulletin.objects.get(pk=drafted.pk)
    workflow.approve(drafted, commune.approver, NOW)
    refused("status", lambda: workflow.approve(stale, commune.approver, NOW))


# --- off air and back


def test_withdrawing_tells_the_screens_and_can_be_undone_for_a_while(commune: Any, on_air: Bulletin) -> None:
    Task.objects.all().delete()
    off = workflow.withdraw(on_air, commune.writer, NOW, "sai giờ")
    assert (off.status, off.closed) == ("withdrawn", NOW)
    assert Task.objects.filter(kind="desired").count() == 2
    back = workflow.restore(off, commune.approver, NOW + timedelta(minutes=29))
    assert (back.status, back.approved) == ("on_air", NOW + timedelta(minutes=29))
    off = workflow.withdraw(back, commune.writer, NOW)
    refused("late", lambda: workflow.restore(off, commune.approver, NOW + timedelta(minutes=31)))


def test_what_is_over_is_not_approved(commune: Any) -> None:
    late = workflow.draft(commune.unit, commune.writer, words(ends=NOW + timedelta(minutes=5)), NOW)
    workflow.submit(late, commune.writer, NOW)
    refused("past", lambda: workflow.approve(late, commune.approver, NOW + timedelta(minutes=5)))


def test_it_expires_by_itself_once(commune: Any) -> None:
    short = workflow.draft(commune.unit, commune.writer, words(ends=NOW + timedelta(minutes=5)), NOW)
    workflow.submit(short, commune.writer, NOW)
    workflow.approve(short, commune.approver, NOW)
    assert workflow.expire_due(NOW + timedelta(minutes=4)) == []
    assert workflow.expire_due(NOW + timedelta(minutes=5)) == [short.uid]
    assert workflow.expire_due(NOW + timedelta(minutes=6)) == []
    assert short.steps.filter(verb="expire", actor=None).count() == 1


def test_an_emergency_nobody_wrote_an_end_for_is_over_when_its_envelope_is(commune: Any) -> None:
    endless = workflow.draft(commune.unit, commune.approver, words("Bão.", priority="emergency"), NOW)
    workflow.publish(endless, commune.approver, NOW)
    life = alerts.DEFAULT_LIFE
    assert workflow.expire_due(NOW + life - timedelta(seconds=1)) == []
    assert workflow.expire_due(NOW + life) == [endless.uid]
    notice = workflow.draft(commune.unit, commune.writer, words(), NOW)
    workflow.submit(notice, commune.writer, NOW)
    workflow.approve(notice, commune.approver, NOW)
    assert workflow.expire_due(NOW + 100 * life) == []  # a notice without an end has none


def test_a_changed_notice_takes_the_old_ones_place_only_when_approved(commune: Any, on_air: Bulletin) -> None:
    copy = workflow.copy_for_edit(on_air, commune.writer, NOW)
    assert (copy.replaces, copy.status) == (on_air, "draft")
    workflow.edit(copy, commune.writer, words("Họp dân dời sang 20h."), NOW)
    workflow.submit(copy, commune.writer, NOW)
    on_air.refresh_from_db()
    assert on_air.status == "on_air"
    workflow.approve(copy, commune.approver, NOW)
    on_air.refresh_from_db()
    assert on_air.status == "withdrawn"
    assert on_air.steps.last().note == copy.uid  # type: ignore[union-attr]


def test_what_is_on_air_is_never_edited(commune: Any, on_air: Bulletin) -> None:
    refused("status", lambda: workflow.edit(on_air, commune.writer, words("khác"), NOW))


# --- emergencies


def test_one_holder_of_the_right_publishes_and_another_countersigns(commune: Any, alert: Bulletin) -> None:
    assert (alert.status, alert.approver) == ("on_air", commune.approver)
    assert list(Task.objects.values_list("kind", "target")) == [("alert", alert.uid)]
    assert Placement.objects.filter(bulletin=alert).count() == 2
    refused("same-person", lambda: workflow.countersign(alert, commune.approver, NOW))
    commune.stranger.memberships.update(unit=commune.province)
    signed = workflow.countersign(alert, commune.stranger, NOW)
    assert (signed.countersigner, signed.status) == (commune.stranger, "on_air")
    refused("status", lambda: workflow.countersign(signed, commune.stranger, NOW))


def test_without_the_right_no_emergency_is_even_written(commune: Any) -> None:
    refused("right", lambda: workflow.draft(commune.unit, commune.writer, storm(), NOW))


def test_new_words_replace_it_at_once_and_need_new_eyes(commune: Any, alert: Bulletin) -> None:
    commune.stranger.memberships.update(unit=commune.province)
    workflow.countersign(alert, commune.stranger, NOW)
    Task.objects.all().delete()
    new = workflow.replace(alert, commune.approver, storm(targets=("25357",)), NOW + timedelta(minutes=3))
    assert (new.revision, new.countersigned, new.status) == (2, None, "on_air")
    assert list(new.targets.all()) == []  # it stays where it went: a screen left out could not be told
    assert Task.objects.get().kind == "alert"
    assert Placement.objects.filter(bulletin=new, revision=2).count() == 2


def test_it_is_ended_on_the_same_road(commune: Any, alert: Bulletin) -> None:
    Task.objects.all().delete()
    done = workflow.end(alert, commune.approver, NOW, "nước rút")
    assert (done.status, done.closed) == ("ended", NOW)
    assert Task.objects.get().kind == "alert"
    refused("status", lambda: workflow.end(alert, commune.approver, NOW))


def test_the_verbs_of_the_two_kinds_do_not_mix(commune: Any, alert: Bulletin, on_air: Bulletin) -> None:
    refused("kind", lambda: workflow.withdraw(alert, commune.writer, NOW))
    refused("kind", lambda: workflow.end(on_air, commune.approver, NOW))
    refused("kind", lambda: workflow.publish(on_air, commune.approver, NOW))


def test_one_too_long_for_an_envelope_is_refused_while_it_can_be_shortened(commune: Any) -> None:
    long = Content(texts=(TextIn("vi", "Nước lên nhanh. " * 400),), priority="emergency")
    refused("too-long", lambda: workflow.draft(commune.unit, commune.approver, long, NOW))


def test_a_commune_cannot_end_what_the_province_published(commune: Any) -> None:
    chief: User = commune.stranger
    chief.memberships.update(unit=commune.province, emergency=True)
    above = workflow.publish(workflow.draft(commune.province, chief, storm(), NOW), chief, NOW)
    refused("right", lambda: workflow.end(above, commune.approver, NOW))


def test_steps_by_name_are_the_steps(commune: Any, drafted: Bulletin) -> None:
    workflow.take("submit", drafted, commune.writer, NOW)
    assert workflow.take("return", drafted, commune.approver, NOW, "sửa tên").status == "returned"
    with pytest.raises(KeyError):
        workflow.take("expire", drafted, commune.writer, NOW)
