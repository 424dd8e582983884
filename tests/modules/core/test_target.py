"""Targets: what they are called, where they lie, and what they refuse."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import LocalBackend, S3Backend, Target
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refusal, refuses_or_keeps, sentence

VALID: dict[str, Any] = {
    "org": "acme",
    "env": "dev",
    "account": "main",
    "account_id": "123456789012",
    "region": "eu-west-1",
    "stack": "orders_api",
    "owner": "orders-team",
}
PART = "it takes 1 to 16 lowercase letters, digits and single inner hyphens"
ORG = f"{PART}, a letter first and not sg, as every name begins with it; shorten or correct it"
OTHER = f"{PART}, as it becomes part of every name; shorten or correct it"
REGION = (
    "an AWS region reads like eu-west-1, in the partitions aws, aws-cn and aws-us-gov; write the region's code name"
)
STACK = "a stack's name is a snake_case word of at most 31 characters; correct it"
CONSTRAINT_RULE = "a Terraform version constraint reads like >= 5.100, < 7"
CONSTRAINT = f"{CONSTRAINT_RULE}; write it in quotes, as operators and versions with commas between"
TAG_VALUE = "a tag's value has letters, digits, spaces and characters of _.:/=+-@ (IAM API); replace it"
BUCKET = "an S3 bucket name has 3 to 63 lowercase letters, digits, hyphens and single dots, and is no IP address"


def target(**fields: Any) -> Target:
    return Target.parse({**VALID, **fields})


def test_a_target_knows_its_names() -> None:
    orders = target()
    assert orders.name == "dev-main-eu-west-1-orders_api"
    assert orders.naming.name("api") == "acme-dev-orders-api-api"
    assert orders.arn("lambda", "function:api") == "arn:aws:lambda:eu-west-1:123456789012:function:api"
    assert orders.backend == LocalBackend()


def test_every_region_of_the_three_partitions_is_taken_and_lies_in_its_partition() -> None:
    session = botocore.session.get_session()
    regions = [
        (region, partition)
        for partition in ("aws", "aws-cn", "aws-us-gov")
        for region in session.get_available_regions("lambda", partition_name=partition)
    ]
    assert len(regions) > 30
    for region, partition in regions:
        assert target(region=region).partition == partition, region
        assert target(region=region).arn("sqs", "q").startswith(f"arn:{partition}:sqs:{region}:")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("org", "a--b", f'org is "a--b"; {ORG}'),
        ("org", "1a", f'org is "1a"; {ORG}'),
        ("org", "sg", f'org is "sg"; {ORG}'),
        ("org", "a" * 17, f'org is "{"a" * 17}"; {ORG}'),
        ("env", "", f'env is ""; {OTHER}'),
        ("env", "Dev", f'env is "Dev"; {OTHER}'),
        ("env", "a" * 17, f'env is "{"a" * 17}"; {OTHER}'),
        ("env", STRING_TOKEN, f'env is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ("env", True, f"env is True; {PART}, as it becomes part of every name; write it in quotes"),
        ("account", "a.b", f'account is "a.b"; {OTHER}'),
        ("account_id", 123456789012, "account_id is 123456789012; an AWS account id has 12 digits; write it in quotes"),
        (
            "account_id",
            "12345678901",
            'account_id is "12345678901"; an AWS account id has 12 digits; quote it in YAML and write all digits',
        ),
        ("region", "us-iso-east-1", f'region is "us-iso-east-1"; {REGION}'),
        ("region", "eusc-de-east-1", f'region is "eusc-de-east-1"; {REGION}'),
        ("region", "eu-west-1a", f'region is "eu-west-1a"; {REGION}'),
        ("stack", "orders__api", f'stack is "orders__api"; {STACK}'),
        ("stack", "orders_", f'stack is "orders_"; {STACK}'),
        ("stack", "a" * 32, f'stack is "{"a" * 32}"; {STACK}'),
        ("owner", " x", 'owner is " x"; it takes 1 to 128 characters on one line; name a team'),
        ("owner", "a" * 129, f'owner is "{"a" * 78}…; it takes 1 to 128 characters on one line; name a team'),
        (
            "owner",
            "R&D's",
            f"owner holds & '; {TAG_VALUE}",
        ),
        ("aws_provider_version", "latest", f'aws_provider_version is "latest"; {CONSTRAINT}'),
        ("aws_provider_version", 5.1, f"aws_provider_version is 5.1; {CONSTRAINT_RULE}; write it in quotes"),
    ],
)  # fmt: skip
def test_a_field_that_aws_or_terraform_would_refuse_is_refused(field: str, value: Any, expected: str) -> None:
    assert sentence(Target, {**VALID, field: value}) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("org", "a" * 16), ("org", "sgx"), ("env", "2"), ("account", "a-1-b"), ("stack", "a" * 31),
        ("owner", "a" * 128), ("owner", "Équipe @commandes 2"), ("owner", "x"),
    ],
)  # fmt: skip
def test_a_field_at_its_bound_is_taken(field: str, value: str) -> None:
    assert getattr(target(**{field: value}), field) == value


@pytest.mark.parametrize(
    ("constraint", "admits_5"),
    [
        (">= 5.100, < 7", True), (">= 6.20, < 7", False), ("~> 6.0", False), ("~> 5.100", True), ("6.69.1", False),
        ("< 7", True), (">= 5.100", True), ("= 5.100.0", True), ("5.100.0", True), ("=6.0", False), ("> 6", False),
        ("> 5.100", True), (">= 10.0", False), ("< 7, >= 6.20", False), (">=5.100,>=6.20", False), ("!= 6.1", True),
        ("<= 6.69, >= 5.100", True), ("<6.0", True), (">= 5.100, != 6.0.0, < 7", True), ("~> 4.0", True),
    ],
)  # fmt: skip
def test_a_constraint_tells_whether_a_provider_before_6_may_run(constraint: str, admits_5: bool) -> None:  # noqa: FBT001  # a table's column
    assert target(aws_provider_version=constraint).allows_provider_5 is admits_5


@pytest.mark.parametrize(
    "constraint", ["", ">= 5.100;< 7", "=> 5", ">= 5.", "5.100.0.0", ">= 5.100, ", "v5", "5.100\n", ">= 5.100-beta1"]
)
def test_what_terraform_does_not_read_as_a_constraint_is_refused(constraint: str) -> None:
    assert sentence(Target, {**VALID, "aws_provider_version": constraint}).endswith(CONSTRAINT)


def test_what_is_missing_and_what_is_unknown_is_told_at_once() -> None:
    assert refusal(Target, {"orgs": "acme", **{name: VALID[name] for name in ("org", "env", "region", "owner")}}) == [
        "account is missing; it has no default; set it",
        "account_id is missing; it has no default; set it",
        "stack is missing; it has no default; set it",
        "orgs is not a field; remove it, or check its spelling",
    ]


@CI
@given(
    fields_of(
        Target,
        {name: st.just(value) for name, value in VALID.items()}
        | {"tags": st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3)},
    )
)
def test_a_target_is_refused_with_sentences_or_has_valid_names(data: dict[str, Any]) -> None:
    config = refuses_or_keeps(Target, data)
    if isinstance(config, Target):
        assert config.naming.name("db", max_length=63).startswith(config.org)
        assert config.all_tags["owner"] == config.owner


KEY_RULE = "Terraform takes a KMS key's id, alias/name, or ARN"
KEY = "1234abcd-12ab-34cd-86ef-1234567890ab"


@pytest.mark.parametrize(
    "key",
    [KEY, "mrk-" + "a" * 32, "alias/state", f"arn:aws:kms:eu-west-1:123456789012:key/{KEY}",
     "arn:aws-cn:kms:cn-north-1:123456789012:alias/a"],
)  # fmt: skip
def test_a_state_bucket_takes_any_reference_to_a_key(key: str) -> None:
    backend = target(backend={"kind": "s3", "bucket": "acme.state", "region": "eu-west-1", "kms_key_id": key}).backend
    assert backend == S3Backend(kind="s3", bucket="acme.state", region="eu-west-1", kms_key_id=key)


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ({"bucket": "b"}, "backend has no kind; it decides which other fields there are; set it"),
        ({"kind": "gcs"}, 'backend.kind is "gcs"; it is one of local, s3; choose one of them'),
        ("local", 'backend is "local"; it takes a mapping of fields; write its fields below it'),
        (
            {"kind": "s3", "bucket": "10.0.0.1", "region": "eu-west-1"},
            f'backend.s3.bucket is "10.0.0.1"; {BUCKET}; write the bucket\'s name',
        ),
        (
            {"kind": "s3", "bucket": "acme", "region": "eu-west-1", "kms_key_id": "state"},
            f'backend.s3.kms_key_id is "state"; {KEY_RULE}; copy it from AWS KMS',
        ),
        (
            {"kind": "s3", "region": "eu-west-1"},
            "backend.s3.bucket is missing; it has no default; set it",
        ),
        ({"kind": "local", "path": "x"}, "backend.local.path is not a field; remove it, or check its spelling"),
    ],
)
def test_a_state_that_terraform_would_not_find_is_refused(backend: Any, expected: str) -> None:
    assert sentence(Target, {**VALID, "backend": backend}) == expected


@pytest.mark.parametrize("bucket", ["ab", "a" * 64, "A-b", "a..b", "-ab", "ab-", "a_b"])
def test_a_name_that_no_bucket_has_is_refused(bucket: str) -> None:
    data = {**VALID, "backend": {"kind": "s3", "bucket": bucket, "region": "eu-west-1"}}
    assert sentence(Target, data).startswith(f'backend.s3.bucket is "{bucket}"; an S3 bucket name has 3 to 63 ')
