"""Settings: what they take, and what several of them rule out together.

Complaints of users that end here: a setting that AWS refuses only after minutes of an apply; an account without room
for reserved concurrency; a function that nothing bounds and that opens as many database connections.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function import (
    CapacityProviderConfig,
    DurableConfig,
    FunctionConfig,
    RecursionConfig,
    ResourceTimeoutsConfig,
    RuntimeManagementConfig,
    TenancyConfig,
)
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    NUMBER_TOKEN,
    STRING_TOKEN,
    around,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

VALID: dict[str, Any] = {"code": {"source": "handlers/api"}, "reserved_concurrency": 5}
IMAGE = {"kind": "image", "uri": f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/api@sha256:{'a' * 64}"}
LAYER = "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:21"
CAPACITY = "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:orders"
RUNTIME_VERSION = "arn:aws:lambda:eu-west-1::runtime:0123456789abcdef"
DETACHED = {"state": "detached", "detaching_applied": "it never was in a VPC"}


def function(**fields: Any) -> dict[str, Any]:
    return {**VALID, **fields}


def target(version: str = ">= 5.100, < 7") -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me", "aws_provider_version": version})


def test_a_name_that_lambda_takes_is_taken() -> None:
    for name in ("", "api", "a" * 64, "Orders_API-2"):
        assert FunctionConfig.parse(function(name=name)).name == name


@pytest.mark.parametrize("name", ["a" * 65, "a.b", "a b", "ä", "a/b"])
def test_a_name_that_lambda_refuses_is_refused(name: str) -> None:
    assert sentence(FunctionConfig, function(name=name)) == (
        f'name is "{name}"; a function\'s name has 1 to 64 letters, digits, hyphens and underscores (CreateFunction); '
        "shorten or correct it"
    )


def test_concurrency_that_nothing_bounds_takes_a_reason() -> None:
    assert sentence(FunctionConfig, function(reserved_concurrency=None)) == (
        "reserved_concurrency is null; the function may then use up what every other function of the account shares, "
        "and as many connections; reserve some, or set unreserved_reason"
    )
    taken = FunctionConfig.parse(function(reserved_concurrency=None, unreserved_reason="a trial"))
    assert taken.reserved_concurrency is None
    assert sentence(FunctionConfig, function(unreserved_reason="a trial")) == (
        "unreserved_reason is set; it belongs to reserved_concurrency null; remove it"
    )
    assert sentence(FunctionConfig, {"code": VALID["code"]}) == (
        "reserved_concurrency is missing; it has no default; set it"
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"tracing": "active"}, 'tracing is "active"; tracing is one of Active, PassThrough; choose one of them'),
        ({"snap_start": "true"}, ('snap_start is "true"; snap_start is one of None, PublishedVersions; '
         "choose one of them")),
        ({"name": STRING_TOKEN}, f'name is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"snap_start": STRING_TOKEN}, f'snap_start is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"publish": "yes"}, 'publish is "yes"; it takes true or false; write one of them, without quotes'),
        ({"aws_services": ["SQS"]}, ('aws_services[0] is "SQS"; a service is named as its VPC endpoint is, such as sqs '
         "or ecr.api; write what follows com.amazonaws.REGION. in the endpoint's name")),
        ({"aws_services": ["sqs", "sqs"]}, 'aws_services holds "sqs" twice; each service once; remove one'),
        ({"source_kms_key_arn": "alias/orders"}, ('source_kms_key_arn is "alias/orders"; a KMS key\'s ARN reads like '
         "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS")),
    ],
)  # fmt: skip
def test_a_setting_that_lambda_refuses_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(FunctionConfig, function(**fields)) == expected


SNAP_START = 'snap_start is "PublishedVersions"'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"code": IMAGE},
            (
                f"{SNAP_START} and code is a container image; SnapStart takes managed runtimes (Lambda guide, "
                "SnapStart); package a zip, or remove snap_start"
            ),
        ),
        (
            {"code": {"source": "x", "runtime": "python3.11"}},
            (
                f'{SNAP_START} and runtime is "python3.11"; SnapStart takes python3.14, python3.13, python3.12, '
                "java25, java21, java17.al2023, java11.al2023, java17, java11, dotnet10, dotnet8 (Lambda guide, "
                "SnapStart); use one of them, or remove snap_start"
            ),
        ),
        (
            {"publish": False},
            (
                f"{SNAP_START} and publish is false; Lambda takes snapshots of published versions only (Lambda guide); "
                "set publish to true, or remove snap_start"
            ),
        ),
        (
            {"ephemeral_storage_mb": 513},
            (
                f"{SNAP_START} and ephemeral_storage_mb is 513; SnapStart takes 512 MB of /tmp at most (Lambda guide, "
                "SnapStart); set it to 512, or remove snap_start"
            ),
        ),
    ],
)
def test_what_snap_start_rules_out(fields: dict[str, Any], expected: str) -> None:
    given = function(snap_start="PublishedVersions", publish=True)
    assert FunctionConfig.parse(given).snap_start == "PublishedVersions"
    assert sentence(FunctionConfig, {**given, **fields}) == expected


def test_services_that_are_known_later_cannot_be_reached() -> None:
    # a list that is known only later looks like a list of one service
    assert sentence(FunctionConfig, function(aws_services=LIST_TOKEN)) == (
        f'aws_services[0] is "{LIST_TOKEN[0]}"; {KNOWN_LATER}'
    )


def test_storage_that_is_known_later_is_not_judged() -> None:
    given = function(snap_start="PublishedVersions", publish=True, ephemeral_storage_mb=NUMBER_TOKEN)
    assert FunctionConfig.parse(given).ephemeral_storage_mb == NUMBER_TOKEN


def test_what_tenant_isolation_rules_out() -> None:
    given = function(tenancy={}, url={}, snap_start="PublishedVersions", publish=True)
    rule = (
        "a function with an environment for each tenant has no function URL, SnapStart or provisioned concurrency "
        "(Lambda guide, tenant isolation); remove one of them"
    )
    assert refusal(FunctionConfig, given) == [
        f"tenancy and url are set; {rule}", f"tenancy and snap_start are set; {rule}",
    ]  # fmt: skip


def test_what_managed_instances_rule_out() -> None:
    given = {"capacity_provider": {"capacity_provider_arn": CAPACITY}}
    assert refusal(FunctionConfig, function(**given)) == [
        (
            'capacity_provider is set and attachment.state is "attached"; managed instances run in the capacity '
            "provider's subnets and security groups (Lambda guide); set attachment.state to detached"
        ),
        (
            "capacity_provider is set and reserved_concurrency is a number; managed instances scale by the capacity "
            "provider, not by the account's concurrency (Lambda guide); set reserved_concurrency to null, with "
            "unreserved_reason"
        ),
    ]
    free = {"reserved_concurrency": None, "unreserved_reason": "managed instances", "attachment": DETACHED}
    assert FunctionConfig.parse(function(**given, **free)).capacity_provider is not None


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("code_signing", {"untrusted_artifact": "Enforce"}, "Lambda checks signatures of zip packages only"),
        ("runtime_management", {}, "an image brings its own runtime"),
        ("source_kms_key_arn", "arn:aws:kms:eu-west-1:123456789012:key/1", "Amazon ECR encrypts an image"),
        ("deprecated_runtime_reason", "it moves", "an image brings its own runtime"),
        ("secrets_extension", {"layer_version_arn": LAYER}, "an image takes no layers"),
    ],
)
def test_what_belongs_to_zip_packages_only(field: str, value: Any, why: str) -> None:
    assert sentence(FunctionConfig, function(code=IMAGE, **{field: value})) == (
        f"{field} is set and code is a container image; {why}; remove {field}"
    )


@pytest.mark.parametrize(
    ("fields", "field", "argument"),
    [
        ({"durable": {"execution_timeout_seconds": 60}}, "durable", "durable_config"),
        ({"tenancy": {}}, "tenancy", "tenancy_config"),
        (
            {
                "capacity_provider": {"capacity_provider_arn": CAPACITY}, "attachment": DETACHED,
                "reserved_concurrency": None, "unreserved_reason": "managed instances",
            },
            "capacity_provider",
            "capacity_provider_config",
        ),
        (
            {"source_kms_key_arn": "arn:aws:kms:eu-west-1:123456789012:key/1"},
            "source_kms_key_arn",
            "source_kms_key_arn",
        ),
    ],
)  # fmt: skip
def test_what_provider_5_cannot_write_is_refused_on_it(fields: dict[str, Any], field: str, argument: str) -> None:
    config = FunctionConfig.parse(function(**fields))
    [problem] = config.target_checks(target())
    assert str(problem) == (
        f"{field} is set; AWS provider 5 has no aws_lambda_function.{argument}, and the target allows >= 5.100, < 7; "
        'remove it, or set the target\'s aws_provider_version to ">= 6.69, < 7"'
    )
    assert not list(config.target_checks(target(">= 6.69, < 7")))


@pytest.mark.parametrize(
    ("model", "field", "taken", "refused", "others"),
    [
        (DurableConfig, "execution_timeout_seconds", (1, 31_622_400, NUMBER_TOKEN), (0, 31_622_401), {}),
        (DurableConfig, "retention_days", (1, 90), (0, 91), {"execution_timeout_seconds": 60}),
        (CapacityProviderConfig, "memory_gib_per_vcpu", (2, 8), (1, 9), {"capacity_provider_arn": CAPACITY}),
        (CapacityProviderConfig, "max_concurrency", (1, 1_600), (0, 1_601), {"capacity_provider_arn": CAPACITY}),
        (CapacityProviderConfig, "capacity_provider_arn", (CAPACITY, STRING_TOKEN), ("orders", ""), {}),
        (TenancyConfig, "tenant_isolation_mode", ("PER_TENANT",), ("NONE", STRING_TOKEN), {}),
        (ResourceTimeoutsConfig, "create_minutes", (1, 120), (0, 121, NUMBER_TOKEN), {}),
        (ResourceTimeoutsConfig, "update_minutes", (1, 120), (0, 121), {}),
        (ResourceTimeoutsConfig, "delete_minutes", (1, 120), (0, 121), {}),
    ],
)
def test_a_part_takes_what_aws_takes_and_refuses_the_rest(
    model: Any, field: str, taken: tuple[Any, ...], refused: tuple[Any, ...], others: dict[str, Any]
) -> None:
    for value in taken:
        assert getattr(model.parse({**others, field: value}), field) == value
    for value in refused:
        assert sentence(model, {**others, field: value}).startswith(f"{field} is ")


def test_a_runtime_version_belongs_to_manual() -> None:
    assert refusal(RuntimeManagementConfig, {"update_runtime_on": "Manual"}) == [
        'update_runtime_on is "Manual"; it names the version to stay with; set runtime_version_arn',
        (
            'update_runtime_on is "Manual"; the function then gets no security patches; use FunctionUpdate, or set '
            "unpatched_reason"
        ),
    ]
    assert sentence(RuntimeManagementConfig, {"runtime_version_arn": RUNTIME_VERSION}) == (
        'runtime_version_arn is set and update_runtime_on is "Auto"; it belongs to Manual; remove runtime_version_arn'
    )
    assert sentence(RuntimeManagementConfig, {"runtime_version_arn": "python3.13"}) == (
        'runtime_version_arn is "python3.13"; a runtime version\'s ARN reads like arn:aws:lambda:eu-west-1::runtime:'
        "... (lambda API model); copy it from the INIT_START line of the function's log"
    )
    given = {"update_runtime_on": "Manual", "runtime_version_arn": RUNTIME_VERSION, "unpatched_reason": "a driver"}
    assert RuntimeManagementConfig.parse(given).runtime_version_arn == RUNTIME_VERSION


def test_a_loop_takes_a_reason() -> None:
    assert sentence(RecursionConfig, {"recursive_loop": "Allow"}) == (
        'recursive_loop is "Allow"; a loop then runs, and costs, without end; use Terminate, or set allow_reason'
    )
    assert sentence(RecursionConfig, {"allow_reason": "it walks a tree"}) == (
        "allow_reason is set; it belongs to recursive_loop Allow; remove it"
    )


@CI
@given(
    fields_of(
        FunctionConfig,
        {
            "code": st.sampled_from([VALID["code"], IMAGE]),
            "reserved_concurrency": st.none() | around(0, 100_000),
            "snap_start": st.sampled_from(["None", "PublishedVersions"]),
            "publish": st.booleans(),
            "tenancy": st.none() | st.just({}),
            "url": st.none() | st.sampled_from([{}, {"authorization": "NONE"}, {"invoke_mode": "RESPONSE_STREAM"}]),
            "durable": st.none() | st.just({"execution_timeout_seconds": 5}),
            "secrets_extension": st.none() | st.just({"layer_version_arn": LAYER}),
        },
    )
)
def test_settings_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(FunctionConfig, data)
