"""What beside routes and rules decides whether requests arrive."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import resource
from tests.analysis.network.houses import (
    To,
    function,
    host,
    house,
    isolated,
    made,
    planned,
    verdict,
)
from tests.analysis.network.wings import (
    OVER,
    SECRETS,
    peering,
    ways,
)


@pytest.mark.parametrize(
    ("name", "of_service", "of_host"),
    [
        ("HTTPS_PROXY", "undecidable", "undecidable"),
        ("https_proxy", "undecidable", "undecidable"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", "undecidable", "unreachable"),
        ("STAGE", "unreachable", "unreachable"),
    ],
)
def test_variables_that_lead_requests_elsewhere(name: str, of_service: str, of_host: str) -> None:
    caller = function(environment=[{"variables": {name: "http://10.0.0.5:3128"}}])
    given = planned(isolated(), caller)
    assert verdict(given, SECRETS)[0] == of_service
    assert verdict(given, host())[0] == of_host
    if of_service == "undecidable":
        assert verdict(given, SECRETS)[1] == f"where {name} of aws_lambda_function.api leads"


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        (True, ("reachable", "")),
        (False, ("undecidable", "who resolves names, without enable_dns_support of aws_vpc.main")),
        (To("local.dns"), ("undecidable", "who resolves names, without enable_dns_support of aws_vpc.main")),
    ],
)
def test_names_are_resolved_by_the_vpc(support: Any, expected: tuple[str, str]) -> None:
    vpc = made("aws_vpc.main", cidr_block="10.0.0.0/16", enable_dns_support=support)
    assert verdict(planned(house(), vpc), host()) == expected


def test_a_vpc_config_that_is_known_after_apply_is_not_taken_for_none() -> None:
    caller = resource("aws_lambda_function.api", {"function_name": "api"}, unknown={"vpc_config": True})
    found, missing = verdict(planned(house(), caller), host())
    assert (found, "vpc_config.subnet_ids of aws_lambda_function.api" in missing) == ("undecidable", True)
    outside = resource("aws_lambda_function.api", {"function_name": "api", "vpc_config": []})
    assert verdict(planned(house(), outside), host()) == ("reachable", "")


BLOCK = "aws_vpc_block_public_access_options.main"


@pytest.mark.parametrize(
    ("mode", "more", "expected"),
    [
        ("block-ingress", [], ("reachable", "")),
        ("off", [], ("reachable", "")),
        ("block-bidirectional", [], ("unreachable", f"an exclusion of the VPC of aws_subnet.private_a from {BLOCK}")),
        (To("local.mode"), [], ("undecidable", f"internet_gateway_block_mode of {BLOCK}")),
        (
            "block-bidirectional",
            [made("aws_vpc_block_public_access_exclusion.main", vpc_id=To("aws_vpc.main.id"))],
            ("undecidable", f"whether aws_subnet.private_a is excluded from {BLOCK}"),
        ),
    ],
)
def test_block_public_access(mode: Any, more: list[Any], expected: tuple[str, str]) -> None:
    options = made(BLOCK, internet_gateway_block_mode=mode)
    assert verdict(planned(house(), options, more), host()) == expected


def test_names_of_a_service_may_lead_to_another_vpc_where_routes_do() -> None:
    zone = made("aws_route53_zone_association.shared", vpc_id=To("aws_vpc.main.id"), zone_id="Z0123456789ABCDEFGHIJ")
    there = [peering(), ways(*OVER, back=False)]
    assert verdict(planned(isolated(), zone), SECRETS)[0] == "unreachable"
    assert verdict(planned(isolated(), *there), SECRETS)[0] == "unreachable"
    assert verdict(planned(isolated(), zone, *there), SECRETS) == (
        "undecidable",
        "whether aws_route53_zone_association.shared leads the service's names to another VPC",
    )
