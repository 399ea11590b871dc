"""`cornavin evaluate`: how well questions are understood, as tables and pictures."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from base.errors import OperatorError
from base.paths import PROJECT
from base.settings import Settings
from bot.cli.training import ensure_trained

TRAINING = PROJECT / "data" / "nlu"
SPLIT = PROJECT / "tests" / "understanding"
JOB_SEARCHES = PROJECT / "tests" / "actions" / "job_search"
INCHES_A_TOPIC = 0.3


class EvaluationError(OperatorError):
    """Understanding cannot be measured here."""


def run(settings: Settings, folds: bool) -> None:
    """Prints the figures, and puts the pictures into `evaluation` in the data folder.

    Args:
        folds: Whether to judge the training examples by cross-validation too, which takes a minute or two.

    Raises:
        EvaluationError: When matplotlib or the test split is not there.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise EvaluationError(
            cause="matplotlib is not installed", remedy="run 'make lint' once, which sets up what developers need"
        ) from error
    matplotlib.use("Agg")
    if not SPLIT.is_dir():
        raise EvaluationError(cause=f"{SPLIT} is missing", remedy="evaluate from a checkout of the sources")
    console = Console()
    model = ensure_trained(settings)
    from bot.engine import evaluation
    from bot.program import load_dialogue

    for path in sorted(JOB_SEARCHES.glob("*.yml")):
        _print_fields(console, path)
    output = settings.data_dir / "evaluation"
    output.mkdir(parents=True, exist_ok=True)
    with console.status("Asking the test split …"):
        questions = evaluation.read(SPLIT.glob("*.yml"))
        report = asyncio.run(evaluation.evaluate(load_dialogue(model), questions))
    _print(console, "Test split, never trained on", report)
    _draw(report, output, "test_split")
    if folds:
        with console.status("Cross-validation …") as status:
            report = evaluation.cross_validate(
                evaluation.read(TRAINING.rglob("*.yml")),
                lambda done, count: status.update(f"Cross-validation: {done} of {count} folds …"),
            )
        _print(console, "Training examples, each judged by a model that has not seen it", report)
        _draw(report, output, "cross_validation")
    console.print(f"Pictures: {output}", highlight=False)


def _print(console: Console, title: str, report: Any) -> None:
    table = Table("topic", "questions", "recognised", "of those taken for it", "worst confusions", title=title)
    for topic in sorted(report.topics, key=report.recall):
        confusions = ", ".join(f"{other} ({count})" for other, count in report.confusions(topic)[:3])
        figures = (f"{report.count(topic)}", f"{report.recall(topic):.0%}", f"{report.precision(topic):.0%}")
        table.add_row(topic, *figures, confusions)
    console.print(table)
    for name, value in {
        "topics right": report.topics_right,
        "intents right": report.intents_right,
        "topic among the three likeliest": report.among_the_best,
        "out of scope recognised": report.out_of_scope_recognised,
        "in scope refused": report.in_scope_refused,
        "expected calibration error": report.calibration_error,
    }.items():
        console.print(f"{name:32} {value:.1%}", highlight=False)


def _print_fields(console: Console, path: Path) -> None:
    from bot.engine.extraction import examples, judge

    lines = examples(path)
    table = Table(
        "field", "said", "precision", "recall", title=f"Job searches as written: {path.stem}, {len(lines)} lines"
    )
    figures = judge(lines)
    for name, one in figures.items():
        table.add_row(name, f"{one.right + one.missed}", f"{one.precision:.1%}", f"{one.recall:.1%}")
    console.print(table)
    share = sum(one.right for one in figures.values()) / sum(
        one.right + max(one.invented, one.missed) for one in figures.values()
    )
    console.print(f"{'fields right':32} {share:.1%}", highlight=False)


def _draw(report: Any, folder: Path, name: str) -> None:
    from matplotlib.figure import Figure

    topics = list(report.topics)
    index = {topic: number for number, topic in enumerate(topics)}
    matrix = np.zeros((len(topics), len(topics)))
    for one in report.judged:
        if one.understood in index:
            matrix[index[one.expected], index[one.understood]] += 1
    side = max(6.0, INCHES_A_TOPIC * len(topics))
    figure = Figure(figsize=(side + 2, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(matrix > 0):
        share = matrix[row, column] / matrix[row].sum()
        colour = "white" if share > 0.5 else "black"
        axes.text(column, row, f"{matrix[row, column]:.0f}", ha="center", va="center", fontsize=6, color=colour)
    axes.set_xticks(range(len(topics)), topics, rotation=90, fontsize=7)
    axes.set_yticks(range(len(topics)), topics, fontsize=7)
    axes.set_xlabel("understood")
    axes.set_ylabel("meant")
    figure.savefig(folder / f"{name}_confusion.png", dpi=150)

    figure = Figure(figsize=(9, 4), layout="constrained")
    histogram, reliability = figure.subplots(1, 2)
    answered = [one for one in report.judged if one.understood]
    bins = np.linspace(0, 1, 21)
    histogram.hist(
        [[one.confidence for one in answered if one.right], [one.confidence for one in answered if not one.right]],
        bins=bins,
        stacked=True,
        label=["right", "wrong"],
        color=["tab:blue", "tab:red"],
    )
    histogram.set_xlabel("confidence")
    histogram.set_ylabel("questions")
    histogram.legend()
    filled = [(confidence, accuracy) for share, confidence, accuracy in report.reliability if share]
    reliability.plot([0, 1], [0, 1], color="grey", linestyle=":")
    reliability.plot(*zip(*filled, strict=True), marker="o")
    reliability.set_xlabel("mean confidence")
    reliability.set_ylabel("share of right intents")
    figure.savefig(folder / f"{name}_confidence.png", dpi=150)
