from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.catalog.trees import make_tree

ROOT = Path(__file__).parents[3]
PLENTY = 120
"""Seconds after which a command counts as stalled."""


def test_the_command_opens_the_page_and_ends_well(tmp_path: Path) -> None:
    """`workbench` prints its address on this machine, serves the page there, and ends quietly at Ctrl-C."""
    intents, content = make_tree(tmp_path)
    options = ("--port", "0", "--intents", str(intents), "--content", str(content))
    command = [sys.executable, str(ROOT / "run_bot.py"), "workbench", *options]
    settings = {**os.environ, "ENCODER": "none", "CACHE_DIR": str(tmp_path / "cache")}
    with subprocess.Popen(  # noqa: S603  # our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", told)
        assert address, told
        with urllib.request.urlopen(address[0], timeout=PLENTY) as page:  # noqa: S310  # our own page
            assert "<title>Workbench</title>" in page.read().decode()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PLENTY)

    assert process.returncode == 0
    assert "Traceback" not in errors
