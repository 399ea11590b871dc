"""Where Telegram brings updates, when a webhook is set."""

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from base.settings import WEBHOOK_PATH
from bot.channels.web.problems import Problem
from bot.program import Program

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # the name of a header
log = structlog.get_logger(__name__)
router = APIRouter()


@router.post(WEBHOOK_PATH)
async def receive(request: Request) -> Response:
    """Takes an update from Telegram, and from nobody else."""
    program: Program = request.app.state.program
    channel = program.telegram
    if channel is None or not channel.is_telegram(request.headers.get(SECRET_HEADER, "")):
        raise Problem("not-found", 404)
    try:
        update = await request.json()
    except ValueError:
        raise Problem("invalid-request", 422) from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Problem("invalid-request", 422)
    from telegram.error import TelegramError

    try:
        await channel.receive(update)
    except (TelegramError, SQLAlchemyError) as error:
        log.warning("telegram.update_failed", reason=type(error).__name__)
        raise Problem("unavailable", 503) from None  # Telegram brings it again
    return Response(status_code=200)
