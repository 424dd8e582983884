"""Network ACLs, DHCP options, VPN gateways, shares, endpoint services, block public access, bastions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.config import ConfigModel
from modules.network import (
    BastionConfig,
    BlockPublicAccessConfig,
    BlockPublicAccessExclusionConfig,
    DhcpOptionsConfig,
    EndpointServiceConfig,
    NetworkAclConfig,
    NetworkAclRuleConfig,
    NetworkConfig,
    SubnetShareConfig,
    VpnGatewayConfig,
)
from tests.modules.core.samples import CI, LIST_TOKEN, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

VPC: dict[str, Any] = {"cidr": "10.20.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"]}
RULE: dict[str, Any] = {"number": 100, "cidr": "10.0.0.0/8"}
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/ledger/0123456789abcdef"


def test_a_network_acl_lets_the_vpc_talk_https_leave_and_answers_in() -> None:
    config = NetworkAclConfig()
    assert {name: (rule.number, rule.protocol, rule.cidr, rule.from_port) for name, rule in config.ingress.items()} == {
        "vpc": (100, "all", "vpc", 0),
        "answers": (200, "tcp", "0.0.0.0/0", 1024),
        "answers-ipv6": (210, "tcp", "::/0", 1024),
    }
    assert {name: (rule.number, rule.to_port) for name, rule in config.egress.items()} == {
        "vpc": (100, 65535),
        "https": (200, 443),
        "https-ipv6": (210, 443),
    }
    assert [name for name, rule in config.ingress.items() if rule.is_ipv6] == ["answers-ipv6"]
    assert all(rule.action == "allow" for rule in (*config.ingress.values(), *config.egress.values()))


@pytest.mark.parametrize(
    ("model", "data", "expected"),
    [
        (NetworkAclRuleConfig, {**RULE, "number": 32767},
         ("number is 32767; a network ACL's rule number takes 1 to 32766 (VPC guide; 32767 is the rule that denies the "
         "rest); set a value from 1 to 32766")),
        (NetworkAclRuleConfig, {**RULE, "cidr": "10.0.0.1/8"},
         'cidr is "10.0.0.1/8"; it is a network\'s range (10.0.0.1/8 has host bits set); correct it'),
        (NetworkAclRuleConfig, {**RULE, "from_port": 500, "to_port": 400},
         "from_port is 500, and to_port 400; the first is not above the last; swap them"),
        (NetworkAclRuleConfig, {**RULE, "protocol": "all", "to_port": 400},
         "from_port and to_port stand beside protocol all; it has no ports; remove them"),
        (NetworkAclConfig, {"ingress": {"one": RULE, "two": RULE}},
         "ingress has the number 100 for one and two; each rule of a direction has a number of its own; change one"),
        (NetworkAclConfig, {"egress": {f"r{number}": {**RULE, "number": number} for number in range(1, 22)}},
         "egress has 21 rules; a network ACL takes 20 in each direction (VPC quotas); remove some"),
        (DhcpOptionsConfig, {"name_servers": ["AmazonProvidedDNS", "10.0.0.2"]},
         ("name_servers holds AmazonProvidedDNS and others; some hosts ask only the first, so that names are found by "
         "chance (VPC guide); keep AmazonProvidedDNS, or the others")),
        (DhcpOptionsConfig, {"name_servers": ["dns"]},
         'name_servers holds "dns"; a server is an IP address, or AmazonProvidedDNS; correct it'),
        (DhcpOptionsConfig, {"ntp_servers": [f"10.0.0.{number}" for number in range(5)]},
         "ntp_servers has 5 entries; it takes 1 to 4 (VPC guide); correct it"),
        (DhcpOptionsConfig, {"ntp_servers": ["AmazonProvidedDNS"]},
         'ntp_servers holds "AmazonProvidedDNS"; a server is an IP address; correct it'),
        (DhcpOptionsConfig, {"domain_name": "a b"},
         ('domain_name is "a b"; a domain name is labels with dots between; write one domain, as some systems take no '
         "second")),
        (VpnGatewayConfig, {"amazon_side_asn": 65535},
         ("amazon_side_asn is 65535; it is private: 64512 to 65534, or 4200000000 to 4294967294 (EC2 API reference); "
         "choose another")),
        (VpnGatewayConfig, {"propagate_to": ["private", "private"]},
         'propagate_to holds "private" twice; each tier once; remove one'),
        (SubnetShareConfig, {"principals": []},
         "principals is empty; a share is of something, with somebody; name one"),
        (SubnetShareConfig, {"principals": ["1234"]},
         ('principals[0] is "1234"; a principal is an account\'s 12 digits, or the ARN of an organization or an '
         "organizational unit (RAM); write it in quotes")),
        (SubnetShareConfig, {"principals": ["210987654321", "210987654321"]},
         'principals holds "210987654321" twice; each once; remove one'),
        (EndpointServiceConfig, {"network_load_balancer_arns": []},
         "network_load_balancer_arns is empty; a service stands behind at least one; name it"),
        (EndpointServiceConfig, {"network_load_balancer_arns": [BALANCER.replace("/net/", "/app/")]},
         (f'network_load_balancer_arns[0] is "{BALANCER.replace("/net/", "/app/")[:78]}…; a service stands behind '
         "network load balancers, named by their ARNs; write the load balancer's ARN")),
        (EndpointServiceConfig, {"network_load_balancer_arns": [BALANCER], "allowed_principals": ["*"]},
         ('allowed_principals holds "*"; then every AWS account may ask for an endpoint; name accounts, or set '
         "everybody_reason")),
        (BlockPublicAccessConfig, {"mode": "off"},
         'mode is "off"; a mode is one of block-bidirectional, block-ingress; choose one of them'),
        (BlockPublicAccessExclusionConfig, {"vpc_id": "vpc-01234567", "reason": ""},
         "reason is empty; a VPC that is left out is open to the internet; write why"),
        (BastionConfig, {"zone": "eu-west-1a", "volume_gb": 4},
         ("volume_gb is 4; a bastion's volume takes 8 to 16384 GiB (EC2 guide; the image of Amazon Linux takes 8); set "
         "a value from 8 to 16384")),
        (NetworkConfig, {**VPC, "egress": "none", "network_acls": {"public": {}}},
         "network_acls names the tier public; the network has the tiers private, isolated; remove it"),
        (NetworkConfig, {**VPC, "egress": "nat_per_zone", "vpn_gateway": {"propagate_to": ["lambda"]}},
         ("vpn_gateway.propagate_to names the tier lambda; the network has the tiers private, isolated, public; "
         "remove it")),
        (NetworkConfig, {**VPC, "endpoints": {"zones": {"sqs": ["eu-west-1c"]}}},
         ("endpoints.zones.sqs holds eu-west-1c; an endpoint stands in zones of the network; correct it, or add the "
         "zone")),
    ],
)  # fmt: skip
def test_what_aws_would_refuse_or_nobody_would_want(
    model: type[ConfigModel], data: dict[str, Any], expected: str
) -> None:
    assert sentence(model, data) == expected


def test_numbers_leave_room_for_every_range_of_the_vpc() -> None:
    rules = {"vpc": {"number": 100, "protocol": "all", "cidr": "vpc"}, "https": {"number": 101, "cidr": "10.0.0.0/8"}}
    fields = {**VPC, "network_acls": {"private": {"egress": rules}}}
    assert NetworkConfig.parse(fields).network_acls["private"].egress["https"].number == 101
    assert sentence(NetworkConfig, {**fields, "secondary_cidrs": ["100.64.0.0/16"]}) == (
        "network_acls.private: egress has the number 101 for https; the rule vpc takes 2 numbers from 100, one for "
        "each range of the VPC; change one"
    )


def test_addresses_that_are_known_later_pass() -> None:
    assert NetworkAclRuleConfig.parse({**RULE, "cidr": STRING_TOKEN}).cidr == STRING_TOKEN
    assert DhcpOptionsConfig.parse({"name_servers": LIST_TOKEN}).name_servers == tuple(LIST_TOKEN)
    assert EndpointServiceConfig.parse({"network_load_balancer_arns": [STRING_TOKEN]}).allowed_principals == ()


def test_a_share_takes_accounts_organizations_and_their_units() -> None:
    arn = "arn:aws:organizations::123456789012"
    principals = ["210987654321", f"{arn}:organization/o-exampleorgid", f"{arn}:ou/o-exampleorgid/ou-abcd-12345678"]
    config = SubnetShareConfig.parse({"principals": principals})
    assert (config.tiers, config.principals) == (("private",), tuple(principals))


def test_a_bastion_of_graviton_gets_an_image_for_it() -> None:
    assert BastionConfig(zone="eu-west-1a").architecture == "arm64"
    assert BastionConfig(zone="eu-west-1a", instance_type="t3.nano").architecture == "x86_64"


MODELS: tuple[type[ConfigModel], ...] = (
    DhcpOptionsConfig, EndpointServiceConfig, NetworkAclConfig, SubnetShareConfig, VpnGatewayConfig,
)  # fmt: skip


@CI
@given(st.one_of([st.tuples(st.just(model), fields_of(model, {})) for model in MODELS]))
def test_each_is_refused_with_sentences_or_kept(drawn: tuple[type[ConfigModel], dict[str, Any]]) -> None:
    refuses_or_keeps(*drawn)
