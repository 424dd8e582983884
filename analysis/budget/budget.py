"""Budgets of plans: everything that is counted, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.budget.attached_groups import attachment_claims, small_subnets
from analysis.budget.claims import Claim, rows
from analysis.budget.concurrency import Concurrency, side
from analysis.budget.connections import Connections
from analysis.budget.counts import count_claims
from analysis.budget.faults import faults
from analysis.budget.functions import Attachment, attachments, is_attached
from analysis.budget.interfaces import function_claims, other_claims
from analysis.budget.model import Budget
from analysis.budget.networks import Networks
from analysis.budget.occupants import occupants
from analysis.budget.rules import rule_claims
from analysis.budget.sentences import findings
from analysis.budget.states import After, Before
from analysis.budget.subnets import Subnets
from analysis.budget.view import views
from analysis.plan import Plan
from analysis.quotas import QuotaSnapshot

States = Sequence[tuple[After, Before]]


def budget(
    plans: Sequence[Plan],
    quotas: Mapping[tuple[str, str], QuotaSnapshot] | None = None,
    *,
    account: str = "",
    region: str = "",
    is_named: bool | None = None,
) -> Budget:
    """What plans use of each limit, and whether it fits.

    Plans of one account and region are added up. An account is taken from the provider (`allowed_account_ids`,
    `assume_role`), from ARNs, or from `account`; where it is not known, each plan stands for itself, as its rows say.

    Args:
        plans: the plans.
        quotas: snapshots by account id and region; AWS's defaults hold where there is none.
        account: account id of plans that do not tell theirs.
        region: region of plans that do not tell theirs.
        is_named: whether sentences name the plan; where there are several, by default.

    Returns:
        Rows by rule and scope, and findings about those that do not fit, nearly do not, or cannot be judged.
    """
    seen = views(plans, account=account, region=region, is_named=is_named)
    states = tuple((After(view), Before(view)) for view in seen)
    networks, subnets = Networks(seen), Subnets(states)
    sides = tuple((side(after), side(before)) for after, before in states)
    concurrency = Concurrency(sides, quotas or {})
    connections = Connections(sides)
    functions = tuple(filter(is_attached, attachments(states)))
    networking = tuple(_networking(states, functions, networks, subnets))
    claims = (
        *networking,
        *subnets.others(networking),
        *attachment_claims(functions, states),
        *rule_claims(states),
        *concurrency.claims(),
        *connections.claims(),
    )
    found = rows(claims, {**subnets.limits(), **concurrency.limits, **connections.limits}, quotas or {})
    refused = tuple(fault for after, _ in sides for fault in faults(after))
    small = small_subnets(found, functions, subnets)
    return Budget(
        tuple(entry.row for entry in found),
        (*findings(found, connections.told), *small, *refused, *connections.findings),
    )


def _networking(
    states: States, functions: Sequence[Attachment], networks: Networks, subnets: Subnets
) -> Iterator[Claim]:
    for entry in functions:
        known = (entry.vpc,) if entry.vpc else ()
        networks.join((*known, *entry.subnets.keys, *entry.groups.keys))
        for subnet, groups in entry.before:
            networks.join((*known, subnet, *sorted(groups)))
    others = [(state, entry) for pair in states for state in pair for entry in occupants(state)]
    for _, occupant in others:
        networks.join((*occupant.subnets.keys, *occupant.groups.keys))
    yield from function_claims(functions, networks, subnets)
    yield from other_claims(others, networks, subnets)
    for pair in states:
        for state in pair:
            yield from count_claims(state, networks)
