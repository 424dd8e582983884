"""Extensions of functions, which call services from within the function's network.

Source: CloudWatch guide, Lambda Insights: its extension writes to CloudWatch Logs itself, so that a function without
internet needs an endpoint for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import Plan, Resource
from analysis.reach.model import Destination, Kind
from analysis.reach.needs_evidence import Evidence

_LAYERS = {":layer:LambdaInsightsExtension": "logs"}


def extension_evidence(plan: Plan, function: Resource) -> Iterator[Evidence]:
    """What the extensions among a function's layers call."""
    for arn in plan.links(function, "layers").literals:
        for name, service in _LAYERS.items():
            if name in arn:
                reason = f"{function.address} has the layer {arn}"
                yield Evidence(function, Destination(Kind.SERVICE, service), reason)
