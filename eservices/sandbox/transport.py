"""The sandbox without a network, for tests: requests go straight into the app."""

from __future__ import annotations

import httpx
from fastapi import FastAPI


class InProcess(httpx.ASGITransport):
    """Like a network also in that an answer can be lost on the way."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app=app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request into the app; an answer that breaks off is what it would be on a network."""
        try:
            return await super().handle_async_request(request)
        except AssertionError:  # httpx asserts that an app completes its answer
            raise httpx.RemoteProtocolError("the connection ended without an answer", request=request) from None
