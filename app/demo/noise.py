"""Smooth noise from a seed: a periodic table of many octaves, read between its cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """A periodic noise field; ``table`` (n, n), n a power of two, float32 of mean 0 and deviation 1, ``cell_km`` apart."""

    table: NDArray[np.float32]
    cell_km: float

    @classmethod
    def from_seed(cls, seed: int, *, cells: int, cell_km: float, longest_km: float, slope: float) -> Noise:
        """Return noise whose amplitude falls as wavelength to the power ``slope``.

        Waves longer than ``longest_km`` are left out. Drawn in the Fourier
        plane, so that opposite edges meet.
        """
        rng = np.random.default_rng(seed)
        white = np.fft.rfft2(rng.standard_normal((cells, cells)))
        frequency = np.hypot(np.fft.fftfreq(cells, cell_km)[:, None], np.fft.rfftfreq(cells, cell_km)[None, :])
        lowest = 1.0 / longest_km
        weight = np.where(frequency >= lowest * 0.5, np.maximum(frequency, lowest) ** -(slope + 1.0), 0.0)
        weight[0, 0] = 0.0
        field = np.fft.irfft2(white * weight, s=(cells, cells))
        return cls((field / field.std()).astype(np.float32), cell_km)

    def at(self, east_km: ArrayLike, north_km: ArrayLike) -> NDArray[np.float32]:
        """Return the noise at places, float32 in their shape; linear between cells."""
        u = np.asarray(east_km, np.float64) / self.cell_km
        v = np.asarray(north_km, np.float64) / self.cell_km
        column, row = np.floor(u), np.floor(v)
        fu, fv = (u - column).astype(np.float32), (v - row).astype(np.float32)
        cells = self.table.shape[0]
        around = cells - 1  # a power of two less one: the cell beyond the edge is the first
        c0, r0 = column.astype(np.int32) & around, row.astype(np.int32) & around
        c1 = (c0 + 1) & around
        top, bottom = r0 * cells, ((r0 + 1) & around) * cells
        flat, rest = self.table.ravel(), 1 - fu
        upper = flat[top + c0] * rest + flat[top + c1] * fu
        lower = flat[bottom + c0] * rest + flat[bottom + c1] * fu
        return np.asarray(upper * (1 - fv) + lower * fv, np.float32)
