"""A VPC with endpoints that have private DNS resolves names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from analysis.network.answer import Answer
from analysis.network.endpoints import Endpoint
from analysis.network.lookups import is_open
from analysis.network.strays import Part
from policies.policy import Policy, Sample, Severity, Verdict
from policies.samples import LATER, LATER_RESOURCE, merged, network, resource
from policies.shared.network import AFTER_APPLY, judged, vpcs
from policies.shared.network_samples import interface_endpoint
from policies.view import View


@dataclass
class _Endpoints:
    """Interface endpoints of VPCs.

    Attributes:
        vpcs: VPCs that have some.
        private: those with private DNS, by VPC.
        open: those that may have it, by VPC; those of which the VPC is not known under None.
    """

    vpcs: set[Part] = field(default_factory=set)
    private: dict[Part, Endpoint] = field(default_factory=dict)
    open: dict[Part | None, Endpoint] = field(default_factory=dict)


def judge(view: View) -> Iterator[Verdict]:
    """Each VPC with interface endpoints by its DNS support and DNS host names."""
    found = _endpoints(view)
    for vpc in vpcs(view):
        canonical = view.network.lookups.canonical(vpc)
        if canonical not in found.vpcs and None not in found.open:
            continue
        private, other = found.private.get(canonical), found.open.get(canonical) or found.open.get(None)
        checks = [view.network.vpcs.dns_support(vpc), view.network.vpcs.dns_hostnames(vpc)]
        missing = [check.note.partition(" of ")[0] for check in checks if check.answer is Answer.NO]
        flags = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not true"
        if private is None and other is None:
            yield judged(vpc, ())
        elif missing and private is not None:
            yield judged(vpc, [f"{flags}, so that AWS refuses the private DNS of {private.address}"])
        elif missing and other is not None:
            yield judged(vpc, (), [f"{flags}, and whether {other.address} has private DNS in it is not known"])
        else:
            yield judged(
                vpc, (), [f"{check.note} is {AFTER_APPLY}" for check in checks if check.answer is Answer.UNKNOWN]
            )


def _endpoints(view: View) -> _Endpoints:
    found = _Endpoints()
    for endpoint in view.network.endpoints.every:
        vpc = None if endpoint.vpc is None or is_open(endpoint.vpc) else endpoint.vpc
        if endpoint.kind not in {"Interface", ""}:
            continue
        if vpc is not None:
            found.vpcs.add(vpc)
        if view.network.endpoints.is_private_dns_off(endpoint):
            continue
        if vpc is not None and endpoint.kind and view.setting(endpoint.resource, "private_dns_enabled") is True:
            found.private.setdefault(vpc, endpoint)
        else:
            found.open.setdefault(vpc, endpoint)
    return found


def _vpc(name: str, private: Any, /, **body: Any) -> Sample:
    """A VPC with an endpoint that has private DNS."""
    endpoint = interface_endpoint(
        f"of_{name}", "sqs", vpc=name, subnet_ids=None, security_group_ids=None, private_dns_enabled=private
    )
    return merged(resource("aws_vpc", name, cidr_block="10.0.0.0/16", **body), endpoint)


_ON = True
_BOTH = {"enable_dns_support": True, "enable_dns_hostnames": True}

POLICY = Policy(
    id="CKV2_LNET_112",
    title="VPC whose endpoints have private DNS has DNS support and DNS host names",
    severity=Severity.HIGH,
    types=("aws_vpc", "aws_default_vpc"),
    why="Private DNS of an endpoint is a private hosted zone of Route 53, which answers only in a VPC with both "
    "settings: AWS refuses to make the endpoint in another one.",
    source="AWS PrivateLink guide, private DNS; VPC guide, DNS attributes",
    fix="Set enable_dns_support = true and enable_dns_hostnames = true.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            network(name="without_endpoints"),
            _vpc("passes_with_both", _ON, **_BOTH),
            _vpc("passes_with_support_by_default", _ON, enable_dns_hostnames=True),
            _vpc("fails_without_host_names", _ON, enable_dns_support=True),
            _vpc("fails_without_support", _ON, enable_dns_support=False, enable_dns_hostnames=True),
            _vpc(
                "unknown_then_passes_by_support",
                _ON,
                enable_dns_hostnames=True,
                enable_dns_support=LATER.format("true"),
            ),
            _vpc("unknown_then_fails_by_host_names", _ON, enable_dns_hostnames=LATER.format("false")),
        ),
        merged(
            LATER_RESOURCE,
            _vpc("unknown_then_passes_by_endpoint", LATER.format("false")),
            _vpc("unknown_then_fails_by_endpoint", LATER.format("true")),
        ),
    ),
)
