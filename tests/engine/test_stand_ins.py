"""Modules that are stood in for cannot be used by mistake, and the model can be loaded by another process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from base import stand_ins
from base.paths import PROJECT
from base.settings import Settings
from base.stand_ins import StandInUsed
from bot.engine import rasa_library
from bot.engine.failures import TurnFailed
from bot.engine.model import train
from bot.program import load_dialogue


def in_a_fresh_process(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_using_a_stand_in_that_rasa_kept_names_the_module() -> None:
    import rasa.nlu.classifiers.diet_classifier as diet

    with pytest.raises(StandInUsed, match=r"tensorflow\.constant was used"):
        diet.tf.constant(1)


def test_importing_a_module_that_is_stood_in_for_names_it() -> None:
    with pytest.raises(StandInUsed, match="confluent_kafka was used"):
        import confluent_kafka  # type: ignore[import-not-found]  # noqa: F401


def test_code_that_can_do_without_a_module_finds_it_missing() -> None:
    assert issubclass(StandInUsed, ModuleNotFoundError)
    assert "tensorflow" not in sys.modules


def test_making_an_object_of_a_hollow_class_names_the_module() -> None:
    from rasa.utils.tensorflow.data_generator import RasaDataGenerator

    with pytest.raises(StandInUsed, match="tensorflow"):
        RasaDataGenerator(None, 1)


@pytest.mark.filterwarnings("default")  # of Rasa's own components, which the project does not use
def test_training_with_a_component_that_needs_tensorflow_names_it(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "data").mkdir(parents=True)
    (project / "config.yml").write_text(
        yaml.safe_dump(
            {
                "recipe": "default.v1",
                "language": "fr",
                "assistant_id": "test",
                "pipeline": [
                    {"name": "WhitespaceTokenizer"},
                    {"name": "CountVectorsFeaturizer"},
                    {"name": "DIETClassifier"},
                ],
                "policies": [{"name": "RulePolicy"}],
            }
        )
    )
    (project / "domain.yml").write_text('version: "3.1"\nintents: [a, b]\nresponses: {utter_a: [{text: A}]}\n')
    (project / "data" / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - un\n    - deux\n- intent: b\n  examples: |\n    - trois\n    - quatre\n'
        "rules:\n- rule: r\n  steps:\n  - intent: a\n  - action: utter_a\n"
    )
    output = tmp_path / "models"
    output.mkdir()
    with pytest.raises(StandInUsed, match="does not install 'keras'"):
        rasa_library.train(project, output)


@pytest.mark.long
def test_trained_model_replaces_the_old_one_and_answers_in_a_fresh_process(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.models_dir.mkdir()
    (settings.models_dir / "0000.tar.gz").write_bytes(b"old")
    path = train(settings)
    assert [entry.name for entry in settings.models_dir.iterdir()] == [path.name]
    code = f"""
import asyncio
from pathlib import Path
from bot.program import load_dialogue
dialogue = load_dialogue(Path({str(path)!r}))
print(asyncio.run(dialogue.understand("où est mon numéro personnel")).parsed["response_selector"]["faq"]["response"]["utter_action"])
"""
    result = in_a_fresh_process(code)
    assert result.stdout.strip() == "utter_faq/personal_number_where", result.stderr


async def test_answering_with_what_needs_tensorflow_fails_the_turn_and_names_it(model: Path) -> None:
    import rasa.nlu.classifiers.diet_classifier as diet

    dialogue = load_dialogue(model)
    dialogue._processor.graph_runner._instantiated_nodes["run_bot.engine.classifier.LinearIntentClassifier0"]._fn = (
        lambda *_args, **_kwargs: diet.tf.constant(1)
    )
    with pytest.raises(TurnFailed) as failure:
        await dialogue.say("nobody", "bonjour", "fr")
    with pytest.raises(StandInUsed, match=r"tensorflow\.constant"), stand_ins.named():
        raise failure.value.__cause__ or AssertionError
