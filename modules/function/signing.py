"""Code signing: which publishers Lambda trusts."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_code_signing_config import (
    LambdaCodeSigningConfig,
    LambdaCodeSigningConfigAllowedPublishers,
    LambdaCodeSigningConfigPolicies,
)
from cdktf_cdktf_provider_aws.signer_signing_profile import SignerSigningProfile
from constructs import Construct

from modules.core.context import target_of
from modules.function.code import CodeArguments
from modules.function.signing_config import CodeSigningConfig

_LONGEST_PROFILE_PREFIX = 38  # the provider appends 26 characters to name_prefix; AWS Signer takes 64


class CodeSigning(Construct):
    """A code signing configuration, and a signing profile of its own when no publisher is named.

    AWS Signer never lets the name of a cancelled profile be used again, so the profile has a name prefix: it is the one
    name in the suite that Terraform completes.

    Attributes:
        arn: the configuration's ARN, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, config: CodeSigningConfig) -> None:
        super().__init__(scope, construct_id)
        publishers = list(config.signing_profile_version_arns)
        if not publishers:
            prefix = target_of(self).naming.name(name, max_length=_LONGEST_PROFILE_PREFIX - 1, separator="_")
            profile = SignerSigningProfile(
                self, "profile", platform_id="AWSLambda-SHA384-ECDSA", name_prefix=f"{prefix}_"
            )
            publishers = [profile.version_arn]
        signing = LambdaCodeSigningConfig(
            self,
            "config",
            description=f"Publishers trusted by {name}",
            allowed_publishers=LambdaCodeSigningConfigAllowedPublishers(signing_profile_version_arns=publishers),
            policies=LambdaCodeSigningConfigPolicies(untrusted_artifact_on_deployment=config.untrusted_artifact),
        )
        self.arn: str = signing.arn


def signing_arn(scope: Construct, config: CodeSigningConfig, *, code: CodeArguments) -> str | None:
    """ARN of a function's code signing configuration, made as construct `signing`; None for an image."""
    if code.package_type == "Image":
        return None
    return CodeSigning(scope, "signing", name=str(scope.node.id), config=config).arn
