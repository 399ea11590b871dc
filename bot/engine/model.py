"""Training, and finding the model that belongs to the files as they are."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from base.errors import OperatorError
from base.paths import PROJECT
from base.settings import Settings
from bot.engine import rasa_library

_ENGINE = PROJECT / "bot" / "engine"
_COMPONENTS = ("classifier.py", "linear_model.py", "entities.py", "text.py")


class TrainingFailed(OperatorError):
    """Rasa could not train a model from the files."""


def training_files(project: Path = PROJECT) -> Iterator[Path]:
    """Everything that a model depends on."""
    yield from (project / "config.yml", project / "domain.yml")
    yield from sorted((project / "data").rglob("*.yml"))
    yield from (_ENGINE / name for name in _COMPONENTS)


def model_path(settings: Settings) -> Path:
    """Where the model for the files as they are belongs, whether or not it has been trained."""
    digest = hashlib.sha256()
    for path in training_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return settings.models_dir / f"{digest.hexdigest()[:16]}.tar.gz"


def train(settings: Settings) -> Path:
    """Trains a model and puts it in its place; the previous ones are removed.

    Raises:
        TrainingFailed: When the files do not make a model.
    """
    target = model_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        trained = rasa_library.train(PROJECT, Path(folder))
        if trained is None:
            raise TrainingFailed(
                cause="Rasa could not train a model", remedy="run 'cornavin rasa data validate' to see what is wrong"
            )
        trained.replace(target)
    for other in target.parent.glob("*.tar.gz"):
        if other != target:
            other.unlink(missing_ok=True)
    return target
