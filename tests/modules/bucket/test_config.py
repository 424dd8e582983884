"""Configuration of buckets, and the prefixes that permissions are scoped to: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.bucket import BucketConfig
from modules.bucket.statements import prefix_problems, read_statements
from modules.core.errors import ConfigError

TOKEN = "${TfToken[TOKEN.3]}"


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        BucketConfig.parse(fields)
    return str(refused.value)


def test_the_default_is_kept_encrypted_with_the_stacks_key_and_forgets_nothing() -> None:
    config = BucketConfig()
    assert (config.removal, config.sse_algorithm, config.expiration_days) == ("keep", "aws:kms", None)
    assert (config.noncurrent_version_days, config.incomplete_upload_days) == (90, 7)
    assert (config.eventbridge, config.object_lock) == (False, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"noncurrent_version_days": 0},
            (
                "noncurrent_version_days is 0; a rule of an S3 lifecycle takes 1 to 36500 days (S3 API: at least 1; a "
                "hundred years here); set a value from 1 to 36500"
            ),
        ),
        (
            {"expiration_days": "30"},
            (
                'expiration_days is "30"; a rule of an S3 lifecycle takes 1 to 36500 days (S3 API: at least 1; a '
                "hundred years here); write the number without quotes"
            ),
        ),
        (
            {"object_lock": {"mode": "STRICT", "retention_days": 1}},
            ('object_lock.mode is "STRICT"; a retention mode is one of GOVERNANCE, COMPLIANCE; choose one of them'),
        ),
        ({"object_lock": {}}, "object_lock.retention_days is missing; it has no default; set it"),
        (
            {"object_lock": {"retention_days": 36_501}},
            (
                "object_lock.retention_days is 36501; an object lock's retention takes 1 to 36500 days (S3 guide: a "
                "hundred years); set a value from 1 to 36500"
            ),
        ),
        (
            {"sse_algorithm": "AES256"},
            (
                'sse_algorithm is "AES256" without a reason; whoever may read the bucket could read it without the '
                "stack's key; set sse_algorithm_reason, or choose aws:kms"
            ),
        ),
        (
            {"sse_algorithm_reason": "why"},
            'sse_algorithm_reason is "why"; a reason belongs to sse_algorithm: AES256; remove it',
        ),
        (
            {"removal": "destroy"},
            'removal is "destroy" without a reason; the objects would be lost for good; set removal_reason',
        ),
        ({"removal_reason": "why"}, 'removal_reason is "why"; a reason belongs to removal: destroy; remove it'),
        (
            {
                "removal": "destroy",
                "removal_reason": "x",
                "object_lock": {"mode": "COMPLIANCE", "retention_days": 1},
            },
            (
                'removal is "destroy"; object_lock.mode is COMPLIANCE, and nobody can delete what it locks (S3 guide); '
                "set removal to keep, or object_lock.mode to GOVERNANCE"
            ),
        ),
        ({"versioning": False}, "versioning is not a field; remove it, or check its spelling"),
    ],
)
def test_a_bucket_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


@pytest.mark.parametrize("field", ["removal", "sse_algorithm"])
def test_what_decides_what_is_made_is_no_token(field: str) -> None:
    assert refusal(**{field: TOKEN}) == (
        f'{field} is "{TOKEN}"; it decides what is synthesized, so it cannot be a value that is known only later; '
        "write the value itself"
    )


@pytest.mark.parametrize("prefix", ["", "orders/", "a/b/", "a b/"])
def test_a_prefix(prefix: str) -> None:
    assert list(prefix_problems(prefix)) == []


@pytest.mark.parametrize("prefix", ["orders", "/orders/", "/", "or*/", "or?/", "${aws:username}", f"{'x' * 1024}/"])
def test_a_prefix_is_refused(prefix: str) -> None:
    (problem,) = prefix_problems(prefix)
    if prefix.startswith("$"):
        assert str(problem) == (
            "prefix is known only later; names of statements are made of it; write the prefix itself"
        )
    else:
        assert str(problem) == (
            f'prefix is "{prefix}"; it ends in / and does not begin with it, so that it names one folder, and has none '
            "of * ? $ (IAM guide); correct it, such as orders/"
        )


def test_a_prefix_scopes_objects_and_listing() -> None:
    objects, names = read_statements("Files", "arn:aws:s3:::files", "orders/")
    assert objects.resources == ("arn:aws:s3:::files/orders/*",)
    assert (names.resources, names.conditions[0].values) == (("arn:aws:s3:::files",), ("orders/", "orders/*"))
    everything, all_names = read_statements("Files", "arn:aws:s3:::files", "")
    assert everything.resources == ("arn:aws:s3:::files/*",)
    assert all_names.conditions == ()
