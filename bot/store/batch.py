"""Many small wishes in one transaction: what comes while one batch is written waits for the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

MOST = 500
"""Wishes in one batch."""

PAUSES = (0.05, 0.3, 1.0)
"""Seconds before each further try."""

Wish = TypeVar("Wish")
Result = TypeVar("Result")


class Batches(Generic[Wish, Result]):
    """Collects wishes and carries them out together; alone, a wish waits for nothing."""

    def __init__(self, carry_out: Callable[[Sequence[Wish]], Awaitable[Sequence[Result]]]) -> None:
        """Take what carries out a batch and returns a result for each wish, in order."""
        self._carry_out = carry_out
        self._waiting: list[tuple[Wish, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, wish: Wish) -> Result:
        """Have a wish carried out and return its result; whoever stops waiting does not undo it.

        Raises:
            Exception: what carrying out its batch raised.

        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((wish, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await future

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                results = await self._tried([wish for wish, _ in batch])
            except Exception as error:  # noqa: BLE001  # each who waits is told
                _tell(batch, error)
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)

    async def _tried(self, wishes: Sequence[Wish]) -> Sequence[Result]:
        """Carry out a batch; two processes that lock each other out, or a connection that broke, get another try."""
        for pause in PAUSES:
            try:
                return await self._carry_out(wishes)
            except StoreError:
                await asyncio.sleep(pause)
        return await self._carry_out(wishes)


def _tell(batch: Sequence[tuple[Wish, asyncio.Future[Result]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
