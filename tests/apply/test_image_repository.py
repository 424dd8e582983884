"""A repository that functions of this and of another account pull from."""

from __future__ import annotations

import json

from modules.image_repository import ImageRepository, ImageRepositoryConfig
from modules.key import Key
from stacks.base import TargetStack
from tests.apply.harness import Prove

OTHER = "210987654321"
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def build(stack: TargetStack) -> None:
    config = ImageRepositoryConfig.parse(
        {
            "keep_tagged_images": 30,
            "expire_untagged_days": 7,
            "pull_account_ids": [OTHER],
            "removal": "destroy",
            "removal_reason": "a test",
        }
    )
    repository = ImageRepository(stack, "images", key=Key(stack, "key"), config=config)
    stack.output("uri", repository.image_uri(digest=f"sha256:{'a' * 64}"), "One image")
    stack.output("arn", repository.arn, "The repository")


def with_shorter_memory(stack: TargetStack) -> None:
    config = ImageRepositoryConfig(keep_tagged_images=20, removal="destroy", removal_reason="a test")
    repository = ImageRepository(stack, "images", key=Key(stack, "key"), config=config)
    stack.output("uri", repository.image_uri(tag="v1"), "One image")


def test_a_repository_is_encrypted_scanned_and_pulled_from_by_lambda_only(prove: Prove) -> None:
    with prove(build) as applied:
        ecr = applied.client("ecr")
        (repository,) = ecr.describe_repositories()["repositories"]
        assert repository["repositoryName"] == "acme-dev-orders-images"
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        assert repository["encryptionConfiguration"]["encryptionType"] == "KMS"
        assert repository["encryptionConfiguration"]["kmsKey"].startswith("arn:aws:kms:eu-west-1:123456789012:key/")
        name = {"repositoryName": repository["repositoryName"]}

        policy = json.loads(ecr.get_repository_policy(**name)["policyText"])
        own, others, lambda_for_others = policy["Statement"]
        assert own["Sid"] == "LambdaECRImageRetrievalPolicy"
        assert own["Principal"] == {"Service": ["lambda.amazonaws.com"]}
        assert own["Condition"] == {"ArnLike": {"aws:SourceArn": ["arn:aws:lambda:eu-west-1:123456789012:function:*"]}}
        assert others["Principal"] == {"AWS": [f"arn:aws:iam::{OTHER}:root"]}
        assert lambda_for_others["Condition"] == {
            "ArnLike": {"aws:SourceArn": [f"arn:aws:lambda:eu-west-1:{OTHER}:function:*"]}
        }
        assert [statement["Action"] for statement in policy["Statement"]] == [PULL, PULL, PULL]

        rules = json.loads(ecr.get_lifecycle_policy(**name)["lifecyclePolicyText"])["rules"]
        assert [(rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) for rule in rules] == [
            ("untagged", 7),
            ("tagged", 30),
        ]
        assert applied.outputs["uri"] == (
            f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme-dev-orders-images@sha256:{'a' * 64}"
        )

        plan = applied.apply(with_shorter_memory)
        changed = {change.type: change.actions for change in plan.resource_changes if not change.is_quiet}
        assert changed == {"aws_ecr_lifecycle_policy": ("delete", "create"), "aws_ecr_repository_policy": ("update",)}
        assert applied.outputs["uri"] == "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme-dev-orders-images:v1"
