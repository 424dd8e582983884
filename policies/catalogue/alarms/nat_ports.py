"""Somebody hears when a NAT gateway has no port left for a connection."""

from __future__ import annotations

from collections.abc import Iterator

from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import merged, network, resource
from policies.shared.alarm_samples import LATER_ACTIONS, alarm, alarm_of_queries, later_actions
from policies.shared.alarms import Metric, coverage, judged, name_of
from policies.view import View

_PORTS = Metric("AWS/NATGateway", ("ErrorPortAllocation",), of_all=True)


def judge(view: View) -> Iterator[Verdict]:
    """Each NAT gateway by the alarms on connections that it had no port for."""
    for entry in view.plan.of("aws_nat_gateway"):
        clause = f"{_PORTS}"
        yield judged(entry, {clause: coverage(view, entry, _PORTS, name_of(entry))})


def _gateway(name: str, zone: str = "a") -> Sample:
    return resource("aws_nat_gateway", name, connectivity_type="private", subnet_id=f"${{aws_subnet.main_{zone}.id}}")


def _alarm(name: str, of: str, /, metric: str = "ErrorPortAllocation", **body: object) -> Sample:
    return alarm(name, metric, {"NatGatewayId": f"${{aws_nat_gateway.{of}.id}}"}, namespace="AWS/NATGateway", **body)


def _query(name: str, metric: str, of: str, **body: object) -> dict[str, object]:
    given = {"namespace": "AWS/NATGateway", "metric_name": metric, "period": 60, "stat": "Sum"}
    return {"id": name, "metric": [{**given, "dimensions": {"NatGatewayId": f"${{aws_nat_gateway.{of}.id}}"}}], **body}


POLICY = Policy(
    id="CKV2_LNET_606",
    title="Alarms watch the ports of every NAT gateway",
    severity=Severity.MEDIUM,
    types=("aws_nat_gateway",),
    why="A NAT gateway holds 55,000 connections to one destination for each of its addresses; what functions open "
    "beyond that fails, as if the destination were down.",
    source="Amazon VPC guide, NAT gateway CloudWatch metrics; CloudWatch guide, recommended alarms for NAT gateways",
    fix="Add an alarm on the Sum of ErrorPortAllocation (NatGatewayId) above 0.",
    judge=judge,
    samples=(
        merged(
            LATER_ACTIONS,
            network(),
            _gateway("passes_with_alarm"),
            _alarm("ports", "passes_with_alarm"),
            _gateway("passes_with_share"),
            alarm_of_queries(
                "share",
                {"id": "share", "expression": "100 * failed / tried", "label": "share", "return_data": True},
                _query("tried", "ConnectionAttemptCount", "passes_with_share"),
                _query("failed", "ErrorPortAllocation", "passes_with_share"),
            ),
            _gateway("fails_without", "b"),
            _alarm("idle", "fails_without", "IdleTimeoutCount"),
            _gateway("unknown_then_passes_later", "b"),
            _alarm("later", "unknown_then_passes_later", alarm_actions=later_actions("some")),
            _gateway("unknown_then_fails_later", "b"),
            _alarm("never", "unknown_then_fails_later", alarm_actions=later_actions("none")),
        ),
    ),
)
