"""The datums that Chinese maps use: WGS 84 (and CGCS2000, equal here), GCJ-02 and BD-09."""

from __future__ import annotations
