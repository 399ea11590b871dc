"""Addresses as QR codes."""

from __future__ import annotations

import io

import segno


def qr_code(address: str) -> str:
    """An address as SVG, with the quiet zone that readers need; a seventh of it may be damaged."""
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        written, kind="svg", border=4, light="#fff", xmldecl=False, svgns=True
    )
    return written.getvalue().decode()
