"""How much room the environment takes without the development tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from base.paths import PROJECT
from bench.report import Figure


def measure() -> list[Figure]:
    """Installs the environment into a temporary folder and weighs it; nothing when uv cannot be found."""
    uv = shutil.which("uv") or str(PROJECT / ".tools" / "bin" / "uv")
    if not Path(uv).exists():
        return []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": folder, "UV_LINK_MODE": "copy"}
        command = [uv, "sync", "--quiet", "--frozen", "--no-dev", "--compile-bytecode"]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
        size = sum(path.lstat().st_size for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
    return [Figure(".venv without development tools", size / 2**20, "MB", goal=700)]
