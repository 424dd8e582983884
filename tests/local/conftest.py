"""One emulator for the tests of a session, empty at the start of each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from local.emulator import Emulator

REGION = "eu-west-1"


class Clients(Protocol):
    """Gives a boto3 client for a service; it is closed after the session."""

    def __call__(self, service: str, region: str = REGION) -> Any: ...


@dataclass(frozen=True)
class Network:
    """A VPC with two subnets and two security groups."""

    vpc: str
    subnets: tuple[str, str]
    groups: tuple[str, str]


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    return running


@pytest.fixture(scope="session")
def made_clients() -> Iterator[dict[tuple[str, str], Any]]:
    made: dict[tuple[str, str], Any] = {}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def clients(emulator: Emulator, made_clients: dict[tuple[str, str], Any]) -> Clients:
    def client(service: str, region: str = REGION) -> Any:
        if (service, region) not in made_clients:
            made_clients[service, region] = emulator.client(service, region)
        return made_clients[service, region]

    return client


@pytest.fixture
def network(clients: Clients) -> Network:
    ec2 = clients("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]
    groups = [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("one", "two")
    ]
    return Network(vpc, (subnets[0], subnets[1]), (groups[0], groups[1]))


@pytest.fixture
def role(clients: Clients) -> str:
    arn: str = clients("iam").create_role(RoleName="service", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return arn
