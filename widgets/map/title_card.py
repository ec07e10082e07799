"""What field lies on the map: its name, its radars, its time and its age."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtWidgets import QWidget

from models.radar.called import called
from models.radar.mosaic import Mosaic
from widgets import pieces, radar_words, words
from widgets import theme as look
from widgets.map.card import PAD_PX, MapCard
from widgets.pieces import Piece, Run

_HEIGHT_PX = 31.0
_LINE_PX = 20.0
_STALE_STEPS = 2
_WORTH_KM2 = 10.0
_WORTH_CUTTING_PX = 72.0  # of a shorter fact nothing would be left to read


class TitleCard(MapCard):
    """Name of the field, then facts in quiet text; an age that is too old stands on a gray tag."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._note = ""
        self._said: tuple[tuple[Run, ...], str] = (), ""
        self.show_mosaic(None, None)

    def show_mosaic(
        self,
        mosaic: Mosaic | None,
        now: datetime | None,
        *,
        back: bool = False,
        sides: tuple[str, ...] = (),
    ) -> None:
        """Show which radars stand in a mosaic and how old it is at ``now``; None says that there is none.

        ``back`` says that it is an older frame than the newest: what else is on the screen is of now.
        ``sides`` name its age, beam height and so on where only these are shown, not its value.
        """
        title = _first_of(sides) or self.tr("Radar mosaic")
        if mosaic is None or now is None:
            self._show(title, (self.tr("no data yet"),), None)
            return
        facts = [radar_words.quantity(mosaic.quantity), self.tr("{n} radars").format(n=len(mosaic.sources))]
        if len(mosaic.sources) == 1:
            facts[1] = called(mosaic.sources[0].name, mosaic.sources[0].code, brief=True)
        if sides:
            del facts[0]
        if mosaic.absent:
            names = self.tr(", ").join(called(a.source.name, a.source.code, brief=True) for a in mosaic.absent)
            hidden = sum(absent.hides_km2 for absent in mosaic.absent)
            text = self.tr("without {names}").format(names=names)
            if hidden >= _WORTH_KM2:
                text = self.tr("without {names}, {km2} km² unseen").format(names=names, km2=f"{hidden:.0f}")
            facts.append(text)
        step = max((source.step for source in mosaic.sources), default=timedelta(minutes=6))
        mark, moment = self.tr("looking back") if back else "", words.moment(mosaic.at, now)
        self._show(title, tuple(facts), now - mosaic.at, moment=moment, stale_after=_STALE_STEPS * step, mark=mark)

    def show_hidden(self) -> None:
        """Say that the field is switched off: a time of what nobody sees would be taken for that of the map."""
        self._note = ""
        self._show(self.tr("Radar mosaic"), (self.tr("not shown"),), None)

    def show_sweep(
        self, radar: str, moment: str, elevation_deg: float, at: datetime, now: datetime, *, step: timedelta
    ) -> None:
        """Show one sweep of one radar, which speaks every ``step``, under its own time."""
        elevation = self.tr("elevation {deg}°").format(deg=f"{elevation_deg:.1f}")
        facts = radar_words.moment(moment), elevation
        self._show(radar, facts, now - at, moment=words.moment(at, now), stale_after=_STALE_STEPS * step)

    def show_map(self, title: str, office: str, note: str, *, exercise: bool) -> None:
        """Show what a picture of the map is, whose and of when; one of an exercise says so."""
        self._note = note
        self._show(title, (office,), None, mark=self.tr("Exercise") if exercise else "")

    @property
    def note(self) -> str:
        """The lines under the title, empty if there are none."""
        return self._note

    def show_note(self, note: str) -> None:
        """Say under the title what is to be known about the field, such as that it reads too high, line by line."""
        self._note = note
        self._mend()

    def _show(
        self,
        title: str,
        facts: tuple[str, ...],
        age: timedelta | None,
        *,
        moment: str = "",
        stale_after: timedelta | None = None,
        mark: str = "",
    ) -> None:
        """Say it in one line; where there is little room, long facts give way and the time does not."""
        runs = [Run(title, gap_px=6)]
        if mark:
            runs.append(Run(mark, tag=True, gap_px=10))
        long = {fact: pieces.width_of(fact) > _WORTH_CUTTING_PX for fact in facts}
        runs += [Run(fact, tone="quiet", elide=long[fact], gap_px=12) for fact in facts]
        runs.append(Run(moment, tone="quiet", gap_px=12))
        if age is not None:
            stale = stale_after is not None and age > stale_after
            runs.append(Run(words.age(age), tone="text" if stale else "quiet", tag=stale))
        self._runs = tuple(runs)
        self._mend()

    def _mend(self) -> None:
        """Be painted anew if something else is said: each second asks."""
        said = self._runs, self._note
        if said != self._said:
            self._said = said
            self.changed()

    def size_needed(self) -> tuple[float, float]:
        """Return the card's size."""
        wide = pieces.total_width(self._runs)
        lines = self._note.splitlines()
        wide = max([wide, *(pieces.width_of(line, look.SECOND_PX) for line in lines)])
        return wide + 2 * PAD_PX + 2, _HEIGHT_PX + _LINE_PX * len(lines)

    def content(self) -> list[Piece]:
        """Return the one line, and the note under it."""
        right = self.width() - PAD_PX + 1
        laid: list[Piece] = list(pieces.line(PAD_PX, right, 20.5, self._runs))
        for number, text in enumerate(self._note.splitlines(), 1):
            laid += pieces.line(PAD_PX, right, 20.5 + number * _LINE_PX, [Run(text, look.SECOND_PX)])
        return laid


def _first_of(names: tuple[str, ...]) -> str:
    """Return the first of several names, and how many they are."""
    return "".join(names[:1]) if len(names) < 2 else f"{names[0]} … ({len(names)})"
