"""The archive: a tar file with a manifest and a copy of the database, which says for itself whether it is whole."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.errors import OperatorError

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024
_CHUNK = 1024 * 1024

Engine = Literal["sqlite", "postgresql"]


class BackupUnusable(OperatorError):
    """An archive is not whole, or not for this program."""


class BackupFailed(OperatorError):
    """An archive cannot be made, or not be restored here."""


class Part(BaseModel):
    """A file of the archive.

    Args:
        name: Within it.
        size: In bytes.
        sha256: Of its content.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What an archive says of itself.

    Args:
        format: Of the archive; changes when a version can no longer read it.
        engine: What the database is a copy of.
        version: Of the engine: the major one of PostgreSQL.
        revision: Of the tables.
        made_at: When the copy was made; aware.
        secrets: Names of the keys of those secrets without which not everything in it can be read.
        database: The copy.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    engine: Engine
    version: int
    revision: str
    made_at: datetime
    secrets: tuple[str, ...]
    database: Part


def part_of(file: Path) -> Part:
    """A file as it will be named in the manifest."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Part(name=file.name, size=file.stat().st_size, sha256=digest)


def write(target: Path, manifest: Manifest, database: Path) -> None:
    """Writes an archive, readable by its owner only; it has its name once it is whole."""
    unfinished = database.with_name("archive.tar")
    with open(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123  # a Path opens with no mode
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            written = manifest.model_dump_json(indent=2).encode()
            archive.addfile(_entry(MANIFEST, len(written), manifest.made_at), io.BytesIO(written))
            with database.open("rb") as content:
                entry = _entry(manifest.database.name, manifest.database.size, manifest.made_at)
                archive.addfile(entry, content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)


def _entry(name: str, size: int, moment: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(moment.timestamp())
    return entry


@contextmanager
def opened(source: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """An archive and its manifest.

    Raises:
        BackupUnusable: When it is none, is cut off, or has a format that this version does not know.
    """
    try:
        file = source.open("rb")
    except OSError as error:
        raise BackupUnusable(f"{source} cannot be read ({error.strerror})", "name another file") from error
    with file:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                yield _manifest(source, archive), archive
        except tarfile.TarError as error:
            raise _damaged(source) from error


def _manifest(source: Path, archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        raise _damaged(source)
    written = _content(source, archive, first).read()
    try:
        return Manifest.model_validate_json(written)
    except ValidationError as error:
        if any(one["loc"] == ("format",) for one in error.errors()):
            raise BackupUnusable(f"{source} has a format that this version does not know", "use a newer one") from None
        raise _damaged(source) from None


def extract(source: Path, archive: tarfile.TarFile, part: Part, target: Path) -> None:
    """Writes a part of an archive to a new file, readable by its owner only.

    Raises:
        BackupUnusable: When it is not what the manifest says.
    """
    entry = archive.next()
    if entry is None or (entry.name, entry.size) != (part.name, part.size):
        raise _damaged(source)
    content, digest = _content(source, archive, entry), hashlib.sha256()
    with open(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123  # a Path opens with no mode
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != part.sha256:
        raise _damaged(source)


def _content(source: Path, archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry) if entry.isfile() else None
    if content is None:
        raise _damaged(source)
    return content


def _damaged(source: Path) -> BackupUnusable:
    return BackupUnusable(f"{source} is no backup, or damaged or cut off", "use another one; nothing was changed")
