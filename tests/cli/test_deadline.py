"""`cornavin deadline`."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import assert_one_line, bare_environment, cornavin


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return bare_environment(tmp_path)


def test_count_is_explained_to_people(environment: dict[str, str]) -> None:
    words = ["opposition", "--notified", "2026-02-26", "--delivery", "registered", "--benefit", "federal"]
    result = cornavin(environment, "deadline", *words)
    assert result.returncode == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[0].split(maxsplit=2) == ["Date", "sûre", "vendredi 27 mars 2026"]
    assert lines[1].split(maxsplit=2) == ["Dernier", "jour", "lundi 30 mars 2026"]
    assert lines[2] == "Discutable    lundi 13 avril 2026 (n'y comptez pas)"
    assert "2. Le délai commence le lendemain : vendredi 27 février 2026. (art. 38 al. 1 LPGA)" in lines
    assert any(line.startswith("Source : Loi fédérale sur la partie générale") for line in lines)


def test_result_as_json_has_every_part_of_the_contract(environment: dict[str, str]) -> None:
    result = cornavin(
        environment, "deadline", "recours", "--first-attempt", "4.3.2026", "--benefit", "federal", "--json"
    )
    answer = json.loads(result.stdout)
    assert {key: answer[key] for key in ("deadline", "safe", "possible", "day1", "day30", "uncertain")} == {
        "deadline": "2026-04-27",
        "safe": "2026-04-24",
        "possible": "2026-04-27",
        "day1": "2026-03-12",
        "day30": "2026-04-25",
        "uncertain": False,
    }
    assert answer["steps"][0] == {
        "rule": "not_collected",
        "dates": {"attempt": "2026-03-04", "day": "2026-03-11"},
        "article": "art. 38 al. 2bis LPGA",
        "text": "Premier essai de distribution : mercredi 4 mars 2026. Une lettre recommandée qui n'est pas retirée "
        "compte comme reçue le septième jour : mercredi 11 mars 2026.",
    }
    assert "art. 60 LPGA" in [source["article"] for source in answer["sources"]]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["opposition"], "notified: give the day of receipt"),
        (["opposition", "--notified", "2026-02-31"], "notified: expected a day such as 2026-02-05"),
        (["opposition", "--notified", "31.2.2026"], "notified: expected a day"),
        (["opposition", "--notified", "20260205T10"], "notified: expected a day"),
        (["recours", "--notified", "1848-09-12"], "notified: 1848-09-12 lies outside of 2003-01-01 to 2098-12-31"),
        (["recours", "--first-attempt", "2026-02-05", "--delivery", "ordinary"], "first_attempt: only a registered"),
    ],
)
def test_what_cannot_be_counted_is_said_in_one_line(environment: dict[str, str], words: list[str], named: str) -> None:
    assert_one_line(cornavin(environment, "deadline", *words), named)


@pytest.mark.parametrize("words", [[], ["opposition", "--jsonl", "-"], ["appeal"], ["opposition", "--benefit", "both"]])
def test_wrong_use_is_explained(environment: dict[str, str], words: list[str]) -> None:
    result = cornavin(environment, "deadline", *words)
    assert result.returncode == 2
    assert "Usage: cornavin deadline" in result.stderr
    assert "Traceback" not in result.stderr


def test_file_is_answered_line_by_line_and_a_bad_line_stops_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    lines: list[Any] = [
        {"act": "opposition", "notified": "2025-02-05", "delivery": "registered", "benefit": "federal"},
        {"act": "opposition", "notified": "2025-03-31", "delivery": None, "benefit": None, "note": "ignored"},
        {"act": "complaint", "notified": "2025-03-31"},
        {"act": "opposition", "notified": 45000},
        {"act": "recours", "notified": "23.01.2025", "first_attempt": None, "benefit": "cantonal"},
        {"act": "recours"},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), "", "{"]) + "\n", encoding="utf-8")
    result = cornavin(environment, "deadline", "--jsonl", str(path))
    assert result.returncode == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer.get("deadline") for answer in answers] == [
        "2025-03-07",
        "2025-04-30",
        None,
        None,
        "2025-02-24",
        None,
        None,
    ]
    assert [answer["error"].partition(":")[0] for answer in answers if "error" in answer] == [
        "act",
        "notified",
        "notified",
        "Invalid JSON",
    ]


def test_thousands_of_lines_are_answered_in_their_order(environment: dict[str, str]) -> None:
    first = date(2024, 1, 1)
    days = [first + timedelta(days=n) for n in range(2000)]
    typed = "".join(f'{{"act": "opposition", "notified": "{day}", "benefit": "federal"}}\n' for day in days)
    result = cornavin(environment, "deadline", "--jsonl", "-", typed=typed)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [date.fromisoformat(answer["steps"][0]["dates"]["day"]) for answer in answers] == days


def test_file_that_is_not_there_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    assert_one_line(cornavin(environment, "deadline", "--jsonl", str(tmp_path / "none.jsonl")), "none.jsonl")
