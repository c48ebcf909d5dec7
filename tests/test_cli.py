"""The commands, run as a person runs them: in a process of their own, over the tiny catalog."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalog.trees import make_tree, swap

ROOT = Path(__file__).parent.parent
PLENTY = 120
"""Seconds after which a command counts as stalled."""


def _run(*arguments: str, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run_bot.py"), *arguments]
    return subprocess.run(  # noqa: S603  # our own program
        command, input=stdin, capture_output=True, text=True, timeout=PLENTY, check=False, cwd=cwd
    )


@pytest.fixture
def tree(tmp_path: Path) -> tuple[str, ...]:
    """Return the options that name the tiny catalog's folders."""
    intents, content = make_tree(tmp_path)
    return ("--intents", str(intents), "--content", str(content))


def test_ask(tree: tuple[str, ...]) -> None:
    """`ask` prints the reply with its source and its choices."""
    done = _run("ask", "how did alice get out", *tree)

    assert done.returncode == 0
    assert done.stdout.startswith("She came home on June 6, 2018.")
    assert "[1] More" in done.stdout


def test_ask_why(tree: tuple[str, ...]) -> None:
    """`ask --why` says language, slots, candidates, nearest examples and why this kind of turn."""
    done = _run("ask", "how did alice get out", "--why", *tree)

    for word in ("kind", "language", "slot", "candidate", "near", "bars"):
        assert f"\n{word} " in done.stdout


def test_ask_in_a_language(tree: tuple[str, ...]) -> None:
    """`--language` is spoken; one that the line does not speak is refused with what it does."""
    assert _run("ask", "how did alice get out", "--language", "es", *tree).stdout.startswith("Salió")

    done = _run("ask", "x", "--language", "fr", *tree)
    assert done.returncode == 2
    assert "expected one of en, es" in done.stderr


def test_ask_what(tree: tuple[str, ...]) -> None:
    """`ask` without a question says how to ask."""
    done = _run("ask", *tree)

    assert done.returncode == 2
    assert "For example" in done.stderr


def test_batch(tree: tuple[str, ...]) -> None:
    """`ask --batch -` answers line by line; a bad line costs exit status 2 and nothing else."""
    lines = '{"id": 1, "text": "where is dawn now"}\nbroken\n{"id": 2, "text": "menu"}\n'
    done = _run("ask", "--batch", "-", *tree, stdin=lines)

    assert done.returncode == 2
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert "line 2: not JSON" in done.stderr


def test_batch_without_a_file(tree: tuple[str, ...]) -> None:
    """A batch file that is not there is named."""
    done = _run("ask", "--batch", "nowhere.jsonl", *tree)

    assert done.returncode == 2
    assert "nowhere.jsonl" in done.stderr


def test_chat(tree: tuple[str, ...]) -> None:
    """`chat` greets, answers, and ends with its input."""
    done = _run("chat", *tree, stdin="how did alice get out\nand dawn?\n")

    assert done.returncode == 0
    assert "She came home on June 6, 2018." in done.stdout
    assert "Dawn Jackson came home in 2024." in done.stdout


def test_check_of_a_broken_file(tree: tuple[str, ...]) -> None:
    """`check` names file, line and what to write; the rest is still served."""
    folder = Path(tree[1]).parent
    swap(folder, "intents/cases/people.yaml", "answer: cases/{case}#now", "answer: cases/{case}#noww")
    done = _run("check", *tree)

    assert done.returncode == 1
    assert "people.yaml:" in done.stdout
    assert "now" in done.stdout
    assert "She came home" in _run("ask", "how did alice get out", *tree).stdout


def test_nothing_to_serve(tmp_path: Path) -> None:
    """Folders without one answer stop the start with a reason, not a traceback."""
    done = _run("ask", "x", "--intents", str(tmp_path / "no"), "--content", str(tmp_path / "no"))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "nothing to serve" in done.stderr


def test_bad_setting(tmp_path: Path) -> None:
    """A bad setting stops the start with one line."""
    (tmp_path / ".env").write_text("PORT=eighty\n", encoding="utf-8")
    done = _run(cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PORT has the value 'eighty'" in done.stderr
