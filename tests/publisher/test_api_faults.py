"""What the API says of each field is said in Vietnamese and in English, whatever was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from publisher.accounts import people
from publisher.api import BulletinIn
from publisher.api_faults import field_faults
from publisher.languages import in_both

YEARLY = {"kind": "rrule", "rule": "FREQ=YEARLY", "start": "2026-01-01T07:00", "duration_min": 60}
FINE = {"unit": "25357", "texts": [{"body": "Họp"}]}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def told(body: object) -> list[tuple[str, str]]:
    """The details in both languages; empty if the body is fine."""
    try:
        BulletinIn.model_validate(body)
    except ValidationError as error:
        return [in_both(fault) for fault in field_faults([fault | _placed(fault) for fault in error.errors()])]
    return []


def _placed(fault: Any) -> dict[str, Any]:
    return {"loc": ("body", "given", *fault["loc"])}


@pytest.mark.parametrize(
    ("changed", "vietnamese", "english"),
    [
        ({"rank": 500}, "rank: lớn nhất là 99; đã nhận 500", "rank: must be at most 99; received 500"),
        ({"level": -1}, "level: nhỏ nhất là 0; đã nhận -1", "level: must be at least 0; received -1"),
        ({"rank": "một"}, "rank: phải là số nguyên; đã nhận 'một'", "rank: must be a whole number; received 'một'"),
        ({"always": "có"}, "always: phải là true hoặc false; đã nhận 'có'", "always: must be true or false"),
        ({"unit": 5}, "unit: phải là một chuỗi chữ; đã nhận 5", "unit: must be a string; received 5"),
        ({"foo": 1}, "foo: không có trường tên này", "foo: there is no such field"),
        ({"texts": []}, "texts: phải có ít nhất 1 phần tử; đã nhận []", "texts: must have at least 1 elements"),
        ({"texts": [{}] * 9}, "texts: chỉ được có nhiều nhất 8 phần tử", "texts: may have at most 8 elements"),
        ({"texts": ["x"]}, "texts.0: phải là một đối tượng JSON; đã nhận 'x'", "texts.0: must be a JSON object"),
        ({"targets": "75"}, "targets: phải là một danh sách; đã nhận '75'", "targets: must be a list"),
        (
            {"priority": "urgent"},
            "priority: phải là một trong 'routine', 'priority', 'emergency'; đã nhận 'urgent'",
            "priority: must be one of 'routine', 'priority', 'emergency'; received 'urgent'",
        ),
        ({"dayparts": [{"start_min": 0}]}, "dayparts.0.end_min: còn thiếu", "dayparts.0.end_min: is missing"),
        ({"dates": [{}]}, "dates.0: phải có trường 'kind'; đã nhận {}", "dates.0: must have the field 'kind'"),
        (
            {"dates": [{"kind": "x"}]},
            "dates.0: 'kind' phải là một trong 'lunar', 'holiday', 'rrule'; đã nhận {'kind': 'x'}",
            "dates.0: 'kind' must be one of 'lunar', 'holiday', 'rrule'",
        ),
        ({"dates": [YEARLY | {"rule": ""}]}, "dates.0.rrule.rule: phải có ít nhất 1 chữ cái", "dates.0.rrule"),
        ({"dates": [YEARLY | {"rule": "x" * 301}]}, "dates.0.rrule.rule: chỉ được có nhiều nhất 300", "dates"),
        ({"dates": [YEARLY | {"start": "1/2"}]}, "dates.0.rrule.start: phải theo mẫu ^", "dates.0.rrule.start: "),
        ({"starts": "2026-12-01T00:00:00"}, "starts: phải ghi múi giờ", "starts: must name its time zone"),
        ({"ends": "gestern"}, "ends: phải là ngày giờ như", "ends: must be a date and time such as"),
        ({"unit": ["\u202e\x07" * 99]}, r"unit: phải là một chuỗi chữ; đã nhận ['\u202e\x07", "unit: must be a"),
    ],
)
def test_the_field_the_value_and_what_is_allowed_are_named(
    changed: dict[str, object], vietnamese: str, english: str
) -> None:
    [(vi, en)] = told(FINE | changed)
    assert vi.startswith(vietnamese)
    assert en.startswith(english)


@given(st.sampled_from(sorted(BulletinIn.model_fields)), anything)
def test_each_kind_of_error_has_words_of_its_own_in_both_languages(field: str, value: Any) -> None:
    for vietnamese, english in told(FINE | {field: value}):
        assert vietnamese != english
        assert "giá trị không dùng được" not in vietnamese
        assert len(vietnamese) < 250
        assert vietnamese.isprintable()


def test_an_error_of_an_unknown_kind_is_told_all_the_same() -> None:
    [fault] = field_faults([{"type": "quantum_flux", "loc": ("path", "verb"), "input": "fly", "msg": "?"}])
    assert in_both(fault) == ("verb: giá trị không dùng được; đã nhận 'fly'", "verb: cannot be used; received 'fly'")


def ask(commune: Any, path: str, body: bytes) -> Any:
    token = people.new_token(commune.writer, "test")
    return Client().post(
        f"/api/v1{path}", body, content_type="application/json", headers={"authorization": f"Bearer {token}"}
    )


@pytest.mark.django_db
def test_the_answer_carries_them_in_both_languages(commune: Any) -> None:
    answer = ask(commune, "/bulletins", json.dumps(FINE | {"rank": 500, "foo": 1}).encode())
    assert answer.status_code == 422
    assert answer.json()["details"] == ["rank: lớn nhất là 99; đã nhận 500", "foo: không có trường tên này"]
    assert answer.json()["details_en"] == ["rank: must be at most 99; received 500", "foo: there is no such field"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "vietnamese", "english"),
    [
        (b"[1]", "body: phải là một đối tượng JSON; đã nhận [1]", "body: must be a JSON object; received [1]"),
        (b"", "body: còn thiếu", "body: is missing"),
    ],
)
def test_a_body_of_another_shape_is_named_as_a_whole(body: bytes, vietnamese: str, english: str, commune: Any) -> None:
    told = ask(commune, "/bulletins", body).json()
    assert (told["details"], told["details_en"]) == ([vietnamese], [english])


@pytest.mark.django_db
def test_a_body_that_is_no_json_is_told_where_it_breaks(commune: Any) -> None:
    answer = ask(commune, "/bulletins", b'{"unit":\n "25357",,}')
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert "dòng 2, cột 10" in answer.json()["details"][0]
    assert "line 2, column 10" in answer.json()["details_en"][0]
    foreign = ask(commune, "/bulletins", b'{"unit": "\xc9"}')
    assert foreign.json()["details_en"] == ["The body must be JSON in UTF-8."]


@pytest.mark.django_db
def test_a_verb_nobody_knows_is_answered_with_those_there_are(commune: Any) -> None:
    detail = ask(commune, f"/bulletins/{timezone.now():%Y}/fly", b"").json()["details"][0]
    assert detail.startswith("verb: phải là một trong 'submit', 'recall'")
    assert detail.endswith("đã nhận 'fly'")


@pytest.mark.django_db
def test_what_is_not_there_is_named_in_both_languages(commune: Any) -> None:
    answer = ask(commune, "/bulletins", json.dumps(FINE | {"unit": "99999"}).encode()).json()
    assert (answer["details"], answer["details_en"]) == (["không có đơn vị '99999'"], ["no unit '99999'"])
