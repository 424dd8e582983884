"""Reading several plans tells how far it is."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.plan import read_plans


def test_each_file_is_told_before_it_is_read(tmp_path: Path) -> None:
    plan = {"format_version": "1.2", "planned_values": {}, "configuration": {}}
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(plan), encoding="utf-8")
    told: list[tuple[int, int]] = []

    plans = read_plans([tmp_path], lambda done, total: told.append((done, total)))

    assert [Path(plan.source).name for plan in plans] == ["a.json", "b.json"]
    assert told == [(0, 2), (1, 2), (2, 2)]
