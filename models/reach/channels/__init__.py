"""The shelf of channels: one file each, and one line in `CHANNELS`.

A channel takes one message and either has handed it over when it returns, or
says why not. It may be asked twice for one message, after a kill between the
handing over and the note of it: the message's id lets the receiver drop the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from models.errors import DeliveryError
from models.reach.channels import folder
from models.reach.outbox import OutboxMessage


class Channel(Protocol):
    """One way out."""

    def send(self, message: OutboxMessage) -> None:
        """Hand a message over.

        Raises
        ------
        DeliveryError
            If it could not be handed over; it may be tried again.
        """


CHANNELS: Mapping[str, Callable[[Path], Channel]] = {
    folder.NAME: folder.FolderChannel,
}


def open_channel(name: str, outbox: Path) -> Channel:
    """Return a channel of the shelf for an office's outbox folder.

    Raises
    ------
    DeliveryError
        ``delivery.no_channel`` if the shelf has none of that name.
    """
    make = CHANNELS.get(name)
    if make is None:
        raise DeliveryError("delivery.no_channel", channel=name, known=", ".join(CHANNELS))
    return make(outbox)


__all__ = ["CHANNELS", "Channel", "open_channel"]
