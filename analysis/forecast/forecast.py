"""A plan's destroy forecast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, action_of
from analysis.forecast.documented import provider_wait
from analysis.forecast.interfaces import Interfaces
from analysis.forecast.kept import kept
from analysis.forecast.model import Forecast, Step, Wait
from analysis.forecast.moved import moved
from analysis.forecast.permissions import Permissions
from analysis.forecast.protection import refused
from analysis.forecast.replacements import replaced
from analysis.forecast.triggers import triggers
from analysis.plan import Plan

_LEVELS = (Level.ERROR, Level.WARNING, Level.UNDECIDABLE)


def forecast(plan: Plan) -> Forecast:
    """What a destroy or replacement in this plan will hang on or fail at, what it loses, and what it leaves behind.

    Times are documented ones, by AWS or the provider; where no document gives one there is none. `prevent_destroy` is
    not in a plan: Terraform has refused by then.

    Args:
        plan: a plan, also one of `terraform plan -destroy`.
    """
    destruction = Destruction(plan)
    interfaces = Interfaces(destruction)
    found = {
        *interfaces.findings(),
        *Permissions(destruction).findings(),
        *refused(destruction),
        *kept(destruction),
        *replaced(destruction),
        *moved(destruction),
        *triggers(destruction),
    }
    findings = tuple(sorted(found, key=lambda finding: (_LEVELS.index(finding.level), finding.address, finding)))
    return Forecast(tuple(_steps(destruction, interfaces.waits, findings)), findings)


def _steps(destruction: Destruction, waits: Mapping[str, Wait], findings: Iterable[Finding]) -> Iterator[Step]:
    rules: dict[str, set[str]] = {}
    for finding in findings:
        rules.setdefault(finding.address, set()).add(finding.rule)
    position = 0
    ordered = {resource.address: resource for resource in destruction.order}
    others = sorted(address for address in rules if address not in ordered)
    for address in (*ordered, *others):
        resource = ordered.get(address) or destruction.before.get(address)
        if resource is None:
            continue  # what is only created stands in its finding
        destroyed = "delete" in resource.actions
        wait = waits.get(address) or (provider_wait(resource.type) if destroyed else None)
        if wait is None and address not in rules and "forget" not in resource.actions:
            continue
        position += 1
        yield Step(position, address, action_of(resource), wait, tuple(sorted(rules.get(address, ()))))
