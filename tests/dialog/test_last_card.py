from pathlib import Path

import pytest
import yaml

from bot.channels.plain import block_text
from bot.dialog.last_card import NUMBERS, last_card

HOTLINES = Path(__file__).parents[2] / "content" / "data" / "hotlines.yaml"


@pytest.mark.parametrize("language", ["en", "es", "xx"])
def test_numbers_are_those_of_the_data(language: str) -> None:
    """Each number on the card of last resort is the one that staff keep, with its source."""
    rows = yaml.safe_load(HOTLINES.read_text(encoding="utf-8"))["hotlines"]
    kept = {row["id"]: row["call"] for row in rows if "call" in row}
    text = "\n".join(block_text(block) for block in last_card(language))

    assert [kept[number] for number in NUMBERS] == list(NUMBERS)
    assert all(number in text for number in NUMBERS)
