"""A VPC with endpoints that have private DNS resolves names."""

from __future__ import annotations

from collections.abc import Iterator
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


def judge(view: View) -> Iterator[Verdict]:
    """Each VPC with such endpoints by its DNS support and DNS host names."""
    endpoints, lookups = view.network.endpoints, view.network.lookups
    private, strays = dict[Part, list[tuple[Endpoint, bool]]](), list[Endpoint]()
    for endpoint in endpoints.every:
        if endpoint.kind not in {"Interface", ""}:
            continue
        if endpoints.is_private_dns_off(endpoint):
            if endpoint.vpc is not None:
                private.setdefault(endpoint.vpc, [])
            continue
        is_certain = endpoint.kind != "" and view.setting(endpoint.resource, "private_dns_enabled") is True
        if endpoint.vpc is None or is_open(endpoint.vpc):
            strays.append(endpoint)
        else:
            private.setdefault(endpoint.vpc, []).append((endpoint, is_certain))
    for vpc in vpcs(view):
        mine = private.get(lookups.canonical(vpc), [])
        if lookups.canonical(vpc) not in private and not strays:
            continue
        checks = [view.network.vpcs.dns_support(vpc), view.network.vpcs.dns_hostnames(vpc)]
        certain = [endpoint for endpoint, is_certain in mine if is_certain]
        missing = [check.note.partition(" of ")[0] for check in checks if check.answer is Answer.NO]
        faults = []
        if missing and certain:
            flags = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not true"
            faults = [f"{flags}, so that AWS refuses the private DNS of {certain[0].address}"]
        doubts = [f"{check.note} is {AFTER_APPLY}" for check in checks if check.answer is Answer.UNKNOWN]
        others = [*(endpoint for endpoint, _ in mine), *strays]
        if not others:
            missing, doubts = [], []
        elif missing and not certain:
            other = others[0]
            doubts = [f"{missing[0]} is not true, and whether {other.address} has private DNS in it is not known"]
        yield judged(vpc, faults, doubts)


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
