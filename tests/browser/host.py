"""A web site of another origin than the program's, as a host of the chat is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STRICT_POLICY = (
    "default-src 'none'; script-src {address}; frame-src {address}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What `/integration` says that a host needs, and nothing more."""

PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Page d'accueil</title>{head}</head>
<body><main><h1>Page d'accueil</h1><p>Texte.</p><button id="before">Avant</button>{body}</main></body>
</html>"""


@dataclass
class Host:
    """A site whose pages a test writes.

    Args:
        address: Its origin.
    """

    address: str
    _pages: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def page(self, head: str = "", body: str = "", lang: str = "fr", policy: str | None = None) -> str:
        """Puts up a page and gives its address."""
        path = f"/{len(self._pages)}"
        headers = {"content-security-policy": policy} if policy else {}
        self._pages[path] = (PAGE.format(head=head, body=body, lang=lang), headers)
        return f"{self.address}{path}"

    def with_widget(self, address: str, attributes: str = "", **page: str) -> str:
        """Puts up a page with the widget of the program at an address."""
        script = f'<script src="{address}/widget.js" {attributes} async></script>'
        return self.page(**{**page, "head": page.get("head", "") + script})

    def answer(self, path: str) -> tuple[int, str, Mapping[str, str]]:
        """Status, content and headers of what is at a path."""
        body, headers = self._pages.get(path, ("", {}))
        return (200 if path in self._pages else 404), body, headers


@contextmanager
def hosting() -> Iterator[Host]:
    """A site on a free port, until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by http.server
            status, body, headers = site.answer(self.path)
            self.send_response(status)
            for name, value in {"content-type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Says nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Host(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
