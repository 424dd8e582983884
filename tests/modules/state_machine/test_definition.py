"""What is refused of a definition."""

from __future__ import annotations

from typing import Any

import pytest

from modules.state_machine import definition_problems
from modules.state_machine.definition import has_distributed_map

END: dict[str, Any] = {"Type": "Pass", "End": True}
BUILD = "arn:aws:states:::codebuild:startBuild.sync"


def flow(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def many(**fields: Any) -> dict[str, Any]:
    """A distributed Map, with what it must say."""
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **flow(One=END)}
    return {"Type": "Map", "ItemProcessor": processor, "MaxConcurrency": 10, "ToleratedFailureCount": 0, "End": True,
            **fields}  # fmt: skip


def refused(definition: dict[str, Any], *, is_express: bool = False) -> list[str]:
    return [str(problem) for problem in definition_problems(definition, is_express=is_express)]


def test_a_sound_definition_is_taken() -> None:
    choice = {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Many"}], "Default": "Bad"}
    parallel = {"Type": "Parallel", "Branches": [flow(Left=END), flow(Right=END)], "Next": "Good"}
    caught = many(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Bad"}], End=False, Next="Both")
    del caught["End"]
    assert refused(flow(Ask=choice, Many=caught, Both=parallel, Good={"Type": "Succeed"}, Bad={"Type": "Fail"})) == []


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        (
            {"StartAt": "A", "States": {}},
            "definition.States is empty; an execution runs from state to state; add a state",
        ),
        ({"States": {"A": END}}, "definition.StartAt is missing; it is one of A; name one of them"),
        ({"StartAt": "B", "States": {"A": END}}, 'definition.StartAt is "B"; it is one of A; name one of them'),
        (flow(A={"Type": "Pass", "Next": "B"}), 'definition.States.A goes on to "B"; there are A; name one of them'),
        (
            flow(A={"Type": "Pass"}),
            (
                "definition.States.A has neither Next nor End; a Pass state goes on or ends (Amazon States Language); "
                "set one of them"
            ),
        ),
        (
            flow(A={"Type": "Pass", "Next": "A", "End": True}),
            (
                "definition.States.A has both Next and End; a Pass state goes on or ends (Amazon States Language); set "
                "one of them"
            ),
        ),
        (
            flow(A={"Type": "Job", "End": True}),
            (
                'definition.States.A.Type is "Job"; it is one of Task, Pass, Choice, Wait, Succeed, Fail, Parallel, '
                "Map; correct it"
            ),
        ),
        (flow(A=END, B=END), "definition.States.B is never reached; no state goes on to it; remove it, or lead to it"),
        (
            flow(A={"Type": "Parallel", "Branches": [flow(B=END), flow(B=END)], "End": True}),
            (
                '2 states are called "B"; a state\'s name is unique in the whole definition (Amazon States Language); '
                "rename all but one"
            ),
        ),
        (
            flow(**{"A" * 81: END}),
            f'a state is called "{"A" * 81}"; it has at most 80 characters (Amazon States Language); shorten it',
        ),
        (
            flow(A={"Type": "Task", "Resource": BUILD, "End": True}),
            (
                "definition.States.A.TimeoutSeconds is missing; a step that ends in .sync would wait for as long as "
                "the execution may take, even when nobody answers any more; set TimeoutSeconds"
            ),
        ),
        (
            flow(A={**many(), "MaxConcurrency": 0}),
            (
                "definition.States.A.MaxConcurrency is 0; Step Functions would start up to 10000 child executions at "
                "once (Step Functions quotas); set MaxConcurrency or MaxConcurrencyPath"
            ),
        ),
    ],
)
def test_a_definition_is_refused_in_a_sentence(definition: dict[str, Any], sentence: str) -> None:
    assert refused(definition) == [sentence]


def test_a_distributed_map_says_how_many_at_once_and_how_many_may_fail() -> None:
    silent = many()
    del silent["MaxConcurrency"], silent["ToleratedFailureCount"]
    assert refused(flow(A=silent)) == [
        (
            "definition.States.A.MaxConcurrency is missing; Step Functions would start up to 10000 child executions at "
            "once (Step Functions quotas); set MaxConcurrency or MaxConcurrencyPath"
        ),
        (
            "definition.States.A.ToleratedFailureCount is missing; with none, the first child execution that fails "
            "ends all others (Step Functions guide, distributed mode); set ToleratedFailureCount, or another of "
            "ToleratedFailureCountPath, ToleratedFailurePercentage, ToleratedFailurePercentagePath"
        ),
    ]
    by_path = {"MaxConcurrencyPath": "$.most", "ToleratedFailurePercentagePath": "$.percent"}
    assert refused(flow(A={**silent, **by_path})) == []


def test_inner_states_are_judged_where_they_stand() -> None:
    inner = many()
    inner["ItemProcessor"]["States"]["One"] = {"Type": "Pass", "Next": "Two"}
    assert refused(flow(A=inner)) == [
        'definition.States.A.ItemProcessor.States.One goes on to "Two"; there are One; name one of them'
    ]


def test_an_express_execution_neither_waits_nor_starts_children() -> None:
    waits = {"Type": "Task", "Resource": BUILD, "TimeoutSeconds": 60, "Next": "B"}
    assert refused(flow(A=waits, B=many()), is_express=True) == [
        (
            f'definition.States.A.Resource is "{BUILD}" and type is "EXPRESS"; an Express execution waits for no job '
            "and no callback (Step Functions guide, service integrations); set type to STANDARD"
        ),
        (
            'definition.States.B is a distributed Map and type is "EXPRESS"; only Standard executions start child '
            "executions (Step Functions guide, distributed mode); set type to STANDARD"
        ),
    ]


def test_children_are_started_by_a_distributed_map_only() -> None:
    inline = {"Type": "Map", "ItemProcessor": flow(One=END), "End": True}
    nested = {"Type": "Map", "ItemProcessor": flow(Inner=many()), "End": True}
    assert not has_distributed_map(flow(A=inline))
    assert has_distributed_map(flow(A=nested))
