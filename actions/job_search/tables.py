"""Lists and tables of job searches, brought to one line for each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from base.plain import plain

_BULLET = re.compile(r"^\s*(?:[-*•–>]|\(?\d{1,2}[.)°](?!\d)|n[o°] ?\d+ ?:)\s+")
_DAY = re.compile(r"^\s*(?P<day>[12]?\d|3[01])\s*[-–—:]\s+(?=\D)")
"""Begins the entry of a day, unless entries are counted: «3 - Coop, vendeuse»."""
_FIRST, _SECOND = re.compile(r"(?:^|\s)1[.)] (?=\D)"), re.compile(r"\s2[.)] (?=\D)")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)] (?=\D)")
_PARTS = re.compile(r"\.\s+|\s*[;|]\s*|\s/\s|,\s+")
_SLASH = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")
_CELLS = re.compile(r"[^\W\d]{3,}/[^\W\d][^/,;]*/[^\W\d]")
_LABELS = 3
_SPARE = 2
"""How many of the last cells of a row may be left out where tabs separate them."""
_RULE = re.compile(r"^[\s|:+=_-]*$")
_COLUMNS: dict[str, str] = {
    "date": r"(?:date|quand|jour|postule le|envoye le)",
    "company": r"(?:entreprise|employeur|societe|nom|ou|firme|compagnie|boite)",
    "place": r"(?:lieu|ville|localite|endroit|adresse)",
    "post": r"(?:poste|fonction|emploi|metier|profession|travail|activite)",
    "channel": r"(?:comment|mode|moyen|canal|par|maniere|facon|type|methode)",
    "workload": r"(?:taux|%|pourcentage|temps)",
    "result": r"(?:resultat|reponse|suite|statut|etat|retour)",
    "contact": r"(?:contact|personne|interlocuteur|responsable)",
    "assigned": r"(?:assignation|assigne|orp)",
    "reason": r"(?:motif|raison|remarques?)",
}
_MARKS = {"company": "chez ", "post": "comme ", "place": "à ", "date": "le "}
"""Words that say what a cell holds."""


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text; rows of a table and blocks of labelled fields as one line each."""
    lines = [_spaced(line) for line in text.replace("\r", "").split("\n")]
    parts = _PARTS.split(text)
    if len(lines) == 1 and sum(_label(part) is not None for part in parts) >= _LABELS:
        lines = parts  # «Poste : vendeuse. Date : lundi. Entreprise : Coop»
    if len(lines) == 1 and _FIRST.search(text) and _SECOND.search(text):
        lines = _NUMBERED.split(text)  # «1. Coop le 3. 2. Migros le 5.»
    filled = [line for line in lines if line.strip() and not _RULE.match(line)]
    separator = _separator(filled)
    if separator is not None:
        yield from _rows(filled, separator)
    elif sum(_label(line) is not None for line in filled) >= 2 and len(filled) > 1:
        yield from _blocks(lines)
    else:
        numbers = [int(match["day"]) for line in filled if (match := _DAY.match(line))]
        are_days = len(numbers) > 1 and numbers != list(range(1, len(numbers) + 1))
        for line in filled:
            yield (_DAY.sub(r"le \g<day>, ", line) if are_days else _BULLET.sub("", line)).strip()


def _spaced(line: str) -> str:
    """A line whose cells slashes separate, with spaces around them: «caissière/Denner/Onex/en ligne»."""
    return _SLASH.sub(" / ", line) if _CELLS.search(line) and "://" not in line else line


def _separator(lines: Sequence[str]) -> str | None:
    """What separates the columns, if there are any: the same number of times in two lines at least."""
    if len(lines) < 2:
        return None
    for separator in ("\t", "|", ";"):
        counts = {line.strip().strip("|").count(separator) for line in lines}
        spare = _SPARE if separator == "\t" else 0
        if min(counts) >= 1 and max(counts) - min(counts) <= spare:
            return separator
    return None


def _rows(lines: Sequence[str], separator: str) -> Iterator[str]:
    rows = [[cell.strip() for cell in line.strip().strip("|").split(separator)] for line in lines]
    columns = [_column(cell) for cell in rows[0]]
    has_header = sum(column is not None for column in columns) >= 2
    for row in rows[1:] if has_header else rows:
        if has_header:
            yield ", ".join(_marked(column, cell) for column, cell in zip(columns, row, strict=False) if cell)
        else:
            yield ", ".join(cell for cell in row if cell)


def _column(cell: str) -> str | None:
    simple = plain(cell).strip(" :?.*")
    return next((name for name, pattern in _COLUMNS.items() if re.match(rf"{pattern}(?![a-z])", simple)), None)


def _marked(column: str | None, cell: str) -> str:
    """A cell as it would be said."""
    simple = plain(cell)
    if column == "date" and not re.fullmatch(r"\d{1,2}", simple.strip()):
        return cell
    if column == "workload" and re.fullmatch(r"\d{2,3}", simple.strip()):
        return f"{cell} %"
    if column == "company" and simple.startswith(("chez ", "a ", "au ")):
        return cell
    if column == "contact" and not re.match(r"(?:m\.|mr|mme|monsieur|madame)", simple):
        return f"contact {cell}"
    return f"{_MARKS.get(column or '', '')}{cell}"


_LABEL = re.compile(r"^\s*(?:[-*•]\s*)?(?P<label>[^\d:]{2,28}?)\s*:\s*(?P<value>.+)$")


def _label(line: str) -> tuple[str, str] | None:
    """Column and value of a line such as «Poste : vendeuse»."""
    match = _LABEL.match(line)
    column = _column(match["label"]) if match else None
    return (column, match["value"].strip()) if match and column else None


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    block: dict[str, str] = {}
    others: list[str] = []
    for line in [*lines, ""]:
        found = _label(line)
        if found is None or found[0] in block:
            is_end = not line.strip() or _RULE.match(line) or found is not None
            if is_end and (block or others):
                yield ", ".join([_marked(column, value) for column, value in block.items()] + others)
                block, others = {}, []
            if found is None and not is_end:
                others.append(_BULLET.sub("", line).strip())
        if found is not None:
            block[found[0]] = found[1]
