"""The channel ``folder``: one JSON file per message in the outbox folder."""

from __future__ import annotations

import contextlib
import json
import os
import re
from datetime import UTC
from pathlib import Path

from models.errors import DeliveryError
from models.reach.outbox import OutboxMessage

NAME = "folder"
_SAFE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


class FolderChannel:
    """Writes ``<message id>.json``, whole or not at all; the same message again overwrites its own file.

    Parameters
    ----------
    outbox : Path
        The folder a gateway watches; files that begin with a dot are not done.
    """

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def send(self, message: OutboxMessage) -> None:
        """Write one message and see it to the disk.

        Raises
        ------
        DeliveryError
            ``delivery.folder`` with the cause: no such folder, not allowed, disk full.
        """
        if not _SAFE_ID.fullmatch(message.id):
            raise DeliveryError("delivery.bad_id", message=message.id)
        done = self._outbox / f"{message.id}.json"
        begun = self._outbox / f".{message.id}.{os.getpid()}.part"
        try:
            with begun.open("wb") as file:
                file.write(as_json(message))
                file.flush()
                os.fsync(file.fileno())
            begun.replace(done)
            _sync_folder(self._outbox)
        except OSError as cause:
            with contextlib.suppress(OSError):  # a folder that cannot be written cannot be tidied either
                begun.unlink(missing_ok=True)
            raise DeliveryError(
                "delivery.folder", folder=str(self._outbox), cause=cause.strerror or str(cause)
            ) from cause


def as_json(message: OutboxMessage) -> bytes:
    """Return the file's content in UTF-8."""
    content = {
        "message": message.id,
        "warning": message.warning_id,
        "channel": message.channel,
        "kind": message.kind,
        "recipient": message.recipient,
        "address": message.address,
        "body": message.body,
        "created_at": message.created_at.astimezone(UTC).isoformat(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such call for folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
