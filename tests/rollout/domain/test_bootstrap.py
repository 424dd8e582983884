"""Which buckets rollouts need, and what their policies say."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.target import LocalBackend, S3Backend, Target
from rollout.domain.bootstrap import StateAccess, WantedBucket, alias_of, wanted_buckets
from rollout.domain.bootstrap_documents import (
    Reachers,
    alike,
    bucket_statements,
    key_statements,
    lifecycle_rules,
    merged,
)
from rollout.domain.errors import RolloutError
from rollout.domain.settings import RolloutSettings

OWN, DEV, PROD = "111122223333", "222233334444", "333344445555"
ALIAS = "alias/rollouts"
SETTINGS = RolloutSettings.parse(
    {"store": {"kind": "s3", "bucket": "runs", "region": "eu-west-1", "kms_key_id": ALIAS}}
)
BUCKET = "arn:aws:s3:::states"
STATES = WantedBucket("states", "eu-west-1", ALIAS, states=(StateAccess(DEV, ("acme/dev-main-",)),))


def target(account: str = "main", account_id: str = DEV, **fields: Any) -> Target:
    given = {"env": "dev", "region": "us-east-1", "stack": "orders_api", "owner": "team", **fields}
    backend = given.pop("backend", S3Backend(kind="s3", bucket="states", region="eu-west-1", kms_key_id=ALIAS))
    return Target(org="acme", account=account, account_id=account_id, backend=backend, **given)


def test_runs_and_states_each_want_their_bucket() -> None:
    targets = [target(), target(region="eu-west-1"), target("prod", PROD), target(backend=LocalBackend(), env="test")]
    assert wanted_buckets(SETTINGS, targets) == (
        WantedBucket("runs", "eu-west-1", ALIAS, "lambdanet", (), 17),
        WantedBucket(
            "states",
            "eu-west-1",
            ALIAS,
            None,
            (StateAccess(DEV, ("acme/dev-main-",)), StateAccess(PROD, ("acme/dev-prod-",))),
            17,
        ),
    )
    assert wanted_buckets(RolloutSettings(), [target(backend=LocalBackend())]) == ()


def test_runs_and_states_may_share_one() -> None:
    backend = S3Backend(kind="s3", bucket="runs", region="eu-west-1", kms_key_id=ALIAS)
    (shared,) = wanted_buckets(SETTINGS, [target(backend=backend)])
    assert (shared.runs_prefix, shared.states) == ("lambdanet", (StateAccess(DEV, ("acme/dev-main-",)),))


def test_no_account_reaches_the_states_of_one_whose_name_begins_like_its_own() -> None:
    targets = [
        target("shop"),
        target("shop-eu", PROD),
        target("shop-eu", PROD, region="eu-west-1"),
        target("other", OWN),
    ]
    states = {access.account_id: access.prefixes for access in wanted_buckets(RolloutSettings(), targets)[0].states}
    assert states == {
        DEV: ("acme/dev-shop-us-east-1-",),
        PROD: ("acme/dev-shop-eu-",),
        OWN: ("acme/dev-other-",),
    }


def test_a_bucket_with_two_places_or_keys_is_refused() -> None:
    elsewhere = S3Backend(kind="s3", bucket="states", region="us-east-1")
    with pytest.raises(RolloutError) as caught:
        wanted_buckets(SETTINGS, [target(), target("prod", PROD, backend=elsewhere)])
    assert str(caught.value) == (
        "bucket states: its region is eu-west-1 and us-east-1; a bucket is in one region; correct the targets' backend "
        "and the store in rollout.yaml\n"
        "bucket states: its kms_key_id is alias/rollouts and none; a bucket is encrypted with one key; write the same "
        "in the targets' backend and in rollout.yaml"
    )


def named(statements: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {each["Sid"]: each for each in statements}
    assert len(found) == len(statements)
    return found


def test_everybody_needs_tls_and_kms() -> None:
    statements = named(bucket_statements(STATES, Reachers("aws", DEV, "plan", "apply")))
    assert set(statements) == {
        "LambdanetTlsOnly",
        "LambdanetRecentTlsOnly",
        "LambdanetKmsOnly",
    }  # the own account's roles have their policies
    assert statements["LambdanetTlsOnly"]["Resource"] == [BUCKET, f"{BUCKET}/*"]
    assert statements["LambdanetKmsOnly"]["Condition"] == {
        "Null": {"s3:x-amz-server-side-encryption": "false"},
        "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
    }
    assert set(named(bucket_statements(STATES, Reachers("aws", OWN)))) == set(statements)  # nobody else has a role


def test_an_account_reaches_its_own_states_with_its_roles_only() -> None:
    statements = named(bucket_statements(STATES, Reachers("aws-cn", OWN, "plan", "path/apply")))
    principal = {"AWS": [f"arn:aws-cn:iam::{DEV}:root"]}
    bucket = "arn:aws-cn:s3:::states"
    apply, plan = f"arn:aws-cn:iam::{DEV}:role/path/apply", f"arn:aws-cn:iam::{DEV}:role/plan"
    both = {"ArnLike": {"aws:PrincipalArn": [apply, plan]}}
    for name, action, resource, condition in (
        ("List", "s3:ListBucket", bucket, both),
        (f"Read{DEV}", ["s3:GetObject"], [f"{bucket}/acme/dev-main-*"], both),
        (
            f"Write{DEV}",
            ["s3:PutObject", "s3:DeleteObject"],
            [f"{bucket}/acme/dev-main-*"],
            {"ArnLike": {"aws:PrincipalArn": [apply]}},
        ),
    ):
        assert statements.pop(f"Lambdanet{name}") == {
            "Sid": f"Lambdanet{name}",
            "Effect": "Allow",
            "Principal": principal,
            "Action": action,
            "Resource": resource,
            "Condition": condition,
        }
    assert set(statements) == {"LambdanetTlsOnly", "LambdanetRecentTlsOnly", "LambdanetKmsOnly"}


def test_without_a_role_that_applies_nobody_writes() -> None:
    statements = named(bucket_statements(STATES, Reachers("aws", OWN, "plan")))
    assert not [name for name in statements if "Write" in name]


def test_an_organization_s_accounts_are_let_in_together() -> None:
    reachers = Reachers("aws", OWN, "plan", "apply", "o-a1b2c3d4e5")
    statements = named(bucket_statements(STATES, reachers))
    assert set(statements) == {
        "LambdanetTlsOnly",
        "LambdanetRecentTlsOnly",
        "LambdanetKmsOnly",
        "LambdanetList",
        "LambdanetReadOrganization",
        "LambdanetWriteOrganization",
    }
    written = statements["LambdanetWriteOrganization"]
    assert (written["Principal"], written["Resource"]) == ("*", [f"{BUCKET}/acme/*"])
    assert written["Condition"] == {
        "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/apply"]},
        "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
    }
    used = named(key_statements("eu-west-1", STATES.states, reachers))["LambdanetStates"]
    assert used["Condition"]["StringEquals"] == {
        "aws:PrincipalOrgID": "o-a1b2c3d4e5",
        "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    }


def test_other_accounts_use_the_key_through_s3_only() -> None:
    states = (*STATES.states, StateAccess(PROD, ("acme/dev-prod-",)), StateAccess(OWN, ("acme/dev-own-",)))
    statements = named(key_statements("eu-west-1", states, Reachers("aws", OWN, "plan", "apply")))
    assert statements["LambdanetOwner"]["Principal"] == {"AWS": f"arn:aws:iam::{OWN}:root"}
    used = statements["LambdanetStates"]
    assert used["Principal"] == {"AWS": [f"arn:aws:iam::{DEV}:root", f"arn:aws:iam::{PROD}:root"]}
    assert used["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    assert used["Condition"] == {
        "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/apply", "arn:aws:iam::*:role/plan"]},
        "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
    }
    assert set(named(key_statements("eu-west-1", (), Reachers("aws", OWN, "plan")))) == {"LambdanetOwner"}


@pytest.mark.parametrize(("prefix", "start"), [("lambdanet", "lambdanet/"), ("", "")])
def test_plans_go_and_states_stay(prefix: str, start: str) -> None:
    rules = {rule["ID"]: rule for rule in lifecycle_rules(WantedBucket("runs", "r", None, prefix, plan_days=17))}
    assert rules["LambdanetPlans"]["Filter"] == {"Prefix": f"{start}plans/"}
    assert rules["LambdanetPlans"]["Expiration"] == {"Days": 17}
    assert rules["LambdanetLock"]["Filter"] == {"Prefix": f"{start}lock.json"}
    expiring = [name for name, rule in rules.items() if "Days" in rule.get("Expiration", {})]
    assert expiring == ["LambdanetPlans"]
    assert [rule["ID"] for rule in lifecycle_rules(STATES)] == ["LambdanetOldVersions"]


def test_what_others_set_is_kept() -> None:
    present = [{"Sid": "Theirs"}, {"Sid": "LambdanetOld"}, {"Effect": "Deny"}]
    assert merged(present, [{"Sid": "LambdanetNew"}], "Sid") == [
        {"Sid": "Theirs"},
        {"Effect": "Deny"},
        {"Sid": "LambdanetNew"},
    ]


def test_order_and_lists_of_one_make_no_difference() -> None:
    one: list[dict[str, Any]] = [{"a": ["x", "y"], "b": ["z"]}, {"c": {"d": ["e"]}}]
    assert alike(one, [{"c": {"d": "e"}}, {"b": "z", "a": ["y", "x"]}])
    assert not alike(one, [{"c": {"d": "e"}}, {"b": "z", "a": ["y"]}])
    assert not alike(one, one[:1])


@pytest.mark.parametrize(
    ("key_id", "alias"),
    [
        (ALIAS, ALIAS),
        (f"arn:aws:kms:eu-west-1:{OWN}:{ALIAS}", ALIAS),
        (f"arn:aws:kms:us-east-1:{OWN}:{ALIAS}", ""),
        (f"arn:aws:kms:eu-west-1:{DEV}:{ALIAS}", ""),
        (f"arn:aws:kms:eu-west-1:{OWN}:key/1111aaaa-22bb-43cc-84dd-555566667777", ""),
        ("1111aaaa-22bb-43cc-84dd-555566667777", ""),
        (None, ""),
    ],
)
def test_keys_are_made_by_their_alias_in_their_own_account_and_region(key_id: str | None, alias: str) -> None:
    assert alias_of(key_id, region="eu-west-1", account_id=OWN) == alias
