"""Fleets of `make bench`: what is written of them, and that a page grows with the fleet and not with its square."""

from __future__ import annotations

import json

import pytest

from benchmarks import __main__ as bench
from benchmarks.fleet_run import WORK, page, rollout
from benchmarks.fleets import ACCOUNTS, Run, growth, results

RUNS = tuple(Run(what, 3 * accounts, accounts / 100, 60.4) for what in WORK for accounts in ACCOUNTS)


def test_a_simulated_rollout_applies_every_target_once_and_a_page_is_made() -> None:
    assert rollout(11) > 0
    assert page(1) > 0


def test_growth_is_stated_for_each_target() -> None:
    square = (Run("page", 300, 1.0, 60.0), Run("page", 1_500, 25.0, 99.0))

    assert (round(growth(RUNS, "rollout"), 6), round(growth(square, "page"), 6)) == (1.0, 5.0)
    with pytest.raises(ValueError, match=r"^1 fleets show no growth; measure two$"):
        growth(square[:1], "page")


def test_committed_results_have_the_shape_that_is_written_and_growth_is_linear() -> None:
    committed = json.loads(bench.RESULTS.read_text(encoding="utf-8"))["rollouts"]
    written = results(RUNS)

    assert committed.keys() == written.keys() == set(WORK)
    for what in WORK:
        assert [fleet.keys() for fleet in committed[what]["fleets"]] == [
            fleet.keys() for fleet in written[what]["fleets"]
        ]
        assert [fleet["targets"] for fleet in committed[what]["fleets"]] == [300, 600, 1500]
        assert committed[what]["growth"] < 1.5
