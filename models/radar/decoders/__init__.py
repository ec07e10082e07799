"""The open shelf of radar formats: one module per format, one line here.

A decoder module has ``NAME`` (as `radar info` prints it), ``recognizes(head,
size) -> bool`` and ``decode(data, name) -> Reading``. One that needs what lies beside
the file (a world file) has ``decode_path(path, data, name)`` too. To add a format, write
the module and add it to `DECODERS`; nothing else has to change.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from models.errors import DataError
from models.radar.decoders import (
    cc,
    cc2,
    cma_base,
    cma_phased,
    cma_product,
    fmi_pgm,
    geotiff,
    grib,
    hdf5,
    moc,
    netcdf,
    nexrad,
    picture,
    pup,
    sa_sb,
    sc_cd,
    swan,
    xad,
)
from models.radar.layouts.recognize import HEAD_BYTES, seems_to_be
from models.radar.layouts.unpack import load
from models.radar.product import Reading
from models.radar.register import Register, placed, shipped
from models.radar.volume import Volume


class Decoder(Protocol):
    """What a module on this shelf offers."""

    NAME: str

    def recognizes(self, head: bytes, size: int) -> bool:
        """Return whether the file is of this format, by its first bytes and its length."""
        ...

    def decode(self, data: bytes, name: str) -> Reading:
        """Return what the unpacked file holds; ``name`` is what errors call it."""
        ...


DECODERS: tuple[Decoder, ...] = (
    cma_base,
    cma_phased,
    cma_product,
    nexrad,
    hdf5,
    netcdf,
    grib,
    geotiff,
    fmi_pgm,
    sc_cd,
    cc,
    cc2,
    sa_sb,
    moc,
    swan,
    pup,
    xad,
    picture,
)


def read(path: Path, *, register: Register | None = None) -> Reading:
    """Return the volume or product in a radar file, whatever the file is called.

    bz2 and gzip are unpacked, the format is known by content. A volume that
    breaks off keeps its whole cuts, with ``error`` set. A file that does not say where its
    radar stands is placed by the register; where that does not know it, it has no place (NaN).

    Parameters
    ----------
    path : Path
        The file.
    register : Register, optional
        Where radars stand; without one, the register that ships.

    Raises
    ------
    DataError
        ``radar.*``: the file cannot be opened, is empty, too large or damaged,
        nothing in it is whole, or it is something else (``radar.other.*`` says
        what it seems to be).
    """
    data, cut = load(path)
    head = data[:HEAD_BYTES]
    for decoder in DECODERS:
        if decoder.recognizes(head, len(data)):
            break
    else:
        if cut is not None and not data:
            raise cut
        raise DataError(f"radar.other.{seems_to_be(head, len(data))}", file=path.name, byte=len(data))
    try:
        beside = getattr(decoder, "decode_path", None)
        reading = decoder.decode(data, path.name) if beside is None else beside(path, data, path.name)
    except DataError as error:
        raise (cut or error) from error
    if cut is not None and not isinstance(reading, Volume):
        raise cut
    reading = placed(reading, shipped() if register is None else register, path.name)
    return replace(reading, error=cut) if cut is not None and isinstance(reading, Volume) else reading
