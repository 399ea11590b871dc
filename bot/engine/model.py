"""Training, and finding the model that belongs to the files as they are."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from base.errors import OperatorError
from base.paths import PROJECT
from base.settings import Settings

_ENGINE = PROJECT / "bot" / "engine"
_COMPONENTS = ("classifier.py", "entities.py", "text.py")


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
        os.environ["RASA_CACHE_DIRECTORY"] = folder
        from bot.engine.rasa_library import rasa

        result = rasa.model_training.train(
            domain=str(PROJECT / "domain.yml"),
            config=str(PROJECT / "config.yml"),
            training_files=[str(PROJECT / "data")],
            output=folder,
            fixed_model_name="model",
            force_training=True,
        )
        if result.model is None:
            raise TrainingFailed(
                cause="Rasa could not train a model", remedy="run 'cornavin rasa data validate' to see what is wrong"
            )
        os.replace(result.model, target)
    for other in target.parent.glob("*.tar.gz"):
        if other != target:
            other.unlink(missing_ok=True)
    return target
