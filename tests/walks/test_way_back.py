"""Going away from a draft that waits for its signature, and coming back, at a narrow desk."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.office import Office
from tests.walks.duty import on_duty


def test_a_submitted_draft_is_found_again_and_a_second_one_is_refused_where_one_looks(morning: Office) -> None:
    with on_duty(morning) as duty:
        rooms = duty.rooms
        rooms.window.resize(1366, 768)
        duty.begin_from_alarm()
        duty.submit()
        assert rooms.sign.isVisible()
        duty.desk.press(Qt.Key.Key_F1)
        assert rooms.alarms.list.hasFocus()
        duty.desk.press(Qt.Key.Key_D)
        duty.desk.until(lambda: duty.console.notices.kept)
        assert not rooms.sign.isVisible()
        duty.desk.press(Qt.Key.Key_F2)
        assert rooms.sign.isVisible()
        assert rooms.sign.pin.hasFocus(), "the second person goes on where it was left"
        duty.sign()
        duty.issue()
