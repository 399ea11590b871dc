"""`cornavin backup` and `cornavin restore`: the whole database in one file, and back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from babel.dates import format_datetime
from rich.console import Console

from base.settings import Settings
from bot.backup import making, restoring
from bot.backup.archive import Manifest

console = Console()


def back_up(settings: Settings, target: Path) -> None:
    """Makes a backup, and says what else must be kept to read it."""
    manifest = asyncio.run(making.make(settings, target))
    megabytes = target.stat().st_size / 1_000_000
    console.print(f"{target}: {megabytes:.1f} MB, {manifest.engine}, tables {manifest.revision}", highlight=False)
    if manifest.secrets:
        console.print(
            f"Files and submissions in it can be read with the secret {' and '.join(manifest.secrets)} only, "
            "which is not in it: keep it elsewhere.",
            highlight=False,
        )


def restore(settings: Settings, source: Path, *, replaces: bool, even_unreadable: bool) -> None:
    """Restores a backup."""
    manifest = asyncio.run(restoring.restore(settings, source, replaces=replaces, even_unreadable=even_unreadable))
    console.print(f"Restored as it was on {_written(manifest)}; the program can be started.", highlight=False)


def _written(manifest: Manifest) -> str:
    return format_datetime(manifest.made_at, "d MMMM y, HH:mm", locale="en")
