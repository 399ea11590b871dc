"""Rasa, imported as a library: the one module that decides how, imported before anything else of Rasa.

Telemetry stays off, modules that are not installed are stood in for, and a few functions of Rasa's are replaced, each
with its reason.
"""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import structlog

from actions import rasa_sdk
from base import logs, stand_ins

os.environ["RASA_TELEMETRY_ENABLED"] = "false"

if not structlog.is_configured():
    # Rasa logs whole conversations at debug level, to standard output unless told otherwise.
    logs.configure()

with warnings.catch_warnings():
    # At import Rasa uses pkg_resources and 1.4 idioms of SQLAlchemy, in modules that Cornavin does not use.
    warnings.simplefilter("ignore")
    with stand_ins.installed():
        import rasa.core.actions.action
        import rasa.core.agent
        import rasa.core.processor
        import rasa.engine.recipes.default_components
        import rasa.engine.runner.dask
        import rasa.model_training
        from rasa.engine.storage import local_model_storage
        from rasa.shared.core.domain import Domain
        from rasa.shared.nlu.training_data import loading, training_data
        from rasa.shared.nlu.training_data.message import Message
        from rasa.shared.utils import validation

from bot.engine.graph_runner import DirectGraphRunner

__all__ = ["rasa", "rasa_sdk"]

NOTICES = (
    # Said of every domain that has slots.
    "Slot auto-fill has been removed",
    # Rasa itself adds retrieval intents to the domain a second time.
    "The following duplicated intents have been found across multiple domain files",
    # Our one component does the work of these, and Rasa knows only its own by name.
    "You have defined training data with examples for training a response selector",
    "You have defined training data with regexes",
)
"""Beginnings of warnings of Rasa's that say nothing about our files."""

for notice in NOTICES:
    warnings.filterwarnings("ignore", message=notice, category=UserWarning)

# Rasa validates every result of an action with jsonschema, 24 ms of a 28 ms turn. Results of our own process are
# built by rasa-sdk's typed helpers and need no second check.
rasa.core.actions.action.RemoteAction._validate_action_result = staticmethod(lambda _result: True)

rasa.core.processor.DaskGraphRunner = DirectGraphRunner

# Rasa copies deeply what it is about to log, whether or not it is logged; here it never is.
rasa.core.processor.copy = SimpleNamespace(deepcopy=lambda value: value)

# Rasa makes an empty domain for each message to see whether its own is one, and then compares names that come from the
# same training; tests/engine/test_content.py compares them once.
rasa.core.processor.MessageProcessor._check_for_unseen_features = lambda _processor, _parsed: None


# Training merges data sets a dozen times. Rasa copies every example each time, though nothing changes one, and hashes
# each by a fingerprint of all its parts.
training_data.copy = SimpleNamespace(deepcopy=lambda value: value.copy())
Message.__hash__ = lambda message: hash((message.data.get("text"), str(message.data.get("intent"))))


class _QuickArchive(local_model_storage.TarSafe):  # type: ignore[misc]  # Rasa ships no types
    """Compresses a model in a tenth of the time; it gets larger by a tenth."""

    @classmethod
    def gzopen(cls, *args: Any, compresslevel: int = 1, **options: Any) -> Any:
        return super().gzopen(*args, compresslevel=compresslevel, **options)


local_model_storage.TarSafe = _QuickArchive


def train(project: Path, output: Path) -> Path | None:
    """Trains a model from a standard Rasa project.

    Args:
        project: Holds `config.yml`, `domain.yml` and `data/`.
        output: Folder for the model and for what training keeps on the way.

    Returns:
        The model's file, or None when Rasa could not train one.

    Raises:
        StandInUsed: When the pipeline or a policy needs a module that is not installed.
    """
    os.environ["RASA_CACHE_DIRECTORY"] = str(output)
    with stand_ins.named(), _each_file_read_once():
        result = rasa.model_training.train(
            domain=str(project / "domain.yml"),
            config=str(project / "config.yml"),
            training_files=[str(project / "data")],
            output=str(output),
            fixed_model_name="model",
            force_training=True,
        )
    return Path(result.model) if result.model else None


@contextlib.contextmanager
def _each_file_read_once() -> Iterator[None]:
    """Rasa reads and checks every file for each of its importers; what it read is changed by none of them."""
    read = loading.load_data
    known: dict[str, Any] = {}

    def load_data(path: str, language: str | None = "en") -> Any:
        if path not in known:
            known[path] = read(path, language)
        return known[path]

    loading.load_data = load_data
    try:
        yield
    finally:
        loading.load_data = read


@contextlib.contextmanager
def trusting_what_was_trained() -> Iterator[None]:
    """Lets a model load without Rasa checking its domain against a schema again and reading it three times for that."""
    check, read = validation.validate_yaml_schema, Domain.from_directory
    validation.validate_yaml_schema = lambda _content, _schema, *_more: None
    Domain.from_directory = lambda folder: Domain.from_file(str(Path(folder) / "domain.yml"))
    try:
        yield
    finally:
        validation.validate_yaml_schema, Domain.from_directory = check, read


def command_line(words: Sequence[str]) -> None:
    """Runs Rasa's own command line, which ends the program.

    Raises:
        StandInUsed: When the command turns out to need a module that is not installed.
    """
    with stand_ins.installed():
        import rasa.__main__
    rasa.__main__.configure_structlog = lambda _level: None  # wants Sentry; logging is set up already
    logging.getLogger("rasa").setLevel(logging.INFO)
    sys.argv = ["rasa", *words]
    with stand_ins.named():
        rasa.__main__.main()
