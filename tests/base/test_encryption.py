"""Encryption of what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.encryption import KeyRing, Undecipherable, WrappedKey

RING = KeyRing(["first secret"])


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_what_was_encrypted_can_be_read_with_its_key(content: bytes, owner: str, part: str) -> None:
    key, wrapped = RING.new_key(owner)
    assert RING.unwrap(wrapped, owner).decrypt(key.encrypt(content, part), part) == content


def test_same_content_never_looks_the_same() -> None:
    key, _ = RING.new_key("a")
    assert key.encrypt(b"content", "x") != key.encrypt(b"content", "x")


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_changed_bit_is_noticed(position: int) -> None:
    key, _ = RING.new_key("a")
    sealed = bytearray(key.encrypt(b"content", "x"))
    sealed[position] ^= 1
    with pytest.raises(Undecipherable):
        key.decrypt(bytes(sealed), "x")


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 12, b"x" * 27])
def test_too_little_is_noticed(sealed: bytes) -> None:
    with pytest.raises(Undecipherable):
        RING.new_key("a")[0].decrypt(sealed, "x")


def test_part_and_owner_belong_to_the_content() -> None:
    key, wrapped = RING.new_key("a")
    with pytest.raises(Undecipherable):
        key.decrypt(key.encrypt(b"content", "name"), "content")
    with pytest.raises(Undecipherable):
        RING.unwrap(wrapped, "b")


def test_ring_reads_what_older_secrets_wrapped_and_wraps_with_the_current_one() -> None:
    key, wrapped = RING.new_key("a")
    sealed = key.encrypt(b"content", "x")
    ring = KeyRing(["second secret", "first secret"])
    assert ring.unwrap(wrapped, "a").decrypt(sealed, "x") == b"content"
    again = ring.rewrap(wrapped, "a")
    assert again.wrapped_by == ring.current != wrapped.wrapped_by
    assert KeyRing(["second secret"]).unwrap(again, "a").decrypt(sealed, "x") == b"content"


def test_unknown_secret_is_named_without_giving_anything_away() -> None:
    _, wrapped = RING.new_key("a")
    with pytest.raises(Undecipherable, match=wrapped.wrapped_by) as refused:
        KeyRing(["second secret"]).unwrap(wrapped, "a")
    assert "secret" not in str(refused.value).replace("secret of CORNAVIN_SECRET_KEY", "")


def test_other_key_under_the_same_name_is_noticed() -> None:
    _, wrapped = RING.new_key("a")
    other = KeyRing(["second secret"])
    with pytest.raises(Undecipherable):
        other.unwrap(WrappedKey(other.current, wrapped.content), "a")


def test_ring_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        KeyRing([])
