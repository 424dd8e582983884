"""What every stack begins with: provider, state, tags, and the target it goes to."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf import App, LocalBackend, S3Backend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from modules.core.config import ConfigModel
from modules.core.context import attach_target
from modules.core.target import LocalBackend as LocalState
from modules.core.target import Target

__all__ = ["App", "TargetStack"]


class TargetStack(TerraformStack):
    """A Terraform root module for one target.

    Attributes:
        target: where it goes.
    """

    def __init__(self, scope: Construct, target: Target) -> None:
        super().__init__(scope, target.name)
        self.target = target
        attach_target(self, target)
        AwsProvider(
            self,
            "aws",
            region=target.region,
            allowed_account_ids=[target.account_id],
            default_tags=[AwsProviderDefaultTags(tags=target.all_tags)],
        )
        self.add_override(
            "terraform.required_providers.aws",
            {"source": "hashicorp/aws", "version": target.aws_provider_version},
        )
        self._set_backend(target)

    def build(self, config: ConfigModel) -> None:
        """Add the stack's modules; each stack says which."""
        raise NotImplementedError

    def synth(self) -> None:
        """Write the app that the stack belongs to, for a program with one stack."""
        App.of(self).synth()

    def output(self, name: str, value: Any, description: str) -> None:
        """An output under exactly `name`, for whoever reads the state."""
        TerraformOutput(self, name, value=value, description=description).override_logical_id(name)

    def _set_backend(self, target: Target) -> None:
        state = target.backend
        if isinstance(state, LocalState):
            # relative to the stack's folder, three below the project: never the absolute path the engine would write
            LocalBackend(self, path=f"../../../terraform.{target.name}.tfstate")
            return
        S3Backend(
            self,
            bucket=state.bucket,
            key=f"{target.org}/{target.name}.tfstate",
            region=state.region,
            encrypt=True,
            kms_key_id=state.kms_key_id,
        )
        self.add_override("terraform.backend.s3.use_lockfile", value=True)
