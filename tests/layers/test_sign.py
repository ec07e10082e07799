"""Sprite keys and the signs they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.sign import ClusterSign, Sign, sign_of
from models.hazard.level import Level

SIGNS = st.builds(
    Sign,
    st.sampled_from(["", "landslide", "flash_flood"]),
    st.sampled_from(list(Level)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(SIGNS | st.builds(ClusterSign, st.integers(0, 10**6), st.booleans()))
def test_a_key_gives_back_its_sign(sign: Sign | ClusterSign) -> None:
    assert sign_of(sign.key) == sign


def test_a_sign_without_a_glyph_is_a_bare_mark() -> None:
    assert Sign(level=Level.RED).key == "level.red"
    assert Sign().key == "point.none"


@pytest.mark.parametrize("key", ["gauge", "point.not_judged.crowd", "cluster/many", "level.red+loud/site", ""])
def test_what_is_no_sign_is_none(key: str) -> None:
    assert sign_of(key) is None
