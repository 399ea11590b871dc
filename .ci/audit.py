"""Asks OSV, the database of known vulnerabilities, about everything that uv.lock names.

What is accepted stands in docs/security.md, in the table below «Accepted findings», with the reason; there and nowhere
else. A finding that does not stand there fails. A service that does not answer fails nothing, and is said.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).resolve().parent.parent
SERVICE = "https://api.osv.dev"
ACCEPTED = PROJECT / "docs" / "security.md"
HEADING = "### Accepted findings"
SECONDS = 20.0


def locked() -> list[dict[str, Any]]:
    """The packages from the index, as the service is asked about them."""
    packages = tomllib.loads((PROJECT / "uv.lock").read_text())["package"]
    return [
        {"package": {"name": package["name"], "ecosystem": "PyPI"}, "version": package["version"]}
        for package in packages
        if "registry" in package["source"]
    ]


def accepted(file: Path) -> frozenset[str]:
    """The advisories of the table: the first column of its rows."""
    section = re.split(r"^#+ ", file.read_text().partition(HEADING)[2], maxsplit=1, flags=re.MULTILINE)[0]
    return frozenset(re.findall(r"^\| ([A-Z][A-Z0-9]+-[\w-]+) \|", section, flags=re.MULTILINE))


def findings(service: str) -> dict[str, tuple[dict[str, Any], str]]:
    """What is known, by advisory: its text, and the package with its version.

    Raises:
        httpx.HTTPError: When the service does not answer.
        ValueError: When what it answers is not an answer.
    """
    asked = locked()
    with httpx.Client(base_url=service, timeout=SECONDS) as client:
        answer = client.post("/v1/querybatch", json={"queries": asked}).raise_for_status().json()
        if not isinstance(answer, dict) or len(answer.get("results", ())) != len(asked):
            raise ValueError("not one result for each package")
        found = {
            one["id"]: f"{query['package']['name']} {query['version']}"
            for query, result in zip(asked, answer["results"], strict=True)
            for one in result.get("vulns", ())
        }
        texts = {name: client.get(f"/v1/vulns/{name}").raise_for_status().json() for name in found}
    return {name: (texts[name], found[name]) for name in found if "withdrawn" not in texts[name]}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--service", default=SERVICE)
    options.add_argument("--accepted", type=Path, default=ACCEPTED)
    given = options.parse_args()
    try:
        known = findings(given.service)
    except (httpx.HTTPError, ValueError) as error:
        print(
            f"Audit: NOT DONE, {given.service} gives no answer ({type(error).__name__}). Nothing is known either way."
        )
        return 0
    reasons = accepted(given.accepted)
    named = {name: {name, *text.get("aliases", ())} for name, (text, _) in known.items()}
    new = [name for name in known if not named[name] & reasons]
    for name in new:
        text, package = known[name]
        print(f"Audit: {package} has {name}: {text.get('summary') or 'see https://osv.dev/' + name}", file=sys.stderr)
    for name in sorted(reasons - set().union(*named.values())):
        print(f"Audit: {name} is not found any more; take it out of docs/security.md.")
    if new:
        print("Raise the version, or say in docs/security.md why it cannot be reached here.", file=sys.stderr)
        return 1
    print(f"Audit: {len(locked())} packages, {len(known)} known vulnerabilities, none of them new.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
