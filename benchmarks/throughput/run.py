"""Measures the line, and its plumbing alone, beside two bare echo bots, in turns.

    python run_bot.py learn                                   # so that `line` starts warm
    python benchmarks/throughput/run.py --aiogram PYTHON [--rounds 5]

PYTHON is an interpreter with benchmarks/throughput/requirements.txt installed. Prints the table and writes results.md.
The questions are the held-out ones of `intents/held_out`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.catalog.held_out import load_held_out
from bot.catalog.load import load

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOKEN = "123456789:AAfake-token_for-tests_0123456789abcdefg"  # noqa: S105  # opens nothing but this server

SCENES = {
    "loopback": ["--updates", "1500"],
    "50 ms away": ["--updates", "1500", "--delay", "0.05"],
    "20 a second": ["--updates", "200", "--rate", "20"],
    "20 a second, 50 ms away": ["--updates", "200", "--rate", "20", "--delay", "0.05"],
}
SLOW = {"ptb": {"50 ms away": ["--updates", "150", "--delay", "0.05"]}}
"""Fewer updates where a bot handles one at a time: the rate is the same, and nobody waits two minutes for it."""


def _commands(aiogram: str | None) -> dict[str, list[str]]:
    bots = {
        "line": [sys.executable, str(ROOT / "run_bot.py")],
        "plumbing": [sys.executable, "-m", "tests.stub_process"],
        "ptb": [sys.executable, str(HERE / "bots" / "ptb_echo.py")],
    }
    return bots | ({"aiogram": [aiogram, str(HERE / "bots" / "aiogram_echo.py")]} if aiogram else {})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _questions() -> list[str]:
    """Return what strangers wrote, in a fixed order that mixes topics and languages."""
    catalog = load(ROOT / "intents", ROOT / "content").catalog
    texts = [one.phrase.text for one in load_held_out(ROOT / "intents", catalog).phrases]
    return random.Random(1).sample(texts, len(texts))  # noqa: S311  # no secret


def one(command: list[str], scene: list[str]) -> dict[str, float]:
    """Run one bot through one scene and return the figures, with its CPU per update and its greatest memory."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ, "TOKEN": TOKEN, "API_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder}/line.sqlite3", "LOG_FORMAT": "json", "RELOAD": "false",
            "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
        server = subprocess.Popen(  # noqa: S603  # our own script
            [sys.executable, str(HERE / "server.py"), "--port", str(port), *scene], stdout=subprocess.PIPE, text=True
        )
        time.sleep(1.0)
        begun = time.time()
        bot = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # as above
        out, _ = server.communicate()
        figures: dict[str, float] = json.loads(out)
        figures["start"] = figures.pop("polled_at") - begun
        status = Path(f"/proc/{bot.pid}/status").read_text(encoding="utf-8")
        figures["rss"] = int(status.split("VmHWM:")[1].split()[0]) / 1024
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        bot.send_signal(signal.SIGKILL)
        bot.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures["cpu"] = 1000 * spent / max(figures["answered"], 1)
    return figures


def main() -> None:
    """Run every scene for every bot in turns and write the table of medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--aiogram")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    bots = _commands(options.aiogram)
    seen: dict[tuple[str, str], list[dict[str, float]]] = {}
    questions = Path(tempfile.mkdtemp()) / "questions.json"
    questions.write_text(json.dumps(_questions()), encoding="utf-8")
    for number in range(options.rounds):
        for scene, arguments in SCENES.items():
            for bot, command in bots.items():
                given = [*SLOW.get(bot, {}).get(scene, arguments), "--questions", str(questions)]
                figures = one(command, given)
                seen.setdefault((scene, bot), []).append(figures)
                print(number, scene, bot, {name: round(value, 1) for name, value in figures.items()}, flush=True)
    table = _table(seen, options.rounds)
    print(table)
    (HERE / "results.md").write_text(table, encoding="utf-8")


def _table(seen: dict[tuple[str, str], list[dict[str, float]]], rounds: int) -> str:
    about = (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python "
        f"{platform.python_version()}; medians of {rounds} interleaved rounds, in brackets the range. `line` is the "
        "whole line as it is served, with warm caches; `plumbing` is its inbox on SQLite, transport and sending with a "
        "stub in place of the matcher. The server of the benchmark shares the CPUs: compare rows of one scene."
    )
    measured = ("updates/s", "p50 ms", "p95 ms", "start to first poll, s", "CPU ms/update, start included")
    names = ("scene", "bot", *measured, "most RSS, MiB", "lost")
    lines = ["# Throughput", "", about, "", f"| {' | '.join(names)} | repeated |", "|" + " --- |" * (len(names) + 1)]
    for (scene, bot), runs in seen.items():
        cells = [_cell([run[name] for run in runs]) for name in ("rate", "p50", "p95", "start", "cpu", "rss")]
        total = [str(int(sum(run[name] for run in runs))) for name in ("lost", "repeated")]
        lines.append(f"| {scene} | {bot} | {' | '.join([*cells, *total])} |")
    return "\n".join(lines) + "\n"


def _cell(values: list[float]) -> str:
    middle = statistics.median(values)
    digits = 0 if middle >= 10 else 1  # noqa: PLR2004  # one digit behind the point is enough below ten
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


if __name__ == "__main__":
    main()
