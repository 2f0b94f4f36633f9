"""The official tree: one on every Python, dated names, search without tone marks, inherited rules."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import vietnam_provinces
from django.core.management import CommandError, call_command
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from publisher.broadcast import outbox
from publisher.units import policy, services, tree
from publisher.units.models import Unit

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("25357", date(2026, 4, 29), "Xã Tân Khai"),
        ("25357", date(2026, 4, 30), "Phường Tân Khai"),
        ("25357", date(2024, 1, 1), "Xã Tân Khai"),  # before the snapshot: the earliest known
    ],
)
def test_a_name_depends_on_the_day(code: str, day: date, name: str) -> None:
    assert tree.on_day(tree.facts_of("75"), day)[code].name == name


@pytest.mark.parametrize(
    ("province", "wards", "communes"), [("75", 33, 62), ("24", 45, 54)], ids=["Đồng Nai", "Bắc Ninh"]
)
def test_communes_that_became_wards_keep_their_codes(province: str, wards: int, communes: int) -> None:
    facts = tree.facts_of(province)
    today = tree.on_day(facts, TODAY)
    kinds = [fact.kind for fact in today.values() if fact.parent]
    assert (kinds.count("phuong"), kinds.count("xa")) == (wards, communes)
    assert set(today) == set(tree.on_day(facts, tree.SNAPSHOT_DAY))


def test_the_whole_country_is_there() -> None:
    provinces = [fact.code for fact in tree._snapshot() if not fact.parent]
    today = {code: fact for one in provinces for code, fact in tree.on_day(tree.facts_of(one), TODAY).items()}
    kinds = [fact.kind for fact in today.values()]
    assert len(provinces) == 34
    assert (kinds.count("xa"), kinds.count("phuong"), kinds.count("dac_khu")) == (2599, 709, 13)
    assert kinds.count("thanh_pho") == 9


def test_the_snapshot_names_what_the_installed_package_names() -> None:
    """Its releases disagree in codes and spelling; the places and the provinces they lie in are the same."""

    def plain(name: str) -> str:
        bare = re.sub(r"^(tinh|thanh pho|xa|phuong|dac khu) ", "", services.fold(name))
        return re.sub(r"[’'–-]", "", bare).replace("  ", " ")

    theirs = {(int(ward.province_code), plain(ward.name)) for ward in vietnam_provinces.Ward.iter_all()}
    ours = {(int(fact.parent), plain(fact.name)) for fact in tree._snapshot() if fact.parent}
    assert ours == theirs


def test_an_unknown_province_is_answered_with_those_there_are() -> None:
    with pytest.raises(tree.UnknownUnitError, match="75 Tỉnh Đồng Nai"):
        tree.facts_of("70")


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_keeps_settings() -> None:
    assert services.load_province("75", TODAY) == 96
    Unit.objects.filter(pk="25357").update(settings={"volume_pct": 40})
    assert services.load_province("75", TODAY) == 96
    unit = Unit.objects.get(pk="25357")
    assert (unit.name, unit.settings, unit.facts.count()) == ("Phường Tân Khai", {"volume_pct": 40}, 2)
    assert services.name_on("25357", date(2025, 12, 1)) == "Xã Tân Khai"


@pytest.mark.django_db
def test_names_follow_the_law_on_its_day() -> None:
    services.load_province("75", date(2026, 4, 29))
    assert Unit.objects.get(pk="75").name == "Tỉnh Đồng Nai"
    assert set(services.refresh_names(date(2026, 4, 30))) >= {"75", "25357", "25270"}
    assert Unit.objects.get(pk="25357").kind == "phuong"
    assert services.refresh_names(date(2026, 5, 1)) == []


@pytest.mark.django_db
def test_search_needs_no_marks_and_uses_those_that_are_typed() -> None:
    services.load_province("75", TODAY)
    assert {unit.code for unit in services.search("loc thanh")} >= {"25280", "25294"}
    assert services.search("Lộc Thạnh")[0].code == "25280"
    assert services.search("Lộc Thành")[0].code == "25294"
    assert [unit.code for unit in services.search("25357")] == ["25357"]
    assert [unit.name for unit in services.search("dong nai")] == ["Thành phố Đồng Nai"]
    assert services.search("tan khai", within=["25345"]) == []


@pytest.mark.django_db
def test_screens_belong_to_units_above_and_to_free_groups(commune: Any) -> None:
    group = services.add_group(commune.unit, "Huyện Hớn Quản cũ", [commune.led.id])
    assert services.screens_under([commune.province.code]) == {commune.hdmi.id, commune.led.id}
    assert services.screens_under([group.code]) == {commune.led.id}
    assert services.groups_of(commune.led) == ["25357", "75", group.code]
    assert services.groups_of(commune.hdmi) == ["25357", "75"]


@pytest.mark.django_db
def test_a_hamlet_gets_a_code_of_its_own_below_its_commune(commune: Any) -> None:
    hamlet = services.add_subunit(commune.unit, "Ấp 3", "ấp")
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", hamlet.code)
    assert services.ancestors(hamlet.code) == [hamlet.code, "25357", "75"]
    assert not hamlet.official
    lane = hamlet
    for _ in range(5):
        lane = services.add_subunit(lane, "Tổ 1", "tổ")
    assert re.fullmatch(r"25357-[0-9a-f]{6}", lane.code)
    assert services.ancestors(lane.code)[-2:] == ["25357", "75"]


@pytest.mark.django_db
def test_rules_are_inherited_until_a_unit_says_otherwise(commune: Any) -> None:
    commune.province.settings = {"volume_pct": 60, "two_person": False}
    commune.province.save()
    commune.unit.settings = {"volume_pct": 30, "quiet": [{"start_min": 1200, "end_min": 360}]}
    commune.unit.save()
    rules = policy.policy_of(Unit.objects.get(pk="25357"))
    assert (rules.volume_pct, rules.two_person, rules.brightness_pct) == (30, False, 100)
    assert (rules.quiet[0].start_min, rules.quiet[0].end_min) == (1200, 360)
    assert rules.desired().volume_pct == 30


def test_wrong_rules_are_all_named() -> None:
    with pytest.raises(policy.PolicyError) as caught:
        policy.checked({"volume_pct": 120, "thousand": "ngìn", "colour": 1, "quiet": [{"start_min": -1, "end_min": 5}]})
    for name in ("volume_pct: 120", "thousand: 'ngìn'", "colour: unknown", "quiet"):
        assert name in str(caught.value)


@given(st.text())
def test_folding_twice_is_folding_once(words: str) -> None:
    assert services.fold(services.fold(words)) == services.fold(words)


@pytest.mark.django_db
def test_the_command_refuses_a_province_that_is_none() -> None:
    with pytest.raises(CommandError, match="no province '99'"):
        call_command("loadunits", "99")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "sent"),
    [("/don-vi/25357", {"volume_pct": "30"}), ("/don-vi/25357/them", {"what": "group", "name": "Khu chợ"})],
)
def test_what_cannot_be_announced_is_not_stored(
    address: str, sent: dict[str, str], commune: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(outbox, "put_many", fail)
    with pytest.raises(OperationalError):
        as_user(commune.admin).post(address, sent)
    assert Unit.objects.get(pk="25357").settings == {}
    assert not Unit.objects.filter(kind="group").exists()
