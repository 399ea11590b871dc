"""Scripts and styles, sent without what only their authors need."""

import hashlib
import re
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.staticfiles import NotModifiedResponse
from starlette.types import Scope

TYPES = {".css": "text/css", ".js": "text/javascript"}
VENDOR = "vendor"
"""Folder of what others wrote and made small; it is sent as it is."""
MOST_KEPT = 100

_REMARK = re.compile(r"^[ \t]*(?:/\*(?!!)(?:(?!\*/)[^\0])*\*/|//.*)[ \t]*$", re.MULTILINE)
"""A remark on lines of its own. In a template of ours, no line of text looks like one."""


def light(source: str) -> str:
    """A script or a style without indentation, empty lines, and remarks that stand on lines of their own.

    Lines stay lines, so nothing has to be understood of the language. The remarks of licenses (`/*!`) stay.
    """
    lines = (line.strip() for line in _REMARK.sub("", source).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


class FreshFiles(StaticFiles):
    """Files that browsers ask for again each time: pages and scripts of two versions do not go together."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        if path.suffix in TYPES and VENDOR not in path.parts:
            response = _light_response(path, stat_result.st_mtime_ns)
            if self.is_not_modified(response.headers, Headers(scope=scope)):
                response = NotModifiedResponse(response.headers)
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "no-cache"
        return response


def _light_response(path: Path, changed: int) -> Response:
    body, tag = _lightened(path, changed)
    return Response(body, media_type=TYPES[path.suffix], headers={"etag": tag})


@lru_cache(maxsize=MOST_KEPT)
def _lightened(path: Path, _changed: int) -> tuple[bytes, str]:
    """What is sent, and its tag; read again when the file has changed."""
    body = light(path.read_text(encoding="utf-8")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
