"""A private ECR repository that Lambda pulls from."""

from __future__ import annotations

import json
import re

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_cdktf_provider_aws.ecr_repository_policy import EcrRepositoryPolicy
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.image_repository.config import ImageRepositoryConfig
from modules.key import KeyBase

_PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_MAX_NAME_LENGTH = 256  # ECR API reference, CreateRepository

MOVED_TAGS = ("CKV_AWS_51",)
"""Checks that a repository skips whose tags may be moved."""


class ImageRepository(Construct):
    """A repository for the images of functions in this account and in the accounts that are named.

    Attributes:
        name: the repository's name.
        arn: its ARN, as a token.
        url: its address without tag or digest, as a token; who uses it waits for the policy that lets Lambda pull.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: KeyBase, config: ImageRepositoryConfig | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or ImageRepositoryConfig()
        target = target_of(self)
        self._tags_stay = not config.mutable_tags_reason
        self.name = target.naming.name(construct_id, max_length=_MAX_NAME_LENGTH)
        kept = config.removal == "keep"
        repository = EcrRepository(
            self,
            "repository",
            name=self.name,
            image_tag_mutability="IMMUTABLE" if self._tags_stay else "MUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="KMS", kms_key=key.arn)],
            force_delete=None if kept else True,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if kept else None,
        )
        skip(repository, config.mutable_tags_reason, *MOVED_TAGS)
        self.arn: str = repository.arn
        name = repository.name
        EcrLifecyclePolicy(self, "lifecycle-policy", repository=name, policy=_lifecycle_policy(config))
        policy = EcrRepositoryPolicy(
            self, "policy", repository=name, policy=PolicyDocument(_pull_statements(target, config)).json
        )
        host = f"dkr.ecr.{target.region}.amazonaws.com{'.cn' if target.partition == 'aws-cn' else ''}"
        self.url: str = f"{policy.registry_id}.{host}/{policy.repository}"

    def image_uri(self, *, digest: str = "", tag: str = "") -> str:
        """Address of one image, for `ImageCode.uri`.

        Args:
            digest: `sha256:` and 64 hexadecimal digits.
            tag: instead of a digest, where tags are never moved.

        Raises:
            ConfigError: neither or both are given, one of them is malformed, or tags may be moved.
        """
        if bool(digest) == bool(tag):
            given = "digest and tag are both given" if tag else "neither digest nor tag is given"
            raise ConfigError.single(self.node.path, given, "an image has one address", "give one of them")
        if digest:
            if not _DIGEST.fullmatch(digest):
                raise ConfigError.single(
                    self.node.path,
                    f'digest is "{digest}"',
                    "it is sha256: and 64 hexadecimal digits",
                    "copy it from Amazon ECR",
                )
            return f"{self.url}@{digest}"
        if not _TAG.fullmatch(tag):
            raise ConfigError.single(
                self.node.path,
                f'tag is "{tag}"',
                "it has 1 to 128 letters, digits and characters of _.-, and begins with none of .-",
                "correct it",
            )
        if not self._tags_stay:
            raise ConfigError.single(
                self.node.path,
                f'tag is "{tag}"',
                "the repository's tags may be moved, and Terraform does not see it",
                "give the digest",
            )
        return f"{self.url}:{tag}"


def _lifecycle_policy(config: ImageRepositoryConfig) -> str:
    rules = [
        {
            "rulePriority": 1,
            "description": f"Untagged images go after {config.expire_untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": config.expire_untagged_days,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"The newest {config.keep_tagged_images} tagged images stay",
            "selection": {
                "tagStatus": "tagged",
                "tagPatternList": ["*"],
                "countType": "imageCountMoreThan",
                "countNumber": config.keep_tagged_images,
            },
            "action": {"type": "expire"},
        },
    ]
    return json.dumps({"rules": rules}, separators=(",", ":"))


def _pull_statements(target: Target, config: ImageRepositoryConfig) -> list[Statement]:
    """Lambda pulls for functions of this account and of each account named (Lambda guide, container images)."""
    statements = [_lambda_pulls("LambdaECRImageRetrievalPolicy", target, (target.account_id,))]
    if config.pull_account_ids:
        others = tuple(sorted(config.pull_account_ids))
        roots = tuple(f"arn:{target.partition}:iam::{account_id}:root" for account_id in others)
        statements += [
            Statement("OtherAccountsPull", _PULL, principals=(Principal("AWS", roots),)),
            _lambda_pulls("LambdaPullsForOtherAccounts", target, others),
        ]
    return statements


def _lambda_pulls(sid: str, target: Target, account_ids: tuple[str, ...]) -> Statement:
    functions = tuple(
        f"arn:{target.partition}:lambda:{target.region}:{account_id}:function:*" for account_id in account_ids
    )
    return Statement(
        sid,
        _PULL,
        principals=(Principal("Service", ("lambda.amazonaws.com",)),),
        conditions=(Condition("ArnLike", "aws:SourceArn", functions),),
    )
