"""The look: tokens of both themes, type sizes, the font, and the style sheet.

Colors are named by what they are for. Levels are the only hues; everything
else is a neutral gray. Source of the level colors: national warning signals,
CMA Decree No. 16 (2007), RGB as in ``resources/signals``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from models.hazard.level import Level

FAMILY = "Noto Sans CJK SC"
FONT_PACKAGE = "noto_cjk_sans_otc"
FONT_FILE = "NotoSansCJK-Regular.ttc"

# Type sizes in logical pixels.
KEY_PX = 11
SECOND_PX = 12
BODY_PX = 13
FIGURE_PX = 16
TITLE_PX = 18
CLOCK_PX = 21
BIG_PX = 28

# Measures in logical pixels; spacing goes in steps of 4.
STEP_PX = 4
EDGE_PX = 16
ROW_PX = 28
TWO_LINE_ROW_PX = 44
RADIUS_PX = 4
MARK_PX = 14


@dataclass(frozen=True, slots=True)
class LevelInk:
    """Fill of a level's surface and the text color that stands on it."""

    fill: str
    text: str


_LEVELS: Mapping[Level, LevelInk] = MappingProxyType(
    {
        Level.BLUE: LevelInk("#1E32CD", "#FFFFFF"),
        Level.YELLOW: LevelInk("#FAE600", "#000000"),
        Level.ORANGE: LevelInk("#F09614", "#000000"),
        Level.RED: LevelInk("#D7191C", "#FFFFFF"),
    }
)
WHITE_LEVEL = LevelInk("#FFFFFF", "#000000")


@dataclass(frozen=True, slots=True)
class Theme:
    """Tokens of one theme, as ``#RRGGBB``.

    ``paper`` is the ground behind everything, ``panel`` that of docks and cards,
    ``field`` of boxes one types into, ``tag`` the gray under what is stale or has
    changed, ``hover`` the ground under the hand, ``bar`` gray ink of bars and ticks,
    ``line`` hairlines, ``edge`` the border of buttons and fields, ``outline`` the
    2 px frame of what is selected.
    """

    name: str
    paper: str
    panel: str
    field: str
    tag: str
    hover: str
    line: str
    edge: str
    bar: str
    text: str
    quiet: str
    outline: str
    levels: Mapping[Level, LevelInk]

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    def color(self, token: str) -> QColor:
        """Return one token as a color: ``color("quiet")``."""
        return QColor(str(getattr(self, token)))

    def level_fill(self, level: Level) -> QColor:
        """Return a level's fill; the panel color for none and not judged."""
        ink = self.levels.get(level)
        return QColor(ink.fill if ink else self.panel)

    def level_text(self, level: Level) -> QColor:
        """Return the text color that stands on a level's fill."""
        ink = self.levels.get(level)
        return QColor(ink.text if ink else self.text)


LIGHT = Theme(
    name="light",
    paper="#F7F7F5",
    panel="#FFFFFF",
    field="#F7F7F5",
    tag="#EAEAE6",
    hover="#F3F3F0",
    line="#D9D9D6",
    edge="#C9C9C5",
    bar="#6B6B66",
    text="#1C1C1A",
    quiet="#6B6B66",
    outline="#1C1C1A",
    levels=_LEVELS,
)
DARK = Theme(
    name="dark",
    paper="#14161A",
    panel="#1C1F24",
    field="#14161A",
    tag="#2E3238",
    hover="#24282E",
    line="#2E3238",
    edge="#3D424A",
    bar="#9A9DA3",
    text="#ECECEA",
    quiet="#9A9DA3",
    outline="#FFFFFF",
    levels=_LEVELS,
)
THEMES: Mapping[str, Theme] = MappingProxyType({"light": LIGHT, "dark": DARK})

_current: Theme = LIGHT


def current() -> Theme:
    """Return the theme that was applied last; light before any."""
    return _current


def font_file() -> Path | None:
    """Return the Chinese font that came as a package, None if the package is absent."""
    spec = importlib.util.find_spec(FONT_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / FONT_FILE
    return file if file.exists() else None


def load_fonts() -> str:
    """Load the packaged font into the application and return the family in use.

    The system's own copy is taken when there is one; a system without any
    Chinese font gets the package's. Returns Qt's default family when neither is there.
    """
    if FAMILY not in QFontDatabase.families():
        file = font_file()
        if file is not None:
            QFontDatabase.addApplicationFont(str(file))
    return FAMILY if FAMILY in QFontDatabase.families() else QFontInfo(QFont()).family()


def font(size_px: int = BODY_PX, *, italic: bool = False) -> QFont:
    """Return the house font at a size, with figures of one width."""
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setItalic(italic)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def contrast(ink: QColor, ground: QColor) -> float:
    """Return the contrast ratio 1..21 of two opaque colors.

    Notes
    -----
    Source: W3C, Web Content Accessibility Guidelines 2.1, relative luminance and contrast ratio.
    """
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application a theme: font, palette, style sheet; everything repaints."""
    global _current  # noqa: PLW0603 - one look for the whole application
    _current = theme
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(font())
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    for widget in app.allWidgets():
        QWidget.update(widget)


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette in the theme's colors."""
    made = QPalette()
    role = QPalette.ColorRole
    for key, token in (
        (role.Window, "panel"),
        (role.WindowText, "text"),
        (role.Base, "panel"),
        (role.AlternateBase, "paper"),
        (role.Text, "text"),
        (role.PlaceholderText, "quiet"),
        (role.Button, "panel"),
        (role.ButtonText, "text"),
        (role.BrightText, "text"),
        (role.ToolTipBase, "panel"),
        (role.ToolTipText, "text"),
        (role.Highlight, "text"),
        (role.HighlightedText, "panel"),
        (role.Link, "text"),
        (role.LinkVisited, "text"),
        (role.Light, "line"),
        (role.Mid, "line"),
        (role.Dark, "edge"),
        (role.Accent, "text"),
    ):
        made.setColor(key, theme.color(token))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, theme.color("quiet"))
    return made


def style_sheet(theme: Theme) -> str:
    """Return the QSS for Qt's own widgets; the house's painted widgets need none."""
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.edge}; padding: 4px 8px; }}
    QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{
        color: {theme.text}; background: {theme.field}; border: 1px solid {theme.edge};
        border-radius: {RADIUS_PX}px; padding: 2px 8px;
        selection-background-color: {theme.text}; selection-color: {theme.panel};
    }}
    QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{
        border: 2px solid {theme.outline}; padding: 1px 7px;
    }}
    QPlainTextEdit:read-only, QTextEdit:read-only {{
        background: {theme.panel}; border: 1px solid {theme.panel}; padding: 2px 8px;
    }}
    QTextEdit[framed="true"] {{ border: 1px solid {theme.edge}; }}
    QComboBox {{ min-height: 22px; }}
    QComboBox::drop-down {{ border: 0; width: 20px; }}
    QComboBox QAbstractItemView {{
        background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.edge};
        selection-background-color: {theme.tag}; selection-color: {theme.text}; outline: 0;
    }}
    QAbstractScrollArea {{ border: 0; }}
    QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {theme.edge}; border-radius: 3px; min-height: 24px; margin: 0 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 8px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {theme.edge}; border-radius: 3px; min-width: 24px; margin: 2px 0; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QMenu {{ background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.edge}; padding: 4px 0; }}
    QMenu::item {{ padding: 4px 16px; }}
    QMenu::item:selected {{ background: {theme.tag}; }}
    """
