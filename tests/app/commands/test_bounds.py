"""Bounds that are written in another order are refused with their cause, and with what was probably meant."""

from __future__ import annotations

import pytest
import typer

from app.commands.bounds import bounds_of

MEANT = "Was 106.3,28.5,107,29.1 meant?"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("106.3,107,28.5,29.1", ("south is 107", MEANT)),
        ("28.5,106.3,29.1,107", ("south is 106.3", MEANT)),
        ("107,28.5,106.3,29.1", ("west 107 is not west of east 106.3", MEANT)),
        ("106.3,29.1,107,28.5", ("south 29.1 is not south of north 28.5", MEANT)),
        ("107,29.1,106.3,28.5", ("west 107 is not west", MEANT)),
        ("1,2,3", ("3 numbers, four are needed", "106.3,28.5")),
        ("106.3,28.5,107,x", ("'x' is no number", "106.3,28.5")),
        ("nan,28,107,29", ("west is nan", "west,south,east,north")),
        ("106,-88,107,-86", ("south is -88", "85 degrees")),
    ],
)
def test_the_cause_is_named(written: str, said: tuple[str, str]) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        bounds_of(written)
    for part in said:
        assert part in caught.value.message


def test_bounds_are_west_south_east_north() -> None:
    assert bounds_of(" 106.3, 28.5，107.0,29.1") == (106.3, 28.5, 107.0, 29.1)
