"""An interface endpoint stands in two zones, and the service's own names lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.network.endpoints import Endpoint
from analysis.plan import UNKNOWN
from policies.policy import Policy, Severity, Verdict
from policies.samples import LATER, LATER_RESOURCE, merged, network, resource, subnet_ids
from policies.shared.network import AFTER_APPLY, judged, not_told, too_few_zones
from policies.shared.network_samples import LATER_NAMED, gateway_endpoint, interface_endpoint, later, ref
from policies.view import View

_ENDPOINT, _SERVICES_OF_OTHERS = "aws_vpc_endpoint", "vpce."


def judge(view: View) -> Iterator[Verdict]:
    """Each interface endpoint by its subnets and its private DNS."""
    for endpoint in view.network.endpoints.every:
        resource_, kind = endpoint.resource, endpoint.kind
        if resource_.mode != "managed" or kind not in {"Interface", ""}:
            continue
        if not kind:
            yield judged(resource_, (), (f"vpc_endpoint_type is {AFTER_APPLY}",))
            continue
        subnets = [view.network.vpcs.subnet(part) for part in endpoint.subnets.known]
        faults, doubts = too_few_zones(subnets, not_told("subnet_ids", endpoint.subnets.unknown))
        told, open_ = _private_dns(view, endpoint)
        texts = [f"{fault}, so that an outage of one availability zone cuts its callers off" for fault in faults]
        yield judged(resource_, (*texts, *told), (*doubts, *open_))


def _private_dns(view: View, endpoint: Endpoint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is wrong with the names of its service, and what is not known of them.

    Services of others have names of their own. A record or a function that names the endpoint is another way to it.
    """
    resource_ = endpoint.resource
    if endpoint.service.startswith(_SERVICES_OF_OTHERS):
        return (), ()
    value = view.setting(resource_, "private_dns_enabled", default=False)
    if value is True or view.plan.referrers(resource_, "aws_route53_record", "aws_lambda_function"):
        return (), ()
    if value is UNKNOWN:
        return (), (f"private_dns_enabled is {AFTER_APPLY}",)
    if not endpoint.service:
        return (), ("private_dns_enabled is not true, and whether its service has private names is not known",)
    message = f"private_dns_enabled is not true, so that the names of {endpoint.service} lead past it"
    return (message,), ()


POLICY = Policy(
    id="CKV2_LNET_107",
    title="Interface endpoint stands in two availability zones with private DNS",
    severity=Severity.MEDIUM,
    types=(_ENDPOINT,),
    why="An interface endpoint in one availability zone takes the functions of every zone down with it, and without "
    "private DNS the AWS SDK goes on calling the public addresses of the service.",
    source="AWS PrivateLink guide, access an AWS service using an interface VPC endpoint: subnets, private DNS",
    fix="Name a subnet in each availability zone of the callers, and set private_dns_enabled = true.",
    judge=judge,
    samples=(
        merged(
            network(),
            LATER_RESOURCE,
            later("a", subnet_ids()[0]),
            later("b", subnet_ids()[1]),
            gateway_endpoint("gateway", "s3"),
            interface_endpoint("passes_in_two_zones", "secretsmanager"),
            interface_endpoint("passes_by_a_record", "sns", private_dns_enabled=False),
            resource(
                "aws_route53_zone", "sns", name="sns.eu-west-1.amazonaws.com", vpc=[{"vpc_id": ref("aws_vpc.main")}]
            ),
            resource(
                "aws_route53_record",
                "sns",
                zone_id=ref("aws_route53_zone.sns", "zone_id"),
                name="sns.eu-west-1.amazonaws.com",
                type="CNAME",
                ttl=60,
                records=["${aws_vpc_endpoint.passes_by_a_record.dns_entry[0].dns_name}"],
            ),
            interface_endpoint("fails_in_one_zone", "sqs", subnet_ids=subnet_ids()[:1]),
            interface_endpoint("fails_without_private_dns", "kms", private_dns_enabled=False),
            interface_endpoint("fails_by_default", "sts", private_dns_enabled=None),
            interface_endpoint("unknown_then_passes_by_dns", "logs", private_dns_enabled=LATER.format("true")),
            interface_endpoint("unknown_then_fails_by_dns", "events", private_dns_enabled=LATER.format("false")),
            interface_endpoint(
                "unknown_then_passes_by_subnet", "states", subnet_ids=[subnet_ids()[0], LATER_NAMED.format("b")]
            ),
            interface_endpoint("unknown_then_fails_by_subnet", "lambda", subnet_ids=[LATER_NAMED.format("a")]),
        ),
    ),
)
