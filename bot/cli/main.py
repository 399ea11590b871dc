"""`cornavin`: every command, and how an error reaches the person at the terminal."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from base import clock, logs
from base.errors import OperatorError
from base.settings import Settings
from law.deadlines import Act, Benefit, Delivery

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
errors = Console(stderr=True)


def load_settings() -> Settings:
    """The settings, with logging and the program's clock set up as they say.

    Raises:
        SettingError: When one is wrong.
    """
    settings = Settings.load()
    logs.configure(settings.log_format)
    clock.freeze(settings.clock)
    return settings


@app.command()
def run() -> None:
    """Start everything: trains if needed, serves the web on http://127.0.0.1:8000."""
    from bot.cli.serve import serve

    serve(load_settings())


@app.command()
def train() -> None:
    """Train the model from config.yml, domain.yml and data/."""
    from bot.cli.training import train_with_progress

    train_with_progress(load_settings())


@app.command()
def evaluate(
    folds: Annotated[
        bool, typer.Option("--cross-validation/--test-split-only", help="Judge the training examples too.")
    ] = True,
) -> None:
    """Measure understanding: tables, and pictures of confusions and confidence as PNG."""
    from bot.cli.evaluation import run as run_evaluation

    run_evaluation(load_settings(), folds)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    locale: Annotated[str, typer.Option(help="Language tag of the answer.")] = "fr",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    jsonl: Annotated[
        Path | None, typer.Option(help='File with one {"text", "lang"?, "clock"?} a line; - reads standard input.')
    ] = None,
) -> None:
    """Ask one question, or one a line, each in a conversation of its own and without a server."""
    from bot.cli.questions import answer_file, answer_one

    if (text is None) == (jsonl is None):
        raise typer.BadParameter("give either a question or --jsonl FILE")
    settings = load_settings()
    if jsonl is not None:
        answer_file(settings, jsonl, locale)
    elif text is not None:
        answer_one(settings, text, locale, as_json)


@app.command(name="deadline")
def count_deadline(
    act: Annotated[Act | None, typer.Argument(help="What is to be filed.")] = None,
    notified: Annotated[str | None, typer.Option(help="Day of receipt, e.g. 2026-02-05.")] = None,
    first_attempt: Annotated[
        str | None, typer.Option(help="Day on which the post left its notice for the registered letter.")
    ] = None,
    delivery: Annotated[Delivery | None, typer.Option(help="How the decision came.")] = None,
    benefit: Annotated[
        Benefit | None, typer.Option(help="Which law it rests on; without it, the earlier result.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help='File with one {"act", "notified", "first_attempt", "delivery", "benefit"} a line; '
            "- reads standard input."
        ),
    ] = None,
) -> None:
    """Count the thirty days to contest a decision, and explain the count."""
    from bot.cli.deadlines import show_file, show_one

    if (act is None) == (jsonl is None):
        raise typer.BadParameter("give either opposition or recours, or --jsonl FILE")
    if jsonl is not None:
        show_file(jsonl)
    else:
        given = {"act": act, "notified": notified, "first_attempt": first_attempt}
        show_one({**given, "delivery": delivery, "benefit": benefit}, as_json)


@app.command()
def chat(locale: Annotated[str, typer.Option(help="Language tag of the answers.")] = "fr") -> None:
    """Talk in the terminal."""
    from bot.cli.terminal import talk

    talk(load_settings(), locale)


@app.command()
def cases() -> None:
    """List the open cases, those in danger first."""
    from bot.cli.listing import list_cases

    list_cases(load_settings())


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file; .tar by custom.")]) -> None:
    """Copy the whole database into one file, while the program runs; keys do not go along."""
    from bot.cli.backups import back_up

    back_up(load_settings(), file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` has made.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the database that is there.")] = False,
    even_unreadable: Annotated[
        bool, typer.Option("--even-unreadable", help="Restore what nobody has the secret of, too.")
    ] = False,
) -> None:
    """Put a backup in the place of the database; the program must not run."""
    from bot.cli.backups import restore as put_back

    put_back(load_settings(), file, replaces=replace, even_unreadable=even_unreadable)


@app.command()
def doctor() -> None:
    """Check the installation and say what to mend."""
    from bot.cli.doctor import examine

    raise typer.Exit(examine())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def rasa(context: typer.Context) -> None:
    """Pass a command through to Rasa's own command line, e.g. `rasa data validate`."""
    from bot.cli.rasa_passthrough import pass_through

    pass_through(context.args)


def main() -> None:
    """Runs the command line; what an operator can mend is said in one line."""
    try:
        app()
    except OperatorError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _fail("no space left on the disk; free some and start again.")
        elif error.filename is None:
            raise
        else:
            _fail(f"{error.filename} cannot be used ({error.strerror}); check CORNAVIN_DATA_DIR and the rights to it.")


def _fail(message: str) -> None:
    errors.print(f"cornavin: {message}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)
