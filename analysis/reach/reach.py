"""Can each function reach what it needs?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis.finding import Finding, Level
from analysis.network import Network
from analysis.network.weak_spots import weak_spots
from analysis.plan import UNKNOWN, Plan, Resource
from analysis.reach.detours import detours
from analysis.reach.model import Hop, Kind, Need, Pair, Reach, Verdict
from analysis.reach.needs import needs as needs_of
from analysis.reach.paths import path_of
from analysis.reach.start import starts_of
from analysis.reach.trail import Outcome, every, undecided

NO_PATH, UNDECIDED_PATH = "no-path", "undecided-path"


def reach(plan: Plan, needs: Sequence[Need] | None = None) -> Reach:
    """Judge for every need whether it can be reached from every subnet of its origin.

    Args:
        plan: the plan.
        needs: what the functions need; found in the plan where it is not given.

    Returns:
        Reach, never guessed: what the plan does not tell is undecidable.
    """
    network = Network(plan)
    wanted = needs_of(plan) if needs is None else needs
    pairs = tuple(sorted((_pair(network, need) for need in wanted), key=_order))
    findings = (*_findings(pairs), *detours(network, pairs), *weak_spots(network))
    return Reach(pairs, tuple(sorted(set(findings))))


def _pair(network: Network, need: Need) -> Pair:
    outcome = _outcome(network, need)
    if outcome.verdict is Verdict.UNREACHABLE and need.unknown:
        missing = f"{need.unknown}; if it is needed, {outcome.missing} is missing"
        outcome = undecided(missing, outcome.fix, outcome.hops)
    return Pair(need, outcome.verdict, outcome.hops, outcome.missing, outcome.fix)


def _outcome(network: Network, need: Need) -> Outcome:
    origin = need.origin
    if origin.resource.get(origin.subnets) in (None, []):  # unknown is not none: blocks may be dynamic
        return _outside(need)
    starts, doubts = starts_of(network, need)
    outcomes = [path_of(start, need.destination) for start in starts]
    unsure = [undecided(f"the subnets of {origin.resource} ({doubt})", "name its subnets") for doubt in doubts]
    if not outcomes and not unsure:
        unsure = [undecided(f"the subnets of {origin.resource}", "name its subnets")]
    return every((*outcomes, *unsure))


def _outside(need: Need) -> Outcome:
    """A function outside any VPC reaches everything public, and nothing within a VPC."""
    function, destination = need.origin.resource, need.destination
    resource = destination.resource
    if destination.kind is not Kind.RESOURCE:
        return Outcome(Verdict.REACHABLE, (Hop("no VPC", function.address, "the network of Lambda"),))
    if resource is None:
        return undecided(f"where {destination.name} stands")
    if _may_be_public(resource):
        return undecided(f"whether {resource} admits {function} over its public address", "attach it to the VPC")
    fix = f"attach the function to the VPC of {resource}"
    return Outcome(Verdict.UNREACHABLE, (), f"a vpc_config of {function} in the VPC of {resource}", fix, "VPC")


def _may_be_public(resource: Resource) -> bool:
    if resource.type == "aws_opensearch_domain":
        return resource.get("vpc_options") in (None, [], UNKNOWN)
    if resource.type == "aws_lb":
        return resource.get("internal") in (False, None, UNKNOWN)
    if resource.type in {"aws_msk_cluster", "aws_rds_cluster", "aws_instance"}:
        return True
    return resource.get("publicly_accessible") in (True, UNKNOWN)


def _findings(pairs: Iterable[Pair]) -> Iterator[Finding]:
    for pair in pairs:
        function, name = pair.need.function.address, pair.need.destination.name
        why = f" ({pair.need.reasons[0]})" if pair.need.reasons else ""
        if pair.verdict is Verdict.UNREACHABLE:
            message = f"it cannot reach {name}{why}, and will wait until it times out: {pair.missing} is missing"
            yield Finding(NO_PATH, Level.ERROR, function, pair.missing, message, pair.fix)
        elif pair.verdict is Verdict.UNDECIDABLE:
            message = f"whether it reaches {name}{why} cannot be told, as this is not known: {pair.missing}"
            fix = pair.fix or "check it, or write it so that the plan tells"
            yield Finding(UNDECIDED_PATH, Level.UNDECIDABLE, function, pair.missing, message, fix)


def _order(pair: Pair) -> tuple[str, str, str, str]:
    destination = pair.need.destination
    return pair.need.function.address, destination.kind, destination.name, destination.region
