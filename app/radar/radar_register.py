"""The radar register of an office: its own radars first, then those that ship."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import typer

from app.settings import FILE_NAME, RadarSection, read_settings
from models.radar.register import RadarSite, Register, shipped


def register_of(radars: Iterable[RadarSection]) -> Register:
    """Return the register that an office reads its files by.

    Parameters
    ----------
    radars : iterable of RadarSection
        Its ``[[radar]]`` entries; an entry goes before a shipped one of the same code.
    """
    own = (
        RadarSite(
            code=radar.code,
            name=radar.name,
            lon_deg=radar.lon_deg,
            lat_deg=radar.lat_deg,
            altitude_m=radar.altitude_m,
            band=radar.band,
            beam_width_deg=radar.beam_width_deg,
            owner=radar.owner,
            step=timedelta(minutes=radar.step_min),
            verified=True,
            source=FILE_NAME,
        )
        for radar in radars
    )
    return shipped().behind(own)


def register_for(office: Path | None, site: str | None) -> Register:
    """Return the register of a command: an office's where one is named, and ``--site`` for files that do not say.

    Parameters
    ----------
    office : Path or None
        Folder of the office; None leaves the register that ships.
    site : str or None
        ``LON,LAT`` or ``LON,LAT,HEIGHT_M``, degrees and meters above the sea.

    Raises
    ------
    SettingsError
        If the office cannot be read.
    typer.BadParameter
        If the site is no place.
    """
    register = shipped() if office is None else register_of(read_settings(office / FILE_NAME).radar)
    return register if site is None else replace(register, stand_in=_stand_in(site))


def _stand_in(site: str) -> RadarSite:
    try:
        lon_deg, lat_deg, *height = (float(part) for part in site.split(","))
        (altitude_m,) = height or [math.nan]
    except ValueError as error:
        raise typer.BadParameter("two or three numbers LON,LAT[,HEIGHT_M]", param_hint="--site") from error
    if not (-180 <= lon_deg <= 180 and -85 <= lat_deg <= 85) or (lon_deg, lat_deg) == (0, 0):
        raise typer.BadParameter("longitude within ±180, latitude within ±85 degrees", param_hint="--site")
    if height and not -500 <= altitude_m <= 9000:
        raise typer.BadParameter("a height of -500 to 9000 m", param_hint="--site")
    return RadarSite("", "", lon_deg, lat_deg, altitude_m, verified=True, source="--site")
