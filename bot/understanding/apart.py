"""Learning in a process of its own, which writes what it learned and ends, so that the worker stays small.

python -m bot.understanding.apart < job.json
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.understanding.last_layer import MARK, LastLayer
from bot.understanding.learned import example_from, learn, learned_before, plain, save_learned
from bot.understanding.remembered import Remembered, RememberingEncoder
from bot.understanding.spoken import SpokenEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.understanding.examples import Example

_ROOT = Path(__file__).resolve().parents[2]
_MOST_THREADS = 4  # a container may see the cores of its host and have the time of one


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be learned, and where it is kept.

    Attributes:
        examples: the phrases.
        vocabulary: their words.
        encoder: the encoder's name and folder; None for words alone.
        spoken: what the encoder reads for each marker.
        folder: the cache.
        name: what it is called there.

    """

    examples: tuple[Example, ...]
    vocabulary: frozenset[str]
    encoder: tuple[str, Path] | None
    spoken: Mapping[str, str]
    folder: Path
    name: str

    def to_json(self) -> bytes:
        """Return the job as the other process reads it."""
        fields = {
            "examples": [plain(example) for example in self.examples],
            "vocabulary": sorted(self.vocabulary),
            "encoder": [self.encoder[0], str(self.encoder[1].resolve())] if self.encoder else None,
            "spoken": dict(self.spoken),
            "folder": str(self.folder.resolve()),
            "name": self.name,
        }
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Job:
        """Return the job that `to_json` wrote."""
        fields: dict[str, Any] = json.loads(text)
        return cls(
            tuple(example_from(one) for one in fields["examples"]),
            frozenset(fields["vocabulary"]),
            (fields["encoder"][0], Path(fields["encoder"][1])) if fields["encoder"] else None,
            fields["spoken"],
            Path(fields["folder"]),
            fields["name"],
        )


def learn_apart(job: Job) -> bool:
    """Do a job in processes of their own, one after the other; return whether it worked.

    One encodes and one learns, because each needs memory that the other has no use for.
    """
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # the other cores go on answering
    given, environment = job.to_json(), {**os.environ, **one_thread}
    for step in ("encode", "learn"):
        command = [sys.executable, "-m", "bot.understanding.apart", step]
        if subprocess.run(command, input=given, cwd=_ROOT, env=environment, check=False).returncode != 0:  # noqa: S603  # our own module
            return False
    return True


def encode(job: Job) -> None:
    """Encode the phrases of a job and keep their rows in its folder."""
    if job.encoder is None:
        return
    from bot.understanding.encoding import OnnxEncoder  # noqa: PLC0415  # 80 MB that learning has no use for

    # after an edit there are few new phrases; when there are many the line is only starting, and no core has other work
    whole = OnnxEncoder(job.encoder[1], threads=min(_MOST_THREADS, _cores()))
    remembering = RememberingEncoder(job.folder, LastLayer(whole) if job.encoder[0].endswith(MARK) else whole)
    reader = SpokenEncoder(remembering, job.spoken)
    for code in sorted({example.language for example in job.examples}):
        reader.encode([example.read for example in job.examples if example.language == code])
    remembering.keep()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def learn_encoded(job: Job) -> None:
    """Learn the phrases of a job, all of them encoded before, and keep what was learned in its folder."""
    reader = SpokenEncoder(Remembered(job.folder, job.encoder[0]), job.spoken) if job.encoder else None
    before = learned_before(job.folder, reader)
    learned = learn(job.examples, job.vocabulary, reader, hold_out=False, before=before)
    save_learned(job.folder, job.name, learned)


if __name__ == "__main__":
    {"encode": encode, "learn": learn_encoded}[sys.argv[1]](Job.from_json(sys.stdin.buffer.read()))
