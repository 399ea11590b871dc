"""Sets up the environment in `.venv`, with nothing but the standard library.

Brings uv by pip into `.tools` when it is not on the path, then installs exactly what uv.lock names. What can go wrong
is said in one line.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TOOLS = PROJECT / ".tools"
LEAST_SPACE = 1_500_000_000
"""Bytes for the environment, the downloads on the way and the model."""

REMEDIES = (
    (r"no space left", "no space left on the disk; free about 1.5 GB and run make again"),
    (
        r"dns error|failed to lookup|name or service not known|temporary failure in name|connection (refused|error)|"
        r"network is unreachable|error sending request|newconnectionerror|max retries exceeded|timed out|"
        r"could not connect|no matching distribution found for uv",
        "the package index cannot be reached; check the network or the proxy (HTTPS_PROXY) and run make again",
    ),
    (r"permission denied", "the checkout cannot be written; give yourself the right to and run make again"),
)
"""What a tool's output means, by what it says."""


def fail(message: str) -> None:
    sys.exit(f"cornavin: {message}")


def explain(output: str, step: str) -> str:
    for pattern, remedy in REMEDIES:
        if re.search(pattern, output, re.IGNORECASE):
            return remedy
    last = next((line.strip() for line in reversed(output.splitlines()) if line.strip()), "no output")
    return f"{step} failed ({last}); the lines above say more"


def run(command: list[str], step: str, *, quiet: bool = False) -> None:
    """Runs a command and shows its output as it comes; ends the program with one line when it fails."""
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if not quiet:
            print(f"  {line}", end="", flush=True)
    if process.wait():
        fail(explain("".join(lines), step))


def find_uv() -> str:
    """The uv on the path, or the one in the checkout, brought by pip if need be."""
    if found := shutil.which("uv"):
        return found
    own = TOOLS / "bin" / "uv"
    if not own.exists():
        print("Fetching uv, the installer …", flush=True)
        pip = [sys.executable, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
            fail("this Python has no pip, which brings the installer; install python3-pip, or uv, and run make again")
        options = ["--quiet", "--disable-pip-version-check", "--no-warn-script-location", "--root-user-action=ignore"]
        run([*pip, "install", *options, "--target", str(TOOLS), "uv"], "fetching uv", quiet=True)
    return str(own)


def main() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        fail(f"Python {sys.version.split()[0]} cannot run Cornavin; use Python 3.11 or 3.12")
    free = shutil.disk_usage(PROJECT).free
    if free < LEAST_SPACE and not (PROJECT / ".venv").exists():
        fail(f"only {free / 1e9:.1f} GB are free on the disk; free about 1.5 GB and run make again")
    uv = find_uv()
    print("Installing the environment in .venv …", flush=True)
    groups = ["--all-groups"] if "--dev" in sys.argv[1:] else ["--no-dev", "--inexact"]
    os.environ.pop("VIRTUAL_ENV", None)
    command = [uv, "sync", "--frozen", "--compile-bytecode", "--no-progress", "--python", sys.executable, *groups]
    run(command, "installing", quiet=False)


if __name__ == "__main__":
    main()
