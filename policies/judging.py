"""Our own policies on a view: every verdict, or the reason why there can be none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modules.core.errors import PolicyError
from policies.policy import Outcome, Policy, Verdict
from policies.view import View


def judged(view: View, policies: Iterable[Policy]) -> Iterator[tuple[Policy, Verdict]]:
    """What each policy says of each resource that it concerns; passed verdicts too.

    Args:
        view: what is judged.
        policies: those that judge, such as `catalogue()`.

    Raises:
        PolicyError: a policy fails itself, or says what it must not; the run would prove less than it says.
    """
    for policy in policies:
        seen = set[str]()
        for verdict in _verdicts(view, policy):
            if fault := _fault(view, policy, verdict, seen):
                raise _refusal(view, policy, fault, "")
            seen.add(verdict.address)
            yield policy, verdict


def _verdicts(view: View, policy: Policy) -> tuple[Verdict, ...]:
    try:
        return tuple(sorted(policy.judge(view)))
    except Exception as error:
        raise _refusal(view, policy, f"it failed with {type(error).__name__}: {error}", _line(error)) from error


def _fault(view: View, policy: Policy, verdict: Verdict, seen: set[str]) -> str:
    """Why a verdict cannot be taken; empty for a good one."""
    resource = view.plan.at(verdict.address)
    if resource is None:
        return f"it gave a verdict on {verdict.address}, which the input does not hold"
    if resource.type not in policy.types:
        return f"it gave a verdict on {verdict.address}, and judges {', '.join(policy.types)}"
    if verdict.address in seen:
        return f"it gave two verdicts on {verdict.address}"
    if verdict.outcome is not Outcome.PASSED and not verdict.message:
        return f"it does not say why {verdict.address} {verdict.outcome}"
    return ""


def _refusal(view: View, policy: Policy, fault: str, where: str) -> PolicyError:
    place = f" ({where})" if where else ""
    return PolicyError(
        f"{view.plan.source}: policy {policy.id} cannot be believed: {fault}{place}; without every policy a run proves "
        "less than it says; mend the policy"
    )


def _line(error: Exception) -> str:
    """File and line in which it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '')} line {trace.tb_lineno}"
