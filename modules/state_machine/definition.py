"""What Step Functions would refuse of a definition, or carry out in a way that nobody means.

A definition is what the Amazon States Language describes, as plain data: `{"StartAt": ..., "States": {...}}`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from modules.core import build_limits
from modules.core.errors import Problem

_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_GO_ON = ("Task", "Pass", "Wait", "Parallel", "Map")
_WAITING = (".sync", ".sync:2", ".waitForTaskToken")
_TIMEOUTS = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
_TOLERANCES = (
    "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
)  # fmt: skip

State = Mapping[str, Any]


def definition_problems(definition: State, *, is_express: bool = False) -> Iterator[Problem]:
    """Why a definition is refused.

    Args:
        definition: the definition.
        is_express: whether its executions are Express ones.
    """
    found = list(_flows("definition", definition))
    for path, flow in found:
        yield from _flow_problems(path, flow)
    named = [(f"{path}.States.{name}", name, state) for path, flow in found for name, state in _states(flow).items()]
    for path, _, state in named:
        yield from _task_problems(path, state, is_express=is_express)
        yield from _map_problems(path, state, is_express=is_express)
    for name, count in sorted(Counter(name for _, name, _ in named).items()):
        if count > 1:
            yield Problem(
                "", f'{count} states are called "{name}"', "a state's name is unique in the whole definition (Amazon "
                "States Language)", "rename all but one",
            )  # fmt: skip
        if len(name) > build_limits.STATE_MACHINE_MAX_STATE_NAME_LENGTH:
            most = build_limits.STATE_MACHINE_MAX_STATE_NAME_LENGTH
            allowed = f"it has at most {most} characters (Amazon States Language)"
            yield Problem("", f'a state is called "{name}"', allowed, "shorten it")


def has_distributed_map(definition: State) -> bool:
    """Whether a Map of the definition starts child executions, for which its role needs permissions."""
    return any(is_distributed(state) for _, flow in _flows("", definition) for state in _states(flow).values())


def is_distributed(state: State) -> bool:
    """Whether a state is a Map in distributed mode."""
    processor = state.get("ItemProcessor")
    config = processor.get("ProcessorConfig", {}) if isinstance(processor, Mapping) else {}
    return state.get("Type") == "Map" and isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED"


def _flows(path: str, flow: State) -> Iterator[tuple[str, State]]:
    """Every flow of states with its path: the definition, and those inside of Map and Parallel."""
    yield path, flow
    for name, state in _states(flow).items():
        for field in ("ItemProcessor", "Iterator"):
            if isinstance(state.get(field), Mapping):
                yield from _flows(f"{path}.States.{name}.{field}", state[field])
        for number, branch in enumerate(state.get("Branches", ())):
            if isinstance(branch, Mapping):
                yield from _flows(f"{path}.States.{name}.Branches[{number}]", branch)


def _states(flow: State) -> Mapping[str, State]:
    states = flow.get("States")
    found = states if isinstance(states, Mapping) else {}
    return {name: state for name, state in found.items() if isinstance(state, Mapping)}


def _flow_problems(path: str, flow: State) -> Iterator[Problem]:
    states, start = _states(flow), flow.get("StartAt")
    if not states:
        yield Problem("", f"{path}.States is empty", "an execution runs from state to state", "add a state")
        return
    if start not in states:
        given = f"{path}.StartAt is missing" if start is None else f'{path}.StartAt is "{start}"'
        yield Problem("", given, f"it is one of {', '.join(states)}", "name one of them")
        return
    for name, state in states.items():
        yield from _step_problems(f"{path}.States.{name}", state, states)
    unreached = set(states) - _reached(str(start), states)
    for name in sorted(unreached):
        yield Problem(
            "", f"{path}.States.{name} is never reached", "no state goes on to it", "remove it, or lead to it"
        )


def _step_problems(path: str, state: State, states: Mapping[str, State]) -> Iterator[Problem]:
    kind = state.get("Type")
    if kind not in _TYPES:
        given = f"{path}.Type is missing" if kind is None else f'{path}.Type is "{kind}"'
        yield Problem("", given, f"it is one of {', '.join(_TYPES)}", "correct it")
        return
    for target in dict.fromkeys(_targets(state)):
        if target not in states:
            yield Problem("", f'{path} goes on to "{target}"', f"there are {', '.join(states)}", "name one of them")
    if kind in _GO_ON and ("Next" in state) == (state.get("End") is True):
        given = f"{path} has {'both Next and End' if 'Next' in state else 'neither Next nor End'}"
        yield Problem("", given, f"a {kind} state goes on or ends (Amazon States Language)", "set one of them")


def _targets(state: State) -> Iterator[str]:
    for field in ("Next", "Default"):
        if field in state:
            yield str(state[field])
    for field in ("Choices", "Catch"):
        rules: Iterable[Any] = state.get(field, ())
        yield from (str(rule["Next"]) for rule in rules if isinstance(rule, Mapping) and "Next" in rule)


def _reached(start: str, states: Mapping[str, State]) -> set[str]:
    found, to_visit = {start}, [start]
    while to_visit:
        for target in _targets(states[to_visit.pop()]):
            if target in states and target not in found:
                found.add(target)
                to_visit.append(target)
    return found


def _task_problems(path: str, state: State, *, is_express: bool) -> Iterator[Problem]:
    resource = str(state.get("Resource", ""))
    if state.get("Type") != "Task" or not resource.endswith(_WAITING):
        return
    if is_express:
        yield Problem(
            "", f'{path}.Resource is "{resource}" and type is "EXPRESS"',
            "an Express execution waits for no job and no callback (Step Functions guide, service integrations)",
            "set type to STANDARD",
        )  # fmt: skip
    elif not any(field in state for field in _TIMEOUTS):
        yield Problem(
            "", f"{path}.TimeoutSeconds is missing", f"a step that ends in {resource[resource.rindex('.') :]} would "
            "wait for as long as the execution may take, even when nobody answers any more", "set TimeoutSeconds",
        )  # fmt: skip


def _map_problems(path: str, state: State, *, is_express: bool) -> Iterator[Problem]:
    if not is_distributed(state):
        return
    if is_express:
        yield Problem(
            "", f'{path} is a distributed Map and type is "EXPRESS"',
            "only Standard executions start child executions (Step Functions guide, distributed mode)",
            "set type to STANDARD",
        )  # fmt: skip
    concurrency = state.get("MaxConcurrency", state.get("MaxConcurrencyPath"))
    if concurrency in (None, 0):
        yield Problem(
            "", f"{path}.MaxConcurrency is {'missing' if concurrency is None else 0}",
            f"Step Functions would start up to {build_limits.MAP_RUN_MAX_CHILDREN} child executions at once (Step "
            "Functions quotas)", "set MaxConcurrency or MaxConcurrencyPath",
        )  # fmt: skip
    if not any(field in state for field in _TOLERANCES):
        yield Problem(
            "", f"{path}.ToleratedFailureCount is missing",
            "with none, the first child execution that fails ends all others (Step Functions guide, distributed mode)",
            f"set {_TOLERANCES[0]}, or another of {', '.join(_TOLERANCES[1:])}",
        )  # fmt: skip
