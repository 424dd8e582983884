"""Problems as sentences."""

from __future__ import annotations

import pytest

from modules.core.errors import ConfigError, PlanError, PolicyError, Problem, SuiteError, TargetError


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (
            Problem("dev api", "memory_mb is 64", "128 at least", "raise it"),
            "dev api: memory_mb is 64; 128 at least; raise it",
        ),
        (Problem("", "memory_mb is 64", "128 at least", "raise it"), "memory_mb is 64; 128 at least; raise it"),
        (Problem("dev", "color is not a field", "", "remove it"), "dev: color is not a field; remove it"),
        (Problem("dev", "x", "", ""), "dev: x"),
        (
            Problem("", "a\ud800b is ü, \x1b[31m", "", "uv said:\ntwo lines"),
            "a\\ud800b is ü, \\x1b[31m; uv said:\ntwo lines",
        ),
    ],
)
def test_a_problem_reads_as_one_sentence(problem: Problem, expected: str) -> None:
    assert str(problem) == expected


def test_a_problem_is_seen_from_outside_in() -> None:
    problem = Problem("api", "x", "", "").within("eu-west-1").within("dev")
    assert problem == Problem("dev eu-west-1 api", "x", "", "")


def test_a_config_error_prints_every_problem_on_a_line_of_its_own() -> None:
    error = ConfigError(iter([Problem("", "a", "", "b"), Problem("x", "c", "", "d")]))
    assert str(error) == "a; b\nx: c; d"
    assert len(error.problems) == 2


@pytest.mark.parametrize(("kind", "code"), [(ConfigError, 2), (TargetError, 2), (PlanError, 1), (PolicyError, 1)])
def test_what_was_given_wrongly_exits_with_2_and_what_failed_with_1(kind: type[SuiteError], code: int) -> None:
    assert issubclass(kind, SuiteError)
    assert kind.exit_code == code
