"""The same figures of stock Rasa, where one is installed.

Name its Python in `CORNAVIN_STOCK_RASA`, for example of a Python 3.10 environment with `rasa==3.6.21`. It trains its
default pipeline (DIET and a response selector) on the same examples and answers the same question.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from base.paths import PROJECT
from bench.report import Figure

VARIABLE = "CORNAVIN_STOCK_RASA"

CONFIG = """
recipe: default.v1
language: fr
assistant_id: stock
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: 100
    constrain_similarities: true
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: 100
  - name: TEDPolicy
    max_history: 5
    epochs: 100
    constrain_similarities: true
"""

SCRIPT = """
import asyncio, json, resource, statistics, sys, time
begun = time.perf_counter()
from rasa.core.agent import Agent
agent = Agent.load(sys.argv[1])
async def main():
    await agent.handle_text("où trouver mon numéro personnel svp", sender_id="a")
    start = time.perf_counter() - begun
    times = []
    for number in range(310):
        turn = time.perf_counter()
        await agent.handle_text("où trouver mon numéro personnel svp", sender_id="b")
        times.append(time.perf_counter() - turn)
    print(json.dumps({
        "trained start to first answer": start,
        "memory of the process, after the load": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "FAQ turn with database, median": statistics.median(times[:20]) * 1000,
        "turn 300 of a conversation against turn 10": statistics.median(times[295:306]) / statistics.median(times[5:16]),
    }))
asyncio.run(main())
"""


def beside(figures: list[Figure]) -> list[Figure]:
    """The figures with those of stock Rasa beside them; unchanged when none is installed."""
    python = os.environ.get(VARIABLE)
    if not python:
        return figures
    found = _measure(Path(python))
    return [replace(figure, stock=found.get(figure.name)) for figure in figures]


def _measure(python: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(PROJECT / "data", project / "data")
        shutil.copy(PROJECT / "domain.yml", project)
        (project / "config.yml").write_text(CONFIG, encoding="utf-8")
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        train = [str(python), "-m", "rasa", "train", "--fixed-model-name", "stock"]
        subprocess.run(train, cwd=project, env=environment, check=True, capture_output=True)
        ask = [str(python), "-W", "ignore", "-c", SCRIPT, str(project / "models" / "stock.tar.gz")]
        result = subprocess.run(ask, cwd=project, env=environment, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    size = sum(
        path.lstat().st_size for path in python.parent.parent.rglob("*") if path.is_file() and not path.is_symlink()
    )
    return {**measured, ".venv without development tools": size / 2**20}
