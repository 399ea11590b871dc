"""Where the parts of a checkout are."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds `config.yml`, `domain.yml` and `data/`."""

LOCALES = PROJECT / "locales"
