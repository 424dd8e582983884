"""An encrypted log group with a retention."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.key import Key


class LogGroup(Construct):
    """A CloudWatch log group, encrypted with the stack's key.

    Attributes:
        arn: the group's ARN, as a token.
        name: the group's name, as a token, so that who uses it waits for it.
        resource: Terraform resource, to depend on.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, retention_days: int, key: Key) -> None:
        super().__init__(scope, construct_id)
        key.allow_log_groups()
        group = CloudwatchLogGroup(
            self, "group", name=name, retention_in_days=retention_days, kms_key_id=key.arn, skip_destroy=False
        )
        self.arn: str = group.arn
        self.name: str = group.name
        self.resource = group
