"""Leftovers of proxies, in an account of their own."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, Clients


def test_a_proxy_and_its_endpoints(empty: Clients) -> None:
    ec2, rds = empty("ec2"), empty("rds")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
    for suffix in ("", "2"):
        name = f"{PREFIX}{suffix}-proxy"
        rds.create_db_proxy(
            DBProxyName=name,
            EngineFamily="POSTGRESQL",
            Auth=[{"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:s"}],
            RoleArn="arn:aws:iam::123456789012:role/one",
            VpcSubnetIds=subnets,
        )
        rds.create_db_proxy_endpoint(DBProxyName=name, DBProxyEndpointName=f"{name}-reader", VpcSubnetIds=subnets)
    assert leftovers(empty, prefix=PREFIX) == (f"proxy {PREFIX}-proxy", f"proxy endpoint {PREFIX}-proxy-reader")
    rds.delete_db_proxy(DBProxyName=f"{PREFIX}-proxy")
    assert leftovers(empty, prefix=PREFIX) == ()
