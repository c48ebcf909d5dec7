"""Bad nights in a table: real processes against the fake Telegram of the tests, for as long as it takes.

    python benchmarks/reliability/run.py kills [--updates 10000] [--database postgres://...]
    python benchmarks/reliability/run.py soak [--minutes 10]

Prints one row: faults, updates sent, lost, repeated, out of order, longest silence (while answers were owed), memory.
Rows go into results.md by hand, with the date and what else the machine was doing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fake_telegram import FakeTelegram, Person
from tests.processes import Running, stub_process

AT_ONCE = 16
LATENCY = 0.02


class Night:
    """One run: people who ask, and what became of it."""

    def __init__(self, server: FakeTelegram, people: int) -> None:
        """Take the server and make the people."""
        self.server = server
        self.people = [server.person() for _ in range(people)]
        self.asked = 0
        self.kills = 0
        self.memory: list[float] = []
        self.silence = 0.0
        self.over = False

    async def ask(self, total: int, rate: float) -> None:
        """Let people ask, evenly."""
        begun = time.monotonic()
        for number in range(total):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            person = self.people[number % len(self.people)]
            await person.says(f"q{number // len(self.people)}")
            self.asked += 1
            if number % 50 == 0:
                self.server.fails("sendMessage", latency=LATENCY, times=50)
                self.server.calls.clear()

    def answered(self) -> int:
        """Return how many questions have an answer."""
        return sum(len({one.text for one in person.sent}) for person in self.people)

    async def watch(self) -> None:
        """Measure how long nothing was answered while something was owed."""
        before, since = 0, time.monotonic()
        while not self.over:
            await asyncio.sleep(0.25)
            answered = self.answered()
            if answered != before or answered >= self.asked:
                before, since = answered, time.monotonic()
            self.silence = max(self.silence, time.monotonic() - since)

    async def until_all(self, total: int, patience: float = 120.0) -> None:
        """Wait until every question has its answer, or nothing comes any more."""
        before, since = -1, time.monotonic()
        while (answered := self.answered()) < total and time.monotonic() - since < patience:
            if answered != before:
                before, since = answered, time.monotonic()
            await asyncio.sleep(0.5)

    def row(self, name: str, total: int) -> str:
        """Return the table's row."""
        repeated = (
            sum(sum(Counter(one.text for one in person.sent).values()) for person in self.people) - self.answered()
        )
        disordered = sum(not _in_order(person) for person in self.people)
        memory = f"{self.memory[0]:.0f} to {self.memory[-1]:.0f} MiB" if self.memory else ""
        cells = (name, total, total - self.answered(), repeated, disordered, f"{self.silence:.1f} s", memory)
        return "| " + " | ".join(map(str, cells)) + " |"


def _in_order(person: Person) -> bool:
    first = list(dict.fromkeys(one.text for one in person.sent))
    return first == sorted(first, key=lambda text: int(text.strip("<q>")))


async def kills(total: int, rate: float, database: str) -> None:
    """Kill the process every few seconds while updates come."""
    async with FakeTelegram() as server:
        night = Night(server, 1000)
        asking = asyncio.create_task(night.ask(total, rate))
        watching = asyncio.create_task(night.watch())
        while not asking.done():
            async with stub_process(server, database, AT_ONCE=str(AT_ONCE)) as process:
                await asyncio.wait({asking}, timeout=random.uniform(6.0, 12.0))  # noqa: S311  # not a secret
                if not asking.done():
                    process.kill()
                    night.kills += 1
                    await process.ended()
        async with stub_process(server, database, AT_ONCE=str(AT_ONCE)):
            await night.until_all(total)
        night.over = True
        await asyncio.gather(asking, watching)
        kind = database.partition(":")[0]
        print(night.row(f"kill -9, {night.kills} times, at most {AT_ONCE} at once, {kind}", total), flush=True)
        print(f"bar: lost 0, repeated at most {night.kills * AT_ONCE}")


async def soak(minutes: float, rate: float, database: str) -> None:
    """Let one process answer steadily, and watch its memory."""
    async with FakeTelegram() as server:
        night = Night(server, 2000)
        total = int(minutes * 60 * rate)
        async with stub_process(server, database) as process:
            asking = asyncio.create_task(night.ask(total, rate))
            tasks = [asking, asyncio.create_task(night.watch()), asyncio.create_task(_weigh(night, process))]
            await asking
            await night.until_all(total)
            night.over = True
            await asyncio.gather(*tasks)
        print(night.row(f"soak: {rate:.0f} a second for {minutes:.0f} min", total), flush=True)
        print("memory, MiB, every 30 s:", [round(one) for one in night.memory[::3]])


async def _weigh(night: Night, process: Running) -> None:
    await asyncio.sleep(20)
    status = Path(f"/proc/{process.process.pid}/status")
    while not night.over:
        text = await asyncio.to_thread(status.read_text, encoding="utf-8")
        night.memory.append(int(text.split("VmRSS:")[1].split()[0]) / 1024)
        await asyncio.sleep(10)


def main() -> None:
    """Run one kind of night."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["kills", "soak"])
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or f"sqlite:///{folder}/line.sqlite3"
        if options.kind == "kills":
            asyncio.run(kills(options.updates, options.rate or 40.0, database))
        else:
            asyncio.run(soak(options.minutes, options.rate or 25.0, database))


if __name__ == "__main__":
    main()
