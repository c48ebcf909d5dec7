"""The crisis check: staff's signs first, then a small linear scorer. It runs before everything else."""

from bot.understanding.crisis.check import CrisisCheck
from bot.understanding.crisis.verdict import Verdict

__all__ = ["CrisisCheck", "Verdict"]
