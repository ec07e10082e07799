"""What the operator is told in the window: each thing once, the newest first."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QObject
from uuid6 import uuid7

from models.errors import ConsoleError
from widgets import words
from widgets.notice_bar import Notice, NoticeBar

_log = logging.getLogger(__name__)
KEPT = 20
SOUND = "sound"


class Notices(QObject):
    """Keeps what has been told and not been read yet."""

    def __init__(self, bar: NoticeBar) -> None:
        super().__init__()
        self._bar = bar
        self._kept: tuple[Notice, ...] = ()
        bar.dismissed.connect(self.take_back)

    @property
    def kept(self) -> tuple[Notice, ...]:
        """What stands there, the newest first."""
        return self._kept

    def tell(self, error: Exception, *, id: str = "") -> None:  # noqa: A002 (the word of `Notice`)
        """Tell what went wrong, what it means and what to do; the same sentence again only comes to the front.

        A notice with an ``id`` stands until that is taken back or read.
        """
        if not isinstance(error, ConsoleError):
            _log.error("a fault of ours", exc_info=error)
        self._show(Notice(id or str(uuid7()), words.error(error)))

    def offer(self, notice: Notice) -> None:
        """Tell what came of something, with an act that the operator may want."""
        self._show(notice)

    def note_sound(self, played: bool) -> None:
        """Tell once that a level-up made no sound."""
        if not played and not any(n.id == SOUND for n in self._kept):
            text = QCoreApplication.translate(
                "ConsoleViews", "A level went up without a sound: no player here. Watch the screen; see fengsui doctor."
            )
            self._show(Notice(SOUND, text))

    def take_back(self, notice_id: str) -> None:
        """Take a notice away that was read, or holds no longer."""
        self._put(tuple(n for n in self._kept if n.id != notice_id))

    def _show(self, notice: Notice) -> None:
        others = (n for n in self._kept if n.id != notice.id and n.what != notice.what)
        self._put((notice, *others)[:KEPT])

    def _put(self, notices: tuple[Notice, ...]) -> None:
        if notices != self._kept:
            self._kept = notices
            self._bar.show_notices(notices)
