"""What the crisis check finds and how often it alarms falsely, by the bar of its second look.

    python -m benchmarks.crisis.run

It uses `intents/crisis/tuning` (crises, near-misses, and everyday messages: "long" ones of more than forty words, and
"short" ones) and the intents' tests and held-out messages, from which nothing learns; the bar in
`bot/understanding/crisis/second.py` was chosen by this table. The exam in `intents/crisis/labelled` is not opened:
`run_bot.py check` prints its figures.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.catalog.crisis_files import load_tuning
from bot.catalog.held_out import load_held_out
from bot.line import open_line
from bot.understanding.crisis.second import BAR, TOLD
from bot.understanding.encoding import load_encoder

if TYPE_CHECKING:
    from bot.catalog.crisis_model import LabelledLine
    from bot.understanding.crisis import CrisisCheck

BARS = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)

_LONGEST = 4_096
_PACKED = 60


def main() -> None:
    """Print the table, then how long the check takes."""
    line, _ = open_line(Path("intents"), Path("content"), encoder=load_encoder(None), cache=Path("var/cache"))
    check, tuning = line.crisis, load_tuning(Path("intents"))[0]
    ordinary = [test.say for intent in line.catalog.intents.values() for test in intent.tests]
    ordinary += [one.phrase.text for one in load_held_out(Path("intents"), line.catalog).phrases]
    texts = [*(one.text for one in tuning), *ordinary]
    kinds = np.array([*map(_kind, tuning), *("ordinary" for _ in ordinary)])
    signed = np.array([check.signed(text) for text in texts])
    odds = np.array([_odds(check, text) for text in texts])
    second, check.second = check.second, None
    alone = np.array([check.check(text) is not None for text in texts])
    check.second = second
    rows = {"signs": signed, "alone": alone} | {f"bar {bar}": signed | (odds >= bar) for bar in sorted({*BARS, BAR})}
    for name, found in rows.items():
        shares = "   ".join(f"{kind} {100 * found[kinds == kind].mean():6.2f} %" for kind in dict.fromkeys(kinds))
        print(f"{name:<10} {shares}")
    told = [(one.who, check.check(one.text)) for one in tuning if one.class_id and one.who]
    right = [who == verdict.who for who, verdict in told if verdict]
    print(f"who is in danger, of the crises found: right {100 * np.mean(right):.1f} %")
    _times(check, texts)


def _kind(line: LabelledLine) -> str:
    if line.class_id or line.near:
        return "crisis" if line.class_id else "near-miss"
    return "long" if len(line.text.split()) > TOLD else "short"


def _odds(check: CrisisCheck, text: str) -> float:
    words = check.words(text)
    return check.second.look(words, check.weigh(text)).odds if check.second and words else float("-inf")


def _times(check: CrisisCheck, texts: list[str]) -> None:
    """Print how long a message takes, and one that packs a hundred others into as many characters as are allowed."""
    whole = " ".join(texts)
    packed = [whole[at : at + _LONGEST] for at in range(0, _PACKED * _LONGEST, _LONGEST)]
    for name, second in (("with the second look", check.second), ("alone", None)):
        check.second = second
        for kind, some in (("messages", texts[:1000]), (f"packed, {_LONGEST} characters", packed)):
            taken = [_ms(check, text) for text in some]
            middle, most = np.percentile(taken, [50, 95])
            print(f"{name}, {kind}: p50 {middle:.2f} ms, p95 {most:.2f} ms")


def _ms(check: CrisisCheck, text: str) -> float:
    started = time.perf_counter()
    check.check(text)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
