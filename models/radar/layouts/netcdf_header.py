"""The header of classic netCDF: its conventions, and where the file must end.

The libraries fill up what is missing at the end of a cut file and say nothing, so the header
is read here. Big-endian: ``CDF 1|2|5 | records | dimensions | attributes | variables``.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

from models.errors import DataError

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
_CHARACTERS = 2
_MOST = 4096
_STREAMING = 0xFFFFFFFF


def check_whole(data: bytes, name: str) -> str:
    """Return the conventions a classic netCDF file names, after checking that all of it is there.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        What errors call it.

    Raises
    ------
    DataError
        ``radar.cut_off`` where it ends before its data do, ``radar.foreign_damaged`` where the
        header can't be followed.
    """
    header = _Header(data)
    try:
        header.read()
    except struct.error as error:
        raise DataError(
            "radar.cut_off", file=name, byte=len(data), expected=max(header.at + 8, len(data) + 1)
        ) from error
    except (KeyError, ValueError, OverflowError) as error:
        cause = f"byte {header.at}: {error}"
        raise DataError("radar.foreign_damaged", file=name, reader="netCDF", cause=cause[:200]) from error
    if header.end > len(data):
        raise DataError("radar.cut_off", file=name, byte=len(data), expected=header.end)
    return header.conventions


@dataclass(slots=True)
class _Header:
    """A walk through the header."""

    data: bytes
    at: int = 4
    end: int = 0
    conventions: str = ""

    def read(self) -> None:
        wide = self.data[3] == 5
        records = self._count(wide)
        sizes = []
        for _ in range(self._list(10, wide)):
            self._name(wide)
            sizes.append(self._count(wide))
        self.conventions = self._attributes(wide)
        record_bytes, starts = 0, []
        for _ in range(self._list(11, wide)):
            self._name(wide)
            dimensions = [self._count(wide) for _ in range(self._bounded(wide))]
            self._attributes(wide)
            (kind,) = self._take(">I")
            self._count(wide)  # vsize, which overflows in large files and is worked out instead
            (begin,) = self._take(">I" if self.data[3] == 1 else ">Q")
            shape = [sizes[dimension] for dimension in dimensions if dimension < len(sizes)]
            if len(shape) != len(dimensions):
                raise ValueError("a dimension that is not there")
            if shape and shape[0] == 0:
                one = math.prod(shape[1:]) * _SIZES[kind]
                starts.append((begin, one))
                record_bytes += -(-one // 4) * 4
            else:
                self.end = max(self.end, begin + math.prod(shape) * _SIZES[kind])
        if starts and records not in {0, _STREAMING, 2**64 - 1}:
            step = starts[0][1] if len(starts) == 1 else record_bytes
            self.end = max(self.end, *(begin + (records - 1) * step + one for begin, one in starts))

    def _take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def _count(self, wide: bool) -> int:
        return int(self._take(">Q" if wide else ">I")[0])

    def _bounded(self, wide: bool) -> int:
        count = self._count(wide)
        if count > _MOST:
            raise ValueError(f"{count} entries")
        return count

    def _list(self, tag: int, wide: bool) -> int:
        (found,) = self._take(">I")
        if found not in {0, tag}:
            raise ValueError(f"a list marked {found}, not {tag}")
        return self._bounded(wide)

    def _name(self, wide: bool) -> str:
        length = self._bounded(wide)
        text = self.data[self.at : self.at + length].decode("utf-8", "replace")
        self.at += -(-length // 4) * 4
        return text

    def _attributes(self, wide: bool) -> str:
        """Walk a list of attributes; return the conventions if they are among them."""
        conventions = ""
        for _ in range(self._list(12, wide)):
            key = self._name(wide)
            (kind,) = self._take(">I")
            length = self._count(wide) * _SIZES[kind]
            if length > len(self.data) - self.at:
                raise struct.error(f"an attribute of {length} bytes")
            if key.lower() in {"conventions", "sub_conventions"} and kind == _CHARACTERS:
                conventions += " " + self.data[self.at : self.at + length].decode("utf-8", "replace")
            self.at += -(-length // 4) * 4
        return conventions.strip()
