"""Messages that only name or point at something ("and dawn?", "y ella?"), and ask nothing of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.understanding.support import REFERRING

if TYPE_CHECKING:
    from collections.abc import Iterable

_POINTING = REFERRING | {"it", "that", "this", "those", "el", "la", "lo", "los", "las", "ese", "esa", "eso", "este"}
_POINTING |= {"here", "there", "aqui", "aca", "alla", "alli", "ahi"}

_ENGLISH = """
a about actually also an and but case for from hey how i in instead is like mean meant my no not now of okay on one or
other person rather said say so sorry state the then this to too wait was well what with wrong you
"""
_SPANISH = """
a ahora al caso como con de decir del digo e en entonces es espera estado este hay lo los me mejor mi no o otra otro
para pero perdon por pues que queria quise referia sobre tal tambien u un una y yo
"""
_LIGHT = frozenset(_ENGLISH.split()) | frozenset(_SPANISH.split())


def is_bare(words: Iterable[str], markers: frozenset[str]) -> bool:
    """Return whether nothing is left beside slot markers, pronouns and light words; true of an empty message too."""
    left = list(words)
    if not left:
        return True
    points = any(word in markers or word in _POINTING for word in left)
    return points and all(word in markers or word in _POINTING or word in _LIGHT for word in left)
