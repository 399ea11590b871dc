"""Training from the command line."""

from __future__ import annotations

import contextlib
import io
import time
from pathlib import Path

from rich.console import Console

from base.settings import Settings

console = Console(stderr=True)


def train_with_progress(settings: Settings) -> Path:
    """Trains, and says what is going on; Rasa's own progress bars are kept to itself.

    Raises:
        TrainingFailed: When the files do not make a model.
    """
    begun = time.monotonic()
    console.print("Training the model: loading Rasa …")
    from bot.engine import model

    console.print("Training the model: learning from the examples …")
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        path = model.train(settings)
    console.print(f"The model is trained ({time.monotonic() - begun:.0f} s).", highlight=False)
    return path


def ensure_trained(settings: Settings) -> Path:
    """The model for the files as they are, trained now if it has not been."""
    from bot.engine.model import model_path

    path = model_path(settings)
    return path if path.exists() else train_with_progress(settings)
