from __future__ import annotations

import re
from pathlib import Path

from bot import metrics
from bot.settings import Settings
from bot.settings_table import FILE, with_table

ROOT = Path(__file__).parent.parent
TEXT = FILE.read_text(encoding="utf-8")


def test_the_table_of_settings_is_true() -> None:
    """docs/operators.md has every setting with its default; `python -m bot.settings_table --write` makes it so."""
    assert with_table(TEXT) == TEXT
    assert all(f"`{name.upper()}`" in TEXT for name in Settings.model_fields)


def test_every_metric_is_named_and_every_name_is_a_metric() -> None:
    """The page names all metrics, and its alerts ask for none that does not exist."""
    families = {family.name for family in metrics.REGISTRY.collect() if family.name.startswith("line_")}
    named = {name.removesuffix("_total") for name in re.findall(r"\bline_[a-z_]+", TEXT)}
    assert named == families


def test_every_alert_has_a_way_out() -> None:
    """Each alert has a page of its own that says how it is seen."""
    alerts = TEXT.partition("## Alerts")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(alerts) >= 8
    assert all(len(alert) > 150 for alert in alerts)


def test_the_readme_leads_here() -> None:
    """Operators find the page."""
    assert "docs/operators.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_procfile_migrates_at_each_release() -> None:
    """Hosts run the migrations before the worker."""
    text = (ROOT / "Procfile").read_text(encoding="utf-8")
    assert "release: python run_bot.py migrate" in text
    assert "worker: python run_bot.py" in text
