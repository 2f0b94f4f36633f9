from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import claimcode

KEYS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SECRETS = st.binary(min_size=10, max_size=10)


@given(SECRETS, KEYS)
def test_a_typed_code_gives_back_its_secret_and_vouches_for_its_root(secret: bytes, root: str) -> None:
    code = claimcode.parse(claimcode.compose(secret, root))
    assert code.secret == secret.hex()
    assert code.vouches_for(root)


@given(SECRETS, KEYS, KEYS)
def test_another_root_is_found_out(secret: bytes, root: str, other: str) -> None:
    code = claimcode.parse(claimcode.compose(secret, root))
    assert code.vouches_for(other) == (root == other)


def test_the_code_carries_eighty_bits_of_the_root() -> None:
    assert len(claimcode.parse(claimcode.compose(bytes(10), "ab" * 32)).root_hash) * 8 >= 80


@given(SECRETS, KEYS)
def test_small_letters_spaces_and_look_alikes_are_read(secret: bytes, root: str) -> None:
    code = claimcode.compose(secret, root)
    typed = code.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    assert claimcode.parse(typed) == claimcode.parse(code)


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 32, "A" * 31, "A" * 33, "ệ" * 32])
def test_a_mistyped_code_is_refused_in_both_languages(typed: str) -> None:
    with pytest.raises(claimcode.ClaimCodeError, match=r"Mã nhận bảng.*The claim code"):
        claimcode.parse(typed)


def test_a_short_secret_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="10 bytes, not 9"):
        claimcode.compose(bytes(9), "ab" * 32)
