"""S3 and DynamoDB through a NAT gateway, which a gateway endpoint would save."""

from __future__ import annotations

from analysis.finding import Finding, Level
from analysis.plan import Plan
from tests.analysis.network.houses import To, house, judged, made, planned, service


def _found(plan: Plan, *services: str) -> list[Finding]:
    result = judged(plan, *(service(name) for name in services))
    return [finding for finding in result.findings if finding.rule == "no-gateway-endpoint"]


def test_s3_through_a_nat_gateway_costs_for_each_gb() -> None:
    (finding,) = _found(planned(house()), "s3", "sqs")
    assert (finding.level, finding.address) == (Level.WARNING, "aws_lambda_function.api")
    assert finding.missing == "a gateway endpoint of s3"
    assert finding.message.startswith("it reaches s3 through aws_nat_gateway.")
    assert finding.message.endswith(" and pays for each GB, although a gateway endpoint is free")
    assert finding.fix == "add an aws_vpc_endpoint of s3 with the route tables of its subnets"


def test_a_vpc_with_the_endpoint_is_left_to_the_endpoint() -> None:
    endpoint = made(
        "aws_vpc_endpoint.s3",
        vpc_id=To("aws_vpc.main.id"),
        service_name="com.amazonaws.eu-west-1.s3",
        vpc_endpoint_type="Gateway",
    )
    assert not _found(planned(house(), endpoint), "s3")
