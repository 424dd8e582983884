"""Plans as they come: of modules, of several stacks, of CDKTF, and with parts that are not known."""

from __future__ import annotations

from typing import Any

from analysis.budget import Verdict, budget
from tests.analysis.budget.samples import LATER, counted, function, group, snapshot, subnet, told, vpc
from tests.analysis.documents import Entry, plan, ref, resource, text


def attached(name: str, subnets: Any, groups: Any, **extra: Any) -> Entry:
    return resource(
        f"aws_lambda_function.{name}",
        {"vpc_config": [{}]},
        unknown={"vpc_config": [{"subnet_ids": True, "security_group_ids": True}]},
        expressions={"vpc_config": [{"subnet_ids": subnets, "security_group_ids": groups}]},
        **extra,
    )


def test_every_instance_of_a_module_counts() -> None:
    call = {"expressions": {"subnets": ref("aws_subnet.a.id", "aws_subnet.b.id")}}
    inner = [
        resource(
            "aws_security_group.this",
            unknown={"id": True},
            module=f'module.api["{key}"]',
            expressions={"vpc_id": ref("var.vpc")},
        )
        for key in ("one", "two")
    ]
    functions = [
        attached("this", ref("var.subnets"), ref("aws_security_group.this.id"), module=f'module.api["{key}"]')
        for key in ("one", "two")
    ]
    read = plan(vpc(), subnet("a"), subnet("b", "10.0.1.0/24"), *inner, *functions, calls={"api": call})
    row = counted(read).row("interfaces-per-vpc", "aws_vpc.main")
    assert row
    assert [str(share) for share in row.shares] == [
        'module.api["one"].aws_lambda_function.this adds 2',
        'module.api["two"].aws_lambda_function.this adds 2',
    ]


def test_only_the_resources_of_a_module_count_where_only_it_is_looked_at() -> None:
    read = plan(
        resource("aws_eip.outside", unknown=LATER), resource("aws_eip.inside", unknown=LATER, module="module.x")
    )
    row = counted(read.below("module.x")).row("elastic-ips-per-region")
    assert row
    assert row.after == 1


def test_texts_of_cdktf_are_references() -> None:
    entry = attached("api", text(["${aws_subnet.a.id}"]), text(["${aws_security_group.x.id}"]))
    row = counted(plan(vpc(), subnet("a"), group("x"), entry)).row("interfaces-per-vpc", "aws_vpc.main")
    assert row
    assert (row.after, row.verdict) == (1, Verdict.FITS)


def test_the_default_group_of_a_vpc_is_one_group() -> None:
    default = ref("aws_vpc.main.default_security_group_id")
    entries = (attached("one", ref("aws_subnet.a.id"), default), attached("two", ref("aws_subnet.a.id"), default))
    row = counted(plan(vpc(), subnet("a"), *entries)).row("interfaces-per-vpc")
    assert row
    assert (row.scope, row.after, row.verdict) == ("aws_vpc.main", 1, Verdict.FITS)


def test_subnets_that_are_read_during_apply_are_not_known() -> None:
    data = resource("data.aws_subnets.private", unknown={"ids": True}, actions=("read",))
    entry = attached("api", ref("data.aws_subnets.private.ids"), ref("aws_security_group.x.id"))
    found = counted(plan(vpc(), group("x"), data, entry))
    assert {str(finding.level) for finding in found.findings} == {"undecidable"}
    assert {finding.address for finding in found.findings} == {"aws_lambda_function.api"}


def test_groups_that_are_not_known_may_be_groups_of_others() -> None:
    entries = (
        function("known", ["a"], ["x"]),
        attached("open", ref("aws_subnet.a.id"), ref("local.groups")),
    )
    row = counted(plan(vpc(), subnet("a"), group("x"), *entries)).row("interfaces-per-vpc")
    assert row
    assert (row.scope, row.after, row.verdict) == ("aws_vpc.main", 2, Verdict.UNDECIDABLE)
    assert row.unknown == ("vpc_config.security_group_ids of aws_lambda_function.open (local.groups)",)


def test_a_number_of_nodes_that_is_not_known_is_never_one() -> None:
    cache = resource(
        "aws_elasticache_replication_group.main",
        unknown={"num_cache_clusters": True},
        expressions={"num_cache_clusters": ref("local.nodes")},
    )
    [finding] = told(cache)
    assert "the plan does not tell num_cache_clusters of aws_elasticache_replication_group.main" in finding


def test_stacks_of_one_account_share_a_vpc_by_its_id() -> None:
    network = {"id": "subnet-0123456789abcdef0", "vpc_id": "vpc-0123456789abcdef0", "cidr_block": "10.0.0.0/24"}
    config = [{"subnet_ids": [network["id"]], "security_group_ids": ["sg-0a"]}]
    first = plan(
        resource("aws_subnet.a", network, actions=("no-op",), before=network),
        resource("aws_lambda_function.one", {"vpc_config": config}),
    )
    same = plan(resource("aws_lambda_function.two", {"vpc_config": config}))
    other = [{**config[0], "security_group_ids": ["sg-0b"]}]
    more = plan(resource("aws_lambda_function.three", {"vpc_config": other}))
    found = budget([first, same, more], snapshot(), account="123456789012")
    row = found.row("interfaces-per-vpc")
    assert row
    assert (row.scope, [str(share) for share in row.shares]) == (
        "vpc-0123456789abcdef0",
        ["plan.json 1: aws_lambda_function.one adds 1", "plan.json 3: aws_lambda_function.three adds 1"],
    )
    assert found.findings == ()


def test_what_is_destroyed_is_used_no_more() -> None:
    was = {
        "id": "fn",
        "vpc_config": [{"subnet_ids": ["subnet-0a"], "security_group_ids": ["sg-0a"], "vpc_id": "vpc-0a"}],
    }
    gone = resource("aws_lambda_function.api", actions=("delete",), before=was)
    row = counted(plan(gone)).row("interfaces-per-vpc")
    assert row
    assert (row.before, row.after, row.growth, row.verdict) == (1, 0, -1, Verdict.FITS)


def test_a_quota_below_what_exists_already_stops_nothing() -> None:
    state = {"id": "eipalloc-0123456789abcdef0"}
    kept = [resource(f"aws_eip.e[{number}]", state, actions=("no-op",), before=state) for number in range(6)]
    found = counted(plan(*kept), L_0263D0A3=5).row("elastic-ips-per-region")
    assert found
    assert (found.after, found.verdict) == (6, Verdict.FITS)


def test_a_plan_of_nothing_has_no_rows() -> None:
    assert budget([]).rows == ()
    assert budget([plan()]).rows == ()


def test_what_connected_before_did_so_in_each_of_several_plans() -> None:
    state = {"identifier": "main", "engine": "postgres", "instance_class": "db.t4g.micro", "address": "main.example"}
    was = {"function_name": "api", "reserved_concurrent_executions": 20}
    environment = {"environment": [{"variables": {"DB_HOST": "main.example"}}]}
    entries = (
        resource("aws_db_instance.main", state, actions=("no-op",), before=state),
        resource("aws_lambda_function.api", {**was, **environment}, actions=("no-op",), before={**was, **environment}),
    )
    plans = [plan(*entries), plan(*entries)]
    for number in (1, 2):
        found = [row for row in counted(*plans[:number]).rows if row.rule == "database-connections"]
        assert [(row.before, row.after) for row in found] == [(20, 20)] * number
