"""What `cornavin doctor` finds out about the bot; nothing is changed."""

from __future__ import annotations

import httpx
from telegram.error import InvalidToken, TelegramError

from base.settings import Settings
from bot.channels.telegram.channel import TelegramUnusable, connect, wrong_token


async def check(settings: Settings, network: httpx.AsyncBaseTransport | None = None) -> str:
    """How the bot is called, and how updates reach it.

    Args:
        network: As `connect` takes it.

    Raises:
        TelegramUnusable: When the token is wrong, Telegram does not answer, or updates go elsewhere.
    """
    bot = connect(settings, network)
    try:
        async with bot:
            webhook = await bot.get_webhook_info()
            name = bot.username
    except InvalidToken:
        raise wrong_token() from None
    except TelegramError as error:
        raise TelegramUnusable(
            cause=f"Telegram does not answer at {settings.telegram_api_url} ({type(error).__name__})",
            remedy="check the way out to the Internet, or CORNAVIN_TELEGRAM_API_URL",
        ) from None
    wanted = settings.telegram_webhook_url
    if wanted is None:
        if webhook.url:
            return f"@{name}; updates go to {webhook.url} until the next start, which fetches them"
        return f"@{name}; updates are fetched, {webhook.pending_update_count} wait"
    if webhook.url != wanted:
        raise TelegramUnusable(
            cause=f"Telegram brings updates to {webhook.url or 'nobody'}, and CORNAVIN_TELEGRAM_WEBHOOK_URL is {wanted}",
            remedy="start Cornavin once with this setting",
        )
    if webhook.last_error_message and webhook.pending_update_count:
        raise TelegramUnusable(
            cause=f"{webhook.pending_update_count} updates wait, and Telegram says: {webhook.last_error_message}",
            remedy=f"make sure that Telegram reaches {wanted}",
        )
    return f"@{name}; updates are brought to {wanted}"
