"""What may be said of a fault: its kind and place. Its own words, and a traceback, could hold a person's."""

from __future__ import annotations

from pathlib import Path


def locate(error: BaseException | None) -> str:
    """Return an error's type and where it was raised."""
    trace = error.__traceback__ if error is not None else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
    return f"{type(error).__name__} at {place}"
