"""`python -m benchmarks.plan_run PLAN CALCULATOR`: one calculator over one plan, in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.budget import budget
from analysis.cost import cost, egress, read_prices
from analysis.forecast import forecast
from analysis.plan import Plan, read_plan
from analysis.reach.reach import reach

_ENVIRONMENTS = Path(__file__).resolve().parents[1] / "environments"
KILOBYTES_A_MEGABYTE = 1_000_000 / 1_024 if sys.platform != "darwin" else 1_000_000  # ru_maxrss: KiB, or bytes


def _cost(plan: Plan) -> object:
    prices = read_prices(_ENVIRONMENTS)
    return cost(plan, prices=prices), egress(plan, prices=prices)


CALCULATORS: dict[str, Callable[[Plan], Any]] = {
    "reach": reach,
    "budget": lambda plan: budget([plan]),
    "cost": _cost,
    "forecast": forecast,
}
"""The calculators, by the name of their command."""


def main(plan: str, calculator: str) -> None:
    """Print seconds of processor time for reading and calculating, and the peak memory of the process."""
    started = time.process_time()
    read = read_plan(Path(plan))
    middle = time.process_time()
    CALCULATORS[calculator](read)
    ended = time.process_time()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE
    found = {"read": middle - started, "seconds": ended - middle, "megabytes": megabytes}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
