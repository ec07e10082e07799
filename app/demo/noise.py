"""Smooth noise from a seed: a periodic table of many octaves, read between its cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """A periodic noise field; ``table`` (n, n) float32 of mean 0 and deviation 1, ``cell_km`` apart."""

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
        n = self.table.shape[0]
        u = np.asarray(east_km, np.float64) / self.cell_km
        v = np.asarray(north_km, np.float64) / self.cell_km
        column, row = np.floor(u), np.floor(v)
        fu, fv = (u - column).astype(np.float32), (v - row).astype(np.float32)
        c0, r0 = column.astype(np.int64) % n, row.astype(np.int64) % n
        c1, r1 = (c0 + 1) % n, (r0 + 1) % n
        flat = self.table.ravel()
        upper = flat[r0 * n + c0] * (1 - fu) + flat[r0 * n + c1] * fu
        lower = flat[r1 * n + c0] * (1 - fu) + flat[r1 * n + c1] * fu
        return np.asarray(upper * (1 - fv) + lower * fv, np.float32)
