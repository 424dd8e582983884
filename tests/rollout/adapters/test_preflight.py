"""What preflight asks of accounts: regions, quotas, subnets; what is refused never stops the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from analysis.budget.limits import KINDS
from analysis.quotas import QuotaSnapshot
from rollout.adapters.preflight import Looks, Preflight
from rollout.adapters.preflight_quotas import ADDRESSES, INTERFACES, PER_VPC, Growth, network_quotas
from rollout.adapters.states import States
from rollout.domain.errors import RoleError
from rollout.domain.model import RunTarget
from rollout.domain.preflight import PlaceFound, QuotaUse, Reached, TargetFound
from tests.modules.core.test_target import target

REGION = "eu-west-1"
HERE = RunTarget(target(account_id="123456789012"))
WHERE = "account 123456789012 in eu-west-1"
MISSING = "subnet-0123456789abcdef0"


def denied(operation: str, code: str = "UnauthorizedOperation") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "secret-account-detail"}}, operation)


class Refusing:
    """A client that refuses everything but who asks."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            raise self.error

        return refuse


def looking(clients: Any, project: Path, settings: Mapping[str, Any] | None = None) -> Preflight:
    looks = Looks({"plan": "planner", "apply": ""}, {HERE.name: settings or {}}, lambda _: None, date(2026, 11, 21))
    return Preflight(clients, States(lambda one, _: clients(one, "s3", "plan"), project), looks)


def test_what_cannot_be_read_is_told_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    def clients(_: RunTarget, service: str, purpose: str) -> Any:
        del service, purpose
        return Refusing(denied("DescribeSomething"))

    preflight = looking(clients, tmp_path, {"network": {"subnets": {"private": {"a": MISSING}}}})
    place = preflight.place([HERE])
    assert place.roles == {"plan": Reached("planner", "123456789012"), "apply": Reached("", "123456789012")}
    assert place.unread["region"] == (
        f"{WHERE}: region cannot be read (DescribeSomething: UnauthorizedOperation); it takes ec2:DescribeRegions; "
        "allow them to the plan role"
    )
    assert place.unread["quotas"].startswith(f"{WHERE}: DescribeSomething was refused (UnauthorizedOperation: ")
    found = preflight.target(HERE, place)
    assert found.state is not None
    assert found.unread == {
        "free addresses": f"{WHERE}: free addresses cannot be read (DescribeSomething: UnauthorizedOperation); it "
        "takes ec2:DescribeSubnets and ec2:DescribeVpcs; allow them to the plan role"
    }


def test_nothing_is_asked_where_no_role_leads(tmp_path: Path) -> None:
    asked: list[tuple[str, str, str]] = []

    def clients(one: RunTarget, service: str, purpose: str) -> Any:
        asked.append((one.target.region, service, purpose))
        if purpose == "plan":
            raise RoleError("the role cannot be assumed; let it trust us")
        return Refusing(EndpointConnectionError(endpoint_url="http://nowhere"))

    preflight = looking(clients, tmp_path)
    place = preflight.place([HERE])
    assert place == PlaceFound(
        {
            "plan": Reached("planner", problem="the role cannot be assumed; let it trust us"),
            "apply": Reached("", "123456789012"),
        }
    )
    assert preflight.target(HERE, place) == TargetFound(place)
    assert asked == [("us-east-1", "sts", "plan"), ("us-east-1", "sts", "apply")]


def test_a_region_that_is_not_enabled_is_asked_nothing_more(tmp_path: Path) -> None:
    class Regions(Refusing):
        def describe_regions(self, **asked: Any) -> Any:
            assert asked == {"RegionNames": [REGION], "AllRegions": True}
            return {"Regions": [{"OptInStatus": "not-opted-in"}]}

    def clients(one: RunTarget, service: str, purpose: str) -> Any:
        assert (one.target.region, purpose == "plan" or service == "sts") == ("us-east-1", True)
        return Regions(AssertionError("nothing else is asked"))

    place = looking(clients, tmp_path).place([HERE])
    assert (place.opt_in, place.quotas, place.unread) == ("not-opted-in", (), {})


class Networks:
    """EC2 with so many addresses and interfaces."""

    def describe_addresses(self) -> Any:
        return {"Addresses": [{}] * 2}

    def get_paginator(self, action: str) -> Any:
        assert action == "describe_network_interfaces"
        return self

    def paginate(self, **_: Any) -> Any:
        of_lambda = {"InterfaceType": "lambda", "VpcId": "vpc-1"}
        others = [{"InterfaceType": "efs", "VpcId": "vpc-1"}, {"InterfaceType": "interface", "VpcId": "vpc-2"}]
        yield {"NetworkInterfaces": [of_lambda] * 3}
        yield {"NetworkInterfaces": [*others, {**of_lambda, "VpcId": "vpc-2"}]}


def test_networks_are_held_against_quotas_with_what_plans_make() -> None:
    values = {"account_id": "123456789012", "region": REGION, "taken": "2026-11-21"}
    snapshot = QuotaSnapshot.parse({**values, "quotas": {"L-B99A9384": 1000, "L-0263D0A3": 7}})
    growth = Growth({ADDRESSES: 3, INTERFACES: -4})
    ask = "ask for more by `aws service-quotas request-service-quota-increase --service-code {} --quota-code {} "
    region = f" --region {REGION}`"
    assert list(network_quotas(Networks(), snapshot, growth)) == [
        QuotaUse(KINDS[ADDRESSES].unit, 7, 2, 3, f"{ask.format('ec2', 'L-0263D0A3')}--desired-value 8{region}"),
        QuotaUse(KINDS[INTERFACES].unit, 5000, 6, 0, f"{ask.format('vpc', 'L-DF5E4CA3')}--desired-value 5001{region}"),
        QuotaUse(
            f"{KINDS[PER_VPC].unit} of functions and file systems in vpc-1",
            500,
            4,
            0,
            f"{ask.format('lambda', 'L-9FEE3D26')}--desired-value 501{region}",
        ),
    ]
