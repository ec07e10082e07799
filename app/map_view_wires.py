"""Wires of what stands beside the map: cards and their links, the layer panel, saved views, printing."""

from __future__ import annotations

from app.card_views import CardViews
from app.console_views import ConsoleViews
from app.desks import Desks
from app.notices import Notices
from app.rooms import Rooms


def wire_cards(desks: Desks, rooms: Rooms, views: ConsoleViews, notices: Notices) -> CardViews:
    """Wire the cards of points and records; the answer is to be kept as long as the window."""
    cards = CardViews(desks, rooms, views, notices)
    views.point_selected.connect(cards.show_point)
    desks.map.drawings_changed.connect(lambda _: cards.warm())
    desks.alarms.verdicts_changed.connect(lambda _: views.soon.call(cards.refresh))
    desks.warnings.warnings_changed.connect(lambda *_: views.soon.call(cards.refresh))
    rooms.point_card.link_requested.connect(cards.follow)
    cards.record_card.link_requested.connect(cards.follow)
    cards.record_card.part_clicked.connect(cards.close_record)
    return cards
