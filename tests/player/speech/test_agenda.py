"""What is owed to be read: once each, in its order, and nothing that a clock jumped over."""

from __future__ import annotations

from datetime import timedelta

from player.agenda import AHEAD, JUMP, Agenda, Reading
from player.announce import Occasion
from player.model import Alert, Clock, ClockQuality, Playlist
from player.store import Snapshot
from tests.player.speech.room import FIVE, SECOND, TRUSTED, alert, playlist

HOUR = timedelta(hours=1)
UNTRUSTED = Clock(ClockQuality.UNKNOWN)


def taken(
    *alerts: Alert, spoken: tuple[tuple[str, int], ...] = (), clock: Clock = TRUSTED, plan: Playlist | None = None
) -> Agenda:
    agenda = Agenda(spoken)
    agenda.take(Snapshot(), clock, FIVE - SECOND, None)
    agenda.take(Snapshot(plan, alerts), clock, FIVE, None)
    return agenda


def owed(agenda: Agenda) -> list[str]:
    return [reading.key[0] for reading in agenda.queue]


def test_an_emergency_is_owed_once_however_often_the_agent_commits() -> None:
    agenda = taken(alert())
    agenda.take(Snapshot(alerts=(alert(),)), TRUSTED, FIVE + SECOND, None)
    agenda.tick(FIVE + SECOND, None)
    assert owed(agenda) == ["storm"]


def test_what_an_earlier_run_read_is_not_owed_again() -> None:
    assert owed(taken(alert(), spoken=(("storm", 1),))) == []
    assert owed(taken(alert(revision=2), spoken=(("storm", 1),))) == ["storm"]


def test_without_a_clock_that_is_believed_only_what_came_in_this_run_is_owed() -> None:
    assert owed(taken(alert(), clock=UNTRUSTED)) == ["storm"]
    agenda = Agenda(())
    agenda.take(Snapshot(alerts=(alert(),)), UNTRUSTED, FIVE, None)  # it lay there at the start
    assert owed(agenda) == []


def test_what_is_scheduled_is_owed_when_it_is_due_and_told_ahead() -> None:
    agenda = taken(plan=playlist("a", "b"))
    agenda.tick(FIVE - SECOND, None)
    assert (owed(agenda), agenda.next_s(FIVE - SECOND)) == ([], 1.0)
    agenda.tick(FIVE, None)
    assert owed(agenda) == ["a"]
    assert agenda.next_s(FIVE) == AHEAD.total_seconds()
    agenda.tick(FIVE + HOUR / 2 + SECOND, None)
    assert owed(agenda) == ["a"], "the clock was put forward over the other one"


def test_a_clock_that_was_set_is_noticed_both_ways() -> None:
    agenda = taken()
    assert agenda.tick(FIVE, None), "there was none before"
    assert not agenda.tick(FIVE + JUMP, None)
    assert agenda.tick(FIVE + 3 * JUMP, None)
    assert agenda.tick(FIVE, None)
    assert agenda.mark == FIVE


def test_the_latest_instant_stays_where_the_clock_is_put_back_a_little() -> None:
    agenda = taken()
    agenda.tick(FIVE, None)
    assert not agenda.tick(FIVE - SECOND, None)
    assert agenda.mark == FIVE


def test_what_sounds_already_is_not_owed_beside_that() -> None:
    agenda = taken(plan=playlist("a"))
    agenda.tick(FIVE - SECOND, None)
    agenda.tick(FIVE, ("a", 1, "vi"))
    assert owed(agenda) == []


def test_a_reading_is_owed_once_and_goes_with_what_it_is_of() -> None:
    agenda = taken(alert(), alert("flood"))
    agenda.owe(Reading(("storm", 1, "vi"), Occasion.ALERT, FIVE))
    assert sorted(owed(agenda)) == ["flood", "storm"]
    assert agenda.held(FIVE) == {("storm", 1), ("flood", 1)}
    agenda.keep({("flood", 1)})
    assert owed(agenda) == ["flood"]


def test_an_emergency_that_ran_out_is_held_no_more() -> None:
    agenda = taken(alert(), plan=playlist("a"))
    assert agenda.held(FIVE + HOUR) == {("a", 1)}
    assert agenda.on_air(FIVE + HOUR) == ()
