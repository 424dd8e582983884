"""A VPC with functions has a flow log that holds what is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.network.lookups import SUBNET, Lookups, is_open
from analysis.network.strays import Part
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import cloud, function, group, merged, network, resource, role
from policies.shared.network import AFTER_APPLY, hosts, judged, lacking, vpcs
from policies.shared.network_samples import LATER_NAMED, later, ref, subnet
from policies.view import View

_LOG, _GROUP, _STREAM = "aws_flow_log", "aws_cloudwatch_log_group", "aws_kinesis_firehose_delivery_stream"
_LOGS, _FIREHOSE = "cloud-watch-logs", "kinesis-data-firehose"
_ENOUGH = ("ALL", "REJECT")


def judge(view: View) -> Iterator[Verdict]:
    """Each VPC that functions are in, by its flow logs: one that is sound is enough."""
    lookups = view.network.lookups
    used, doubts = hosts(view)
    logs = [
        (entry, lookups.vpc_of(entry) if _names(lookups, entry, "vpc_id") else None) for entry in view.plan.of(_LOG)
    ]
    for vpc in vpcs(view):
        canonical = lookups.canonical(vpc)
        if canonical not in used and not doubts:
            continue
        mine = [entry for entry, other in logs if other == canonical]
        strays = [
            entry
            for entry, other in logs
            if (is_open(other) and _names(lookups, entry, "vpc_id")) or _is_within(view, entry, canonical)
        ]
        yield _judged(view, vpc, mine, strays, () if canonical in used else doubts)


def _judged(
    view: View, vpc: Resource, mine: list[Resource], strays: list[Resource], doubts: tuple[str, ...]
) -> Verdict:
    faults, open_ = list[str](), list[str]()
    for entry in mine:
        wrong, unsure = _of(view, entry)
        if not wrong and not unsure:
            return judged(vpc, ())
        faults += wrong
        open_ += unsure
    if open_:
        return judged(vpc, (), open_)
    if strays:
        return judged(vpc, (), [f"whether {strays[0]} is a flow log of all its subnets is not known"])
    if not mine:
        faults = ["it has functions and no flow log, so that nobody sees which connections are rejected"]
    return lacking(view, vpc, () if doubts else faults, doubts)


def _of(view: View, log: Resource) -> tuple[list[str], list[str]]:
    """What is wrong with a flow log, and what is not known of it."""
    faults, doubts = list[str](), list[str]()
    traffic = view.setting(log, "traffic_type")
    if traffic is UNKNOWN:
        doubts.append(f"traffic_type of {log} is {AFTER_APPLY}")
    elif traffic not in _ENOUGH:
        faults.append(f"{log} has traffic_type {traffic}, so that nobody sees which connections are rejected")
    kind = view.setting(log, "log_destination_type", _LOGS)
    if kind is UNKNOWN:
        doubts.append(f"log_destination_type of {log} is {AFTER_APPLY}")
    elif kind in {_LOGS, _FIREHOSE}:
        wrong, unsure = _destination(view, log, is_group=kind == _LOGS)
        faults += wrong
        doubts += unsure
    return faults, doubts


def _destination(view: View, log: Resource, *, is_group: bool) -> tuple[list[str], list[str]]:
    """Log groups and streams are encrypted with a key of the account; S3 encrypts every object by itself."""
    types, path = ((_GROUP,), "kms_key_id") if is_group else ((_STREAM,), "server_side_encryption.enabled")
    named = [path for path in ("log_destination", "log_group_name") if view.setting(log, path) not in (None, "")]
    target = view.plan.links(log, named[0], *types).only if named else None
    if target is None:
        return [], [f"whether the destination of {log} is encrypted is not known, as it is not in the plan"]
    value = view.setting(target, path)
    if value is UNKNOWN and view.plan.links(target, path).is_empty:
        return [], [f"{path} of {target} is {AFTER_APPLY}"]
    if value in (None, "", False):
        return [f"{log} writes to {target}, which is not encrypted with a key of the account ({path})"], []
    return [], []


def _names(lookups: Lookups, log: Resource, path: str) -> bool:
    return lookups.setting(log, path) not in (None, "")


def _is_within(view: View, log: Resource, vpc: Part) -> bool:
    """Whether a flow log is, or may be, of a subnet or a network interface in a VPC."""
    if _names(view.network.lookups, log, "eni_id"):
        return True
    parts = view.network.lookups.parts(log, "subnet_id", SUBNET)
    found = {view.network.vpcs.subnet(part).vpc for part in parts.known}
    return _names(view.network.lookups, log, "subnet_id") and (vpc in found or None in found or bool(parts.unknown))


def _in(vpc: str) -> Sample:
    """A function in one subnet of a network."""
    name = f"of_{vpc}"
    config = {"subnet_ids": [ref(f"aws_subnet.{name}")], "security_group_ids": [ref(f"aws_security_group.{name}")]}
    return merged(
        resource("aws_vpc", vpc, cidr_block="10.0.0.0/16"),
        subnet(name, "a", "10.0.0.0/24", vpc=vpc),
        group(name, vpc=vpc),
        function(name, vpc_config=config),
    )


def _log(vpc: str, name: str = "encrypted", **body: Any) -> Sample:
    settings = {
        "vpc_id": ref(f"aws_vpc.{vpc}"),
        "traffic_type": "ALL",
        "log_destination": ref(f"{_GROUP}.{name}", "arn"),
        "iam_role_arn": ref("aws_iam_role.logs", "arn"),
        **body,
    }
    return resource(_LOG, f"of_{vpc}", **{key: value for key, value in settings.items() if value is not None})


_DESTINATIONS = merged(
    role("logs", "vpc-flow-logs.amazonaws.com"),
    resource("aws_kms_key", "logs", description="Sample logs", deletion_window_in_days=7),
    resource(_GROUP, "encrypted", name=cloud("encrypted"), kms_key_id=ref("aws_kms_key.logs", "arn")),
    resource(_GROUP, "plain", name=cloud("plain")),
    resource("aws_s3_bucket", "logs", bucket=cloud("flow-logs"), force_destroy=True),
)


POLICY = Policy(
    id="CKV2_LNET_114",
    title="VPC with functions has a flow log of rejected connections, encrypted with a key of the account",
    severity=Severity.MEDIUM,
    types=("aws_vpc", "aws_default_vpc"),
    why="A function that waits until it times out tells nothing of the security group or network ACL that rejects it: "
    "only a flow log does. It holds who talks to whom, so that not every reader of logs may read it.",
    source="VPC guide, logging IP traffic using VPC Flow Logs; Security Hub controls for Amazon EC2, EC2.6",
    fix="Add an aws_flow_log with traffic_type ALL or REJECT, to a log group with kms_key_id or to an S3 bucket.",
    judge=judge,
    samples=(
        merged(
            _DESTINATIONS,
            later("traffic", "REJECT"),
            later("accepted", "ACCEPT"),
            network(1, "without_functions"),
            *(_in(vpc) for vpc in ("passes_with_all", "passes_with_rejected", "passes_to_bucket")),
            *(_in(vpc) for vpc in ("fails_without_log", "fails_with_accepted", "fails_without_key")),
            *(_in(vpc) for vpc in ("unknown_then_passes_by_traffic", "unknown_then_fails_by_traffic")),
            _log("passes_with_all"),
            _log("passes_with_rejected", traffic_type="REJECT"),
            _log(
                "passes_to_bucket",
                log_destination_type="s3",
                log_destination=ref("aws_s3_bucket.logs", "arn"),
                iam_role_arn=None,
            ),
            _log("fails_with_accepted", traffic_type="ACCEPT"),
            _log("fails_without_key", "plain"),
            _log("unknown_then_passes_by_traffic", traffic_type=LATER_NAMED.format("traffic")),
            _log("unknown_then_fails_by_traffic", traffic_type=LATER_NAMED.format("accepted")),
        ),
        merged(
            _DESTINATIONS,
            later("vpc", ref("aws_vpc.unknown_then_passes_by_vpc")),
            _in("unknown_then_passes_by_vpc"),
            _log("unknown_then_passes_by_vpc", vpc_id=LATER_NAMED.format("vpc")),
        ),
    ),
)
