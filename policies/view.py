"""What policies look at: a plan, and what the calculators make of it, each made once and only when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from analysis.budget import Budget, budget
from analysis.finding import Finding, Level
from analysis.iam import RolePolicies, allowed
from analysis.network import Network
from analysis.plan import Plan, Resource
from analysis.quotas import QuotaSnapshot
from analysis.reach import Reach
from analysis.reach.reach import reach
from analysis.triggers import trigger_findings
from policies.policy import Verdict, failed, passed, unknown


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, eq=False)
class Together:
    """Plans of one account and region that are judged in one run: what they take together is added up once.

    Attributes:
        plans: one of each target.
        quotas: quota snapshots by account and region.
        account: account id of them all.
        region: region of them all.
    """

    plans: tuple[Plan, ...]
    quotas: Mapping[tuple[str, str], QuotaSnapshot] = field(default_factory=dict, repr=False)
    account: str = ""
    region: str = ""

    @cached_property
    def budget(self) -> Budget:
        """What they take of each quota."""
        return budget(self.plans, self.quotas, account=self.account, region=self.region)


@dataclass(frozen=True)
class View:
    """A plan as policies see it.

    Attributes:
        plan: what is judged; a real plan, or one read from synthesized JSON.
        today: the day that support of runtimes is judged by.
        quotas: quota snapshots by account and region; may be empty.
        account: account id of the plan, where it is known.
        region: region of what the plan does not tell the region of.
        beside: plans of the same account and region that are judged in the same run.
        together: the plan and those beside it, where views share what these add up to.
    """

    plan: Plan
    today: date = field(default_factory=_today)
    quotas: Mapping[tuple[str, str], QuotaSnapshot] = field(default_factory=dict, repr=False)
    account: str = ""
    region: str = ""
    beside: tuple[Plan, ...] = field(default=(), repr=False)
    together: Together | None = field(default=None, repr=False, compare=False)

    @cached_property
    def network(self) -> Network:
        """The networks of the plan."""
        return Network(self.plan)

    @cached_property
    def reach(self) -> Reach:
        """What each function needs, and whether it reaches it."""
        return reach(self.plan)

    @cached_property
    def budget(self) -> Budget:
        """What the plan, and those beside it, take of each quota."""
        if self.together is not None:
            return self.together.budget
        return budget([self.plan, *self.beside], self.quotas, account=self.account, region=self.region)

    @cached_property
    def own_budget(self) -> Budget:
        """What the plan takes alone; its findings name resources by their plain addresses, whatever is beside it."""
        return (
            budget([self.plan], self.quotas, account=self.account, region=self.region) if self.beside else self.budget
        )

    @cached_property
    def functions(self) -> tuple[Resource, ...]:
        """All functions."""
        return self.plan.of("aws_lambda_function")

    @cached_property
    def functions_in_vpc(self) -> tuple[Resource, ...]:
        """Functions that are attached to a VPC, or may be."""
        return tuple(entry for entry in self.functions if self.setting(entry, "vpc_config") not in (None, []))

    def setting(self, resource: Resource, path: str, default: Any = None) -> Any:
        """The value at a path; `default` where the configuration sets none and AWS has given none yet.

        UNKNOWN only where the configuration sets something that is not known yet.
        """
        return self.network.lookups.setting(resource, path, default)

    def allowed(self, role: Resource) -> RolePolicies:
        """What a role may do, by every policy that the plan attaches to it."""
        return allowed(self.plan, role)

    def findings(self, *rules: str) -> tuple[Finding, ...]:
        """What the calculators found by these rules."""
        wanted = frozenset(rules)
        return tuple(entry for rule in sorted(wanted) for entry in self._by_rule.get(rule, ()))

    def verdicts(self, among: Iterable[Resource], *rules: str) -> Iterator[Verdict]:
        """The calculators' findings as verdicts on the resources that a policy concerns."""
        found = dict[str, list[Finding]]()
        for entry in self.findings(*rules):
            found.setdefault(entry.address, []).append(entry)
        for resource in among:
            mine = sorted(found.get(resource.address, ()), key=lambda entry: (entry.level is Level.UNDECIDABLE, entry))
            if not mine:
                yield passed(resource)
            elif mine[0].level is Level.UNDECIDABLE:
                yield unknown(resource, mine[0].message, mine[0].fix)
            else:
                certain = [entry for entry in mine if entry.level is not Level.UNDECIDABLE]
                message = "; ".join(dict.fromkeys(entry.message for entry in certain))
                yield failed(resource, message, "; ".join(dict.fromkeys(entry.fix for entry in certain)))

    @cached_property
    def _by_rule(self) -> Mapping[str, tuple[Finding, ...]]:
        found = dict[str, list[Finding]]()
        for entry in (*self.reach.findings, *self.budget.findings, *trigger_findings(self.plan)):
            found.setdefault(entry.rule, []).append(entry)
        return {rule: tuple(entries) for rule, entries in found.items()}
