"""What the builder decides for one version. The builder writes this file anew; here stands the plainest version."""

from __future__ import annotations

VERSION: str = "1.0.0"

COLUMN: str = "nama"
"""The column that holds who applies: `nama` until schema 2 renames it, `pemohon` from then on."""

FAULT: str = ""
"""What is wrong with it on purpose: `third`, `unwell`, `error-page`, `slow` (see `faults`), or nothing."""
