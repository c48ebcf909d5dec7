"""Measures the line's plumbing (inbox on SQLite, transport, sending) beside two bare echo bots, in turns.

    python benchmarks/throughput/run.py --aiogram PYTHON [--rounds 5]

PYTHON is an interpreter with benchmarks/throughput/requirements.txt installed. Prints the table and writes results.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
        "line": [sys.executable, "-m", "tests.stub_process"],
        "ptb": [sys.executable, str(HERE / "bots" / "ptb_echo.py")],
    }
    return bots | ({"aiogram": [aiogram, str(HERE / "bots" / "aiogram_echo.py")]} if aiogram else {})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def one(command: list[str], scene: list[str]) -> dict[str, float]:
    """Run one bot through one scene and return the figures, with its CPU per update and its greatest memory."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ, "TOKEN": TOKEN, "API_URL": f"http://127.0.0.1:{port}", "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder}/line.sqlite3",
        }  # fmt: skip
        server = subprocess.Popen(  # noqa: S603  # our own script
            [sys.executable, str(HERE / "server.py"), "--port", str(port), *scene], stdout=subprocess.PIPE, text=True
        )
        time.sleep(1.0)
        bot = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # as above
        out, _ = server.communicate()
        figures: dict[str, float] = json.loads(out)
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
    for number in range(options.rounds):
        for scene, arguments in SCENES.items():
            for bot, command in bots.items():
                figures = one(command, SLOW.get(bot, {}).get(scene, arguments))
                seen.setdefault((scene, bot), []).append(figures)
                print(number, scene, bot, {name: round(value, 1) for name, value in figures.items()}, flush=True)
    table = _table(seen, options.rounds)
    print(table)
    (HERE / "results.md").write_text(table, encoding="utf-8")


def _table(seen: dict[tuple[str, str], list[dict[str, float]]], rounds: int) -> str:
    about = (
        f"{time.strftime('%Y-%m-%d')}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python "
        f"{platform.python_version()}; medians of {rounds} interleaved rounds, in brackets the range. Other work ran "
        "on the machine: compare rows of one scene, not with other machines. `line` is all of the line's plumbing "
        "(inbox on SQLite, transport, sending) with a stub in place of the matcher."
    )
    names = ("scene", "bot", "updates/s", "p50 ms", "p95 ms", "CPU ms/update, start included", "RSS MiB", "lost")
    lines = ["# Throughput", "", about, "", f"| {' | '.join(names)} | repeated |", "|" + " --- |" * (len(names) + 1)]
    for (scene, bot), runs in seen.items():
        cells = [_cell([run[name] for run in runs]) for name in ("rate", "p50", "p95", "cpu", "rss")]
        total = [str(int(sum(run[name] for run in runs))) for name in ("lost", "repeated")]
        lines.append(f"| {scene} | {bot} | {' | '.join([*cells, *total])} |")
    return "\n".join(lines) + "\n"


def _cell(values: list[float]) -> str:
    middle = statistics.median(values)
    digits = 0 if middle >= 10 else 1  # noqa: PLR2004  # one digit behind the point is enough below ten
    return f"{middle:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


if __name__ == "__main__":
    main()
