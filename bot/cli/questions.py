"""`cornavin ask`: answers without a server, each question in a conversation of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from rich.console import Console
from rich.markdown import Markdown

from base import clock
from base.errors import OperatorError
from base.settings import Settings
from bot.cli.training import ensure_trained

IN_MEMORY = "sqlite:///:memory:"
CHANNEL = "ask"


class QuestionError(OperatorError):
    """A line of a file of questions cannot be read."""


class Question(BaseModel):
    """One line in."""

    model_config = ConfigDict(extra="ignore")

    text: str
    lang: str | None = None
    clock: datetime | None = None

    @field_validator("clock", mode="before")
    @classmethod
    def _read_clock(cls, value: Any) -> Any:
        return clock.parse(value) if isinstance(value, str) else value


def answer_one(settings: Settings, text: str, locale: str, as_json: bool) -> None:
    """Prints the answer to one question, for people or as JSON."""

    def show(answer: dict[str, Any]) -> None:
        if as_json:
            print(json.dumps(answer, ensure_ascii=False))
            return
        console = Console()
        console.print(Markdown(answer["answer"]))
        for source in answer["sources"]:
            article = f", {source['article']}" if source["article"] else ""
            console.print(f"[dim]Source : {source['title']}{article} ({source['as_of']})[/dim]", highlight=False)

    asyncio.run(_answer_all(settings, iter([Question(text=text)]), locale, show))


def answer_file(settings: Settings, path: Path, locale: str) -> None:
    """Prints one JSON line for each question, in their order.

    Raises:
        QuestionError: Naming the file or the line that cannot be read.
    """

    def show(answer: dict[str, Any]) -> None:
        print(json.dumps(answer, ensure_ascii=False), flush=True)

    if str(path) == "-":
        asyncio.run(_answer_all(settings, _questions(sys.stdin, "standard input"), locale, show))
        return
    try:
        with path.open(encoding="utf-8") as lines:
            asyncio.run(_answer_all(settings, _questions(lines, str(path)), locale, show))
    except (FileNotFoundError, IsADirectoryError, PermissionError, UnicodeDecodeError) as error:
        raise QuestionError(cause=f"{path} cannot be read", remedy="give a file of UTF-8 text") from error


def _questions(lines: TextIO, name: str) -> Iterator[Question]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield Question.model_validate_json(line)
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                raise QuestionError(
                    cause=f"line {number} of {name} is not a question ({reason})",
                    remedy='write one JSON object a line, such as {"text": "bonjour"}',
                ) from error


async def _answer_all(settings: Settings, questions: Iterator[Question], locale: str, show: Any) -> None:
    model = ensure_trained(settings)
    from bot.engine.assistant import Turn
    from bot.program import assembled, load_dialogue
    from conversations import store

    private = settings.model_copy(update={"database_url": Settings.load(database_url=IN_MEMORY).database_url})
    async with assembled(private, load_dialogue(model)) as program:
        for question in questions:
            with clock.at(question.clock):
                language = program.catalogues.match(question.lang or locale)
                async with program.database.unit_of_work() as work:
                    session, _ = await store.open_session(work, CHANNEL, language)
                reply = await program.assistant.answer(Turn(session, "1", question.text))
            show(
                {
                    "text": question.text,
                    "lang": language,
                    "topic": reply.debug.topic,
                    "intent": reply.debug.intent,
                    "confidence": reply.debug.confidence,
                    "answer": "\n\n".join(message.text for message in reply.messages),
                    "sources": [s.model_dump(mode="json") for message in reply.messages for s in message.sources],
                    "choices": [c.model_dump(mode="json") for message in reply.messages for c in message.choices],
                }
            )
