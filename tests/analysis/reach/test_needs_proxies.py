"""What a proxy connects to is a need of the functions that use the proxy."""

from __future__ import annotations

from analysis.plan import Plan
from analysis.reach.model import Need
from analysis.reach.needs import needs
from tests.analysis.documents import plan, ref, resource


def _plan() -> Plan:
    variables = {"environment": [{"variables": ref("aws_db_proxy.orders.endpoint")}]}
    unknown = {"environment": [{"variables": {"DB_HOST": True}}]}
    return plan(
        resource("aws_db_instance.orders", {"engine": "postgres", "port": 5432}, unknown={"identifier": True}),
        resource("aws_db_proxy.orders", {"name": "orders", "engine_family": "POSTGRESQL"}, unknown={"endpoint": True}),
        resource(
            "aws_db_proxy_target.orders",
            {"db_proxy_name": "orders"},
            expressions={
                "db_proxy_name": ref("aws_db_proxy.orders.name"),
                "db_instance_identifier": ref("aws_db_instance.orders.identifier"),
            },
            unknown={"db_instance_identifier": True},
        ),
        resource("aws_lambda_function.orders", {"environment": [{}]}, expressions=variables, unknown=unknown),
    )


def _found() -> dict[str, Need]:
    return {need.destination.name: need for need in needs(_plan())}


def test_a_proxy_connects_to_its_database_from_its_own_place() -> None:
    need = _found()["aws_db_instance.orders"]
    assert need.origin.resource.address == "aws_db_proxy.orders"
    assert (need.origin.subnets, need.origin.security_groups) == ("vpc_subnet_ids", "vpc_security_group_ids")
    assert need.destination.ports == (5432,)
    assert need.reasons == ("aws_db_proxy_target.orders makes aws_db_instance.orders a target of aws_db_proxy.orders",)


def test_a_function_in_no_vpc_needs_what_lies_in_one() -> None:
    need = _found()["aws_db_proxy.orders"]
    assert need.origin.resource.address == "aws_lambda_function.orders"
