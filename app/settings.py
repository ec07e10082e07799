"""The settings of an office, typed: what may stand in ``office.toml``."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

import resources
from app.settings_lines import KeyPath, lines_of_keys
from models.errors import SettingsError

FILE_NAME = "office.toml"
SECRET = frozenset({"key", "url", "over_url"})
"""Keys whose values no error shows: an address may carry the office's key."""


class WrongSettingError(SettingsError):
    """A setting that cannot stand: its sentence ends with what is allowed, in the reader's language."""

    def sentence(self, language: str = "en") -> str:
        """Return file, line, key and what is allowed."""
        allowed = self.facts.get("allowed") or resources.phrase("settings", self.facts["about"], language)
        words = resources.phrase("errors", self.code, language)
        return words.format_map({**self.facts, "allowed": allowed})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OfficeSection(_Section):
    """The office itself."""

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field(default="", max_length=80)
    adcode: str = Field(pattern=r"^\d{6}$")
    language: Literal["zh", "en", ""] = ""
    exercise: bool = False


class IssuerSection(_Section):
    """What the warnings say of their issuer; empty values follow from the office."""

    code: str = Field(default="", pattern=r"^(\d{14})?$")
    name: str = Field(default="", max_length=60)
    sender: str = Field(default="", pattern=r"^[^\s,<&]*$")


class DrillSection(_Section):
    """What marks exercises: how their county codes and phone numbers begin."""

    adcodes: tuple[Annotated[str, Field(pattern=r"^\d{1,6}$")], ...] = ("99",)
    phones: tuple[Annotated[str, Field(pattern=r"^[\d+-]{1,15}$")], ...] = ("000",)


class GroundSection(_Section):
    """Where borders, roads, rivers and relief of the office come from, and of which day they are."""

    source: str = Field(default="", max_length=80)
    on: date | None = None


class SoilSection(_Section):
    """How wet the soil is, and since when that is known."""

    state: Literal["dry", "normal", "wet", "unknown"] = "unknown"
    on: date | None = None


class InboxSection(_Section):
    """How the inbox is watched."""

    look_s: float = Field(default=2.0, ge=0.1, le=60)


class MosaicSection(_Section):
    """How the radars are put together."""

    max_age_min: int = Field(default=15, ge=1, le=180)
    resolution_m: float = Field(default=500.0, ge=100, le=5000)
    follow_motion: bool = True


class ArchiveSection(_Section):
    """What is kept of what came in, and of the mosaic."""

    cap_gb: float = Field(default=20.0, ge=0.1, le=100_000)
    frames: bool = True
    keep_days: int = Field(default=0, ge=0, le=3650)


class RainSection(_Section):
    """How echoes become rain."""

    zr_a: float = Field(default=300.0, ge=10, le=2000)
    zr_b: float = Field(default=1.4, ge=0.5, le=3)
    cap_dbz: float = Field(default=53.0, ge=40, le=80)


class ReachSection(_Section):
    """How long an answer is waited for."""

    receipt_wait_min: int = Field(default=10, ge=1, le=240)


class RadarSection(_Section):
    """One radar."""

    code: str = Field(pattern=r"^[A-Za-z0-9]{1,9}$")
    name: str = Field(min_length=1, max_length=40)
    lon_deg: float = Field(ge=-180, le=180)
    lat_deg: float = Field(ge=-85, le=85)
    altitude_m: float = Field(default=0.0, ge=-500, le=6000)
    band: Literal["S", "C", "X"] = "S"
    beam_width_deg: float = Field(default=1.0, ge=0.1, le=5)
    owner: str = Field(default="", max_length=60)
    step_min: int = Field(default=6, ge=1, le=60)


class BaseMapSection(_Section):
    """One base map: a file or folder of the office's own, a service that ships as a preset, or one by its address."""

    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(default="", max_length=60)
    file: str = Field(default="", max_length=400)
    table: str = Field(default="", max_length=80)
    rows: Literal["auto", "from_north", "from_south"] = "auto"
    preset: str = Field(default="", max_length=40)
    url: str = Field(default="", max_length=1000, pattern=r"^(https?://\S+)?$", repr=False)
    over_url: str = Field(default="", max_length=1000, pattern=r"^(https?://\S+)?$", repr=False)
    key: str = Field(default="", max_length=200, pattern=r"^[^\s]*$", repr=False)
    subdomains: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,36}$")
    attribution: str = Field(default="", max_length=120)
    attribution_en: str = Field(default="", max_length=120)
    min_zoom: int = Field(default=0, ge=0, le=24)
    max_zoom: int = Field(default=18, ge=0, le=24)
    color: bool = False
    print: bool = False
    prefetch: bool = False
    tiles_a_day: int = Field(default=0, ge=0, le=100_000_000)
    cache_mb: int = Field(default=500, ge=1, le=1_000_000)
    keep_days: int = Field(default=30, ge=0, le=3650)


class LayerSection(_Section):
    """One layer from a file: which file, and how it is shown."""

    name: str = Field(min_length=1, max_length=40, pattern=r"^[^:\r\n]+$")
    path: str = Field(min_length=1, max_length=400)
    group: Literal["", "base", "division", "hazards", "zoning", "exposed", "people", "radar", "own"] = ""
    crs: str = Field(default="", pattern=r"^(wgs84|gcj02|bd09|EPSG:\d{4,6})?$")
    part: str = Field(default="", max_length=80)
    style: str = Field(default="", pattern=r"^[a-z_]{0,40}$")
    field: str = Field(default="", max_length=80)
    classes: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    label: str = Field(default="", max_length=80)
    source: str = Field(default="", max_length=120)
    on: date | None = None
    below_m: float = Field(default=0.0, ge=0, le=100_000)
    above_m: float = Field(default=0.0, ge=0, le=100_000)
    opacity: float = Field(default=1.0, ge=0, le=1)
    visible: bool = True


class ChannelSection(_Section):
    """One channel."""

    kind: Literal["folder"]
    name: str = Field(min_length=1, max_length=40)


class Settings(_Section):
    """Everything that ``office.toml`` says."""

    office: OfficeSection
    issuer: IssuerSection = IssuerSection()
    drill: DrillSection = DrillSection()
    ground: GroundSection = GroundSection()
    soil: SoilSection = SoilSection()
    inbox: InboxSection = InboxSection()
    mosaic: MosaicSection = MosaicSection()
    archive: ArchiveSection = ArchiveSection()
    rain: RainSection = RainSection()
    reach: ReachSection = ReachSection()
    radar: tuple[RadarSection, ...] = ()
    base_map: tuple[BaseMapSection, ...] = ()
    layer: tuple[LayerSection, ...] = ()
    channel: tuple[ChannelSection, ...] = (ChannelSection(kind="folder", name="folder"),)

    @field_validator("radar", "base_map", "layer", "channel")
    @classmethod
    def _each_once(cls, many: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [getattr(one, "code", one.name) for one in many]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise ValueError(f"twice:{index}:{name}")
        return many

    @model_validator(mode="after")
    def _drill_is_exercise(self) -> Self:
        if not self.office.exercise and self.office.adcode.startswith(self.drill.adcodes):
            raise ValueError("drill")
        return self


def read_settings(path: Path) -> Settings:
    """Return the settings in an ``office.toml``.

    Raises
    ------
    SettingsError
        ``settings.no_office`` (no such file), ``settings.not_toml``, ``settings.unknown_key``,
        ``settings.unknown_key_near``, ``settings.missing_key``, ``settings.wrong_value`` or
        ``settings.twice``, each with file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError("settings.no_office", folder=path.parent) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("settings.unreadable", file=path, cause=str(error)) from error
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError("settings.not_toml", file=path, cause=str(error)) from error
    try:
        return Settings.model_validate(_with_tuples(raw))
    except ValidationError as error:
        raise _first_wrong(error, path, text) from error


def checked_settings(raw: dict[str, Any]) -> Settings:
    """Return settings that were typed, not read from a file.

    Raises
    ------
    SettingsError
        ``settings.wrong_option`` with key, value and what is allowed.
    """
    try:
        return Settings.model_validate(_with_tuples(raw))
    except ValidationError as error:
        wrong = _first_wrong(error, Path(), "")
        raise WrongSettingError("settings.wrong_option", **wrong.facts) from error


def _with_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_tuples(item) for key, item in value.items()}
    return tuple(map(_with_tuples, value)) if isinstance(value, list) else value


def _first_wrong(error: ValidationError, path: Path, text: str) -> SettingsError:
    """Return the wrong setting that stands first in the file."""
    lines = lines_of_keys(text)
    found = [_wrong(dict(detail), path, lines) for detail in error.errors()]
    # A key written wrong makes another one missing: the first is the cause.
    found.sort(key=lambda wrong: (wrong.code == "settings.missing_key", wrong.facts["line"]))
    return found[0]


def _wrong(detail: dict[str, Any], path: Path, lines: dict[KeyPath, int]) -> WrongSettingError:
    where: KeyPath = tuple(detail["loc"])
    names = [str(part) for part in where if not isinstance(part, int)]
    kind, message = detail["type"], str(detail.get("msg", ""))
    facts: dict[str, Any] = {"file": path, "key": ".".join(names)}
    if kind == "extra_forbidden":
        siblings = sorted(_fields_beside(names))
        near = difflib.get_close_matches(names[-1], siblings, n=1, cutoff=0.6)
        code = "settings.unknown_key_near" if near else "settings.unknown_key"
        suggestion = near[0] if near else ""
        return WrongSettingError(
            code, **facts, line=_line(where, lines), allowed=", ".join(siblings), suggestion=suggestion
        )
    if kind == "missing":
        return WrongSettingError(
            "settings.missing_key", **facts, line=_line(where[:-1], lines), about=_about(names), allowed=""
        )
    if kind == "value_error" and "twice:" in message:
        index, name = message.split("twice:")[1].split(":", 1)
        line = _line((*where, int(index)), lines)
        return WrongSettingError("settings.twice", **facts, line=line, value=name, allowed="-")
    if kind == "value_error":  # the one rule between two keys: a drill code is never real
        names, where = ["office", "exercise"], ("office", "exercise")
        facts["key"], detail = "office.exercise", {**detail, "input": False}
    hidden = names[-1] in SECRET
    value = "…" if hidden else json.dumps(detail.get("input"), ensure_ascii=False, default=str)
    return WrongSettingError(
        "settings.wrong_value", **facts, line=_line(where, lines), value=value, about=_about(names), allowed=""
    )


def _about(names: list[str]) -> str:
    return ".".join(names) if len(names) > 1 else f"section.{names[0]}"


def _line(where: KeyPath, lines: dict[KeyPath, int]) -> int:
    """Return the line of a key, or of the nearest thing round it that stands in the file."""
    for length in range(len(where), 0, -1):
        if where[:length] in lines:
            return lines[where[:length]]
    return 1


def _fields_beside(names: list[str]) -> Iterator[str]:
    model: type[BaseModel] = Settings if len(names) == 1 else SECTIONS[names[0]]
    yield from model.model_fields


SECTIONS: dict[str, type[_Section]] = {
    "office": OfficeSection,
    "issuer": IssuerSection,
    "drill": DrillSection,
    "ground": GroundSection,
    "soil": SoilSection,
    "inbox": InboxSection,
    "mosaic": MosaicSection,
    "archive": ArchiveSection,
    "rain": RainSection,
    "reach": ReachSection,
    "radar": RadarSection,
    "base_map": BaseMapSection,
    "layer": LayerSection,
    "channel": ChannelSection,
}
