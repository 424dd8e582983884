"""Which versions go, and which stay for what reason."""

from __future__ import annotations

import pytest

from modules.core.errors import ConfigError
from rollout.release import ShiftOptions, UnsettledError, plan_prune, prune, shift
from tests.rollout.release.conftest import Account, Clients, Heard, PassingClock


def numbers(account: Account, name: str) -> list[str]:
    found = account.functions.list_versions_by_function(FunctionName=name)["Versions"]
    return [version["Version"] for version in found]


def test_what_nothing_names_goes(account: Account, clients: Clients, heard: Heard) -> None:
    target = account.release("orders", versions=9, at=6)
    functions = account.functions
    functions.create_alias(FunctionName="orders", Name="beta", FunctionVersion="6")
    weights = {"AdditionalVersionWeights": {"2": 0.1}}
    functions.update_alias(FunctionName="orders", Name="beta", FunctionVersion="6", RoutingConfig=weights)
    functions.put_function_event_invoke_config(FunctionName="orders", Qualifier="3", MaximumRetryAttempts=0)
    queue = account.clients("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    arn = account.clients("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    source = functions.create_event_source_mapping(FunctionName="orders:4", EventSourceArn=arn["QueueArn"])["UUID"]
    (planned,) = plan_prune(clients, [target], keep=2)
    assert planned.deleted == (1, 7)
    assert planned.kept == {
        2: ("alias beta",),
        3: ("asynchronous configuration",),
        4: (f"event source {source}",),
        5: ("rollback of live",),
        6: ("alias beta", "alias live"),
        8: ("one of the newest 2",),
        9: ("one of the newest 2",),
    }
    assert len(numbers(account, "orders")) == 10
    (done,) = prune(clients, [target], keep=2, observer=heard)
    assert done == planned
    assert numbers(account, "orders") == ["$LATEST", "2", "3", "4", "5", "6", "8", "9"]
    assert heard.steps["orders"] == [(50.0, "version 1"), (100.0, "version 7")]
    assert prune(clients, [target], keep=2)[0].deleted == ()


def test_provisioned_concurrency_holds_its_version(account: Account, clients: Clients) -> None:
    target = account.release("orders", versions=4, at=4)
    account.functions.put_provisioned_concurrency_config(
        FunctionName="orders", Qualifier="2", ProvisionedConcurrentExecutions=1
    )
    (planned,) = plan_prune(clients, [target], keep=1)
    assert planned.kept == {
        2: ("provisioned concurrency",),
        3: ("rollback of live",),
        4: ("alias live", "newest"),
    }
    assert planned.deleted == (1,)


def test_an_active_deployment_holds_both_its_versions(account: Account, clients: Clients, clock: PassingClock) -> None:
    target = account.release("orders", versions=3, at=1)
    with pytest.raises(UnsettledError):
        shift(clients, [target], ShiftOptions(timeout_seconds=1), clock=clock)
    account.change("orders", "4")
    account.functions.publish_version(FunctionName="orders")
    (planned,) = plan_prune(clients, [target], keep=1)
    deployment = account.deployments("orders")[0]
    assert planned.deleted == (2,)
    assert f"deployment {deployment}" in planned.kept[1]
    assert f"deployment {deployment}" in planned.kept[3]


def test_the_newest_stays_in_any_case(account: Account, clients: Clients) -> None:
    target = account.release("orders")
    with pytest.raises(ConfigError) as caught:
        plan_prune(clients, [target], keep=0)
    assert str(caught.value) == "release prune: --keep is 0; at least the newest version stays; keep 1 or more"
    (planned,) = plan_prune(clients, [target, target], keep=1)
    assert planned.deleted == ()
