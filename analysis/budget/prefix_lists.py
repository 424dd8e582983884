"""How many entries a prefix list counts for, in rules of security groups and in routes.

VPC guide: a list of one's own counts with its maximum entries, whatever it holds, and a list of AWS with its weight.
"""

from __future__ import annotations

from analysis.budget.states import After, State
from analysis.plan import Resource
from analysis.plan.values import known_strings

_OWN, _AWS, _ENDPOINT = "aws_ec2_managed_prefix_list", "aws_prefix_list", "aws_vpc_endpoint"
_WEIGHTS = {".s3": 1, ".dynamodb": 1, ".cloudfront.origin-facing": 55}
"""End of the name of a list of AWS, or of its service, and its weight (VPC guide, AWS-managed prefix lists)."""


def weight(state: State, resource: Resource, path: str) -> tuple[int, str]:
    """What the prefix lists at a dotted path count for, and what is not known of it; empty where all is.

    Args:
        state: a plan, after or before it.
        resource: what names them.
        path: such as `prefix_list_ids`.
    """
    if not isinstance(state, After):
        return len(tuple(known_strings(resource.get(path)))), ""
    links = state.view.plan.links(resource, path, _OWN, _AWS, _ENDPOINT)
    total, unknown = 0, ""
    for entry in links.resources:
        found = _of(entry)
        total += found or 1
        unknown = unknown or ("" if found else f"the entries of {state.view.address(entry)}")
    if links.literals:
        unknown = unknown or f"the entries of {links.literals[0]}, which is no resource of the plan"
    if links.unresolved:
        unknown = unknown or f"{path} of {state.view.address(resource)}"
    return total + len(links.literals), unknown


def _of(entry: Resource) -> int | None:
    most = entry.get("max_entries")
    if isinstance(most, int) and most > 0:
        return most
    name = entry.get("service_name") if entry.type == _ENDPOINT else entry.get("name")
    if not isinstance(name, str):
        return None
    return next((count for end, count in _WEIGHTS.items() if name.endswith(end)), None)
