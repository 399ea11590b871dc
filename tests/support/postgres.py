"""A PostgreSQL server of the tests' own, on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

DEBIAN_BINARIES = Path("/usr/lib/postgresql")


def find_binaries() -> Path | None:
    """The folder that holds `initdb`, of the newest version there is; None without PostgreSQL."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    versions = sorted(DEBIAN_BINARIES.glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    return versions[-1].parent if versions else None


def _unprivileged() -> str | None:
    """The user to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """Starts a server, gives the address of an empty database, and stops the server and removes it at the end."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="cornavin-pg-"))
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=200"
    if user:
        shutil.chown(folder, user)

    def call(tool: str, *arguments: str) -> None:
        command = [str(binaries / tool), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder)

    try:
        call("initdb", "-D", str(data), "-U", "cornavin", "-A", "trust", "-E", "UTF8", "--no-sync")
        call("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql://cornavin@/postgres?host={quote(str(folder))}"
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
