"""How sure the line may be: calibration and bars, fitted on phrases that nothing was learned from.

They are found by `bot.understanding.bars` and kept in one small file beside the intents.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import RequestError
from bot.understanding.calibration import Calibration

if TYPE_CHECKING:
    from pathlib import Path

FILE = "calibration.json"
"""The file's name, in the folder of the intents."""


@dataclass(frozen=True, slots=True)
class Bars:
    """When the line is sure enough; all are probabilities.

    Attributes:
        answer: the first candidate is answered from here on,
        margin: and only if it is this far ahead of the second.
        clarify: from here on a candidate may be offered as a reading.
        off_topic: candidates about another person than the one talked about count this much (a factor).

    """

    answer: float = 0.50
    margin: float = 0.12
    clarify: float = 0.15
    off_topic: float = 0.6


@dataclass(frozen=True, slots=True)
class Tuning:
    """What `run_bot.py calibrate` found.

    Attributes:
        date: the day it was made.
        calibration: scores to probabilities.
        bars: when the line is sure enough.
        figures: measured on tests that their confidence was not fitted on: see `bot.understanding.bars`.

    """

    date: str
    calibration: Calibration
    bars: Bars
    figures: dict[str, Any]

    def to_json(self) -> str:
        """Return the text of the file."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_tuning(path: Path) -> Tuning | None:
    """Return what the file says, or None where there is none.

    Raises:
        RequestError: the file is there and cannot be used.

    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        calibration, bars = Calibration(**fields["calibration"]), Bars(**fields["bars"])
        return Tuning(str(fields["date"]), calibration, bars, dict(fields["figures"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        message = f"{path.name} cannot be used; expected what `run_bot.py calibrate` writes; run it again"
        raise RequestError(message) from None
