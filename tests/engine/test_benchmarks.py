"""The statistics of `make bench`, and that it compares like with like; the measuring itself is not a test."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks.measure import CHECK, OURS, PLAIN, VARIANTS, MeasurementError, Variant, refuse_differences, seconds_of
from benchmarks.ratios import Ratio, paired_ratio, rounds
from tests.engine.processes import python
from tests.synth.project import ROOT

SECONDS = {"synth": [1.0, 2.0, 1.0], "plain": [8.0, 20.0, 9.0], "check": [0.25, 0.25, 0.5]}


def test_pairs_are_divided_before_their_median_is_taken() -> None:
    assert paired_ratio([8.0, 20.0, 9.0], [1.0, 2.0, 1.0]) == Ratio(9.0, 8.0, 10.0, 3)


def test_a_busy_minute_that_slows_both_does_not_count() -> None:
    quiet, busy = paired_ratio([8.0, 8.0], [1.0, 1.0]), paired_ratio([8.0, 80.0], [1.0, 10.0])

    assert quiet == busy


@pytest.mark.parametrize(
    ("seconds", "base", "sentence"),
    [
        ([], [], "0 times cannot be paired with 0"),
        ([1.0], [1.0, 2.0], "1 times cannot be paired with 2"),
        ([1.0], [0.0], "a process takes more than 0 seconds"),
    ],
)
def test_what_is_not_a_pair_is_refused(seconds: list[float], base: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        paired_ratio(seconds, base)


def test_every_other_round_is_reversed() -> None:
    assert rounds(["a", "b", "c"], 3) == [["a", "b", "c"], ["c", "b", "a"], ["a", "b", "c"]]


def test_results_hold_ratios_and_versions_and_nothing_of_this_machine() -> None:
    found = bench.results(SECONDS)

    assert found["ratios"] == {
        "plain way to cold synth": {"median": 9.0, "lowest": 8.0, "highest": 10.0, "pairs": 3},
        "cold synth to checking only": {"median": 4.0, "lowest": 2.0, "highest": 8.0, "pairs": 3},
    }
    assert set(found) == {"date", "pairs", "ratios", "versions"}
    assert set(found["versions"]) == {"python", "node", "cdktf", "cdktf-cdktf-provider-aws", "jsii"}
    text = json.dumps(found)
    assert "/" not in text
    assert socket.gethostname() not in text


def test_the_committed_results_have_the_shape_that_is_written() -> None:
    committed = json.loads(bench.RESULTS.read_text(encoding="utf-8"))
    written = bench.results(SECONDS)

    assert committed.keys() - {"checks", "plans", "rollouts"} == written.keys()
    assert committed["versions"].keys() == written["versions"].keys()
    assert committed["ratios"].keys() == written["ratios"].keys()
    assert committed["pairs"] >= 5
    assert {ratio["pairs"] for ratio in committed["ratios"].values()} == {committed["pairs"]}


def test_equal_outputs_are_counted(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name / "stacks").mkdir(parents=True)
        (tmp_path / name / "stacks" / "cdk.tf.json").write_text("{}", encoding="utf-8")

    assert refuse_differences(tmp_path / "one", tmp_path / "other") == 1


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ("{}", "{ }", "the outputs differ in cdk.tf.json; what is measured must be the same work"),
        ("{}", None, "the outputs differ in cdk.tf.json; what is measured must be the same work"),
        (None, None, "nothing was written; there is nothing to compare"),
    ],
)
def test_different_outputs_are_refused(tmp_path: Path, one: str | None, other: str | None, sentence: str) -> None:
    for name, text in (("one", one), ("other", other)):
        (tmp_path / name).mkdir()
        if text is not None:
            (tmp_path / name / "cdk.tf.json").write_text(text, encoding="utf-8")

    with pytest.raises(MeasurementError, match=f"^{sentence}$"):
        refuse_differences(tmp_path / "one", tmp_path / "other")


def test_a_process_that_fails_is_no_measurement(tmp_path: Path) -> None:
    broken = Variant("broken", "broken", "no/such/script.py")

    with pytest.raises(MeasurementError, match=r"^no/such/script\.py failed:\n"):
        seconds_of(broken, tmp_path)


def test_checking_writes_nothing(tmp_path: Path) -> None:
    assert 0 < seconds_of(CHECK, tmp_path / "out") < 60
    assert not (tmp_path / "out").exists()


def test_the_plain_way_is_main_without_the_engine(tmp_path: Path) -> None:
    code = """
import runpy, sys
import benchmarks.plain
runpy.run_path = lambda path, run_name: print(path, run_name)
benchmarks.plain.main()
import modules.core.engine
engine = sys.modules["modules.core.engine"]
print(vars(engine).get("__file__"), engine.ENGINE, "jsii" in sys.modules)
"""
    result = python(code, tmp_path)

    assert (result.stdout, result.stderr) == (f"{ROOT / 'main.py'} __main__\nNone cdktf False\n", "")


def test_every_variant_is_a_script_of_the_project() -> None:
    assert list(VARIANTS.values()) == [OURS, PLAIN, CHECK]
    assert all((ROOT / variant.script).is_file() for variant in VARIANTS.values())


def test_no_pair_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["--pairs", "0"])

    assert capsys.readouterr().err.endswith("error: --pairs is at least 1\n")
