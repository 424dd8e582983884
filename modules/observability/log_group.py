"""An encrypted log group with a retention."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.key import KeyBase


class LogGroup(Construct):
    """A CloudWatch log group, encrypted with the stack's key.

    Attributes:
        arn: the group's ARN, as a token.
        name: the group's name, as a token, so that who uses it waits for it.
        resource: Terraform resource, to depend on.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        retention_days: int,
        key: KeyBase,
        log_group_class: str | None = None,
        skip_destroy: bool = False,
        adopt_existing: bool = False,
    ) -> None:
        """Make the group.

        Args:
            scope: what logs.
            construct_id: id below `scope`.
            name: the group's name.
            retention_days: days that logs are kept.
            key: encrypts them.
            log_group_class: `INFREQUENT_ACCESS`; None is STANDARD.
            skip_destroy: whether destroy leaves the group in the account.
            adopt_existing: whether a group of that name which exists is imported into the state.
        """
        super().__init__(scope, construct_id)
        key.allow_log_groups()
        group = CloudwatchLogGroup(
            self,
            "group",
            name=name,
            retention_in_days=retention_days,
            kms_key_id=key.arn,
            log_group_class=log_group_class,
            skip_destroy=skip_destroy,
        )
        if adopt_existing:
            group.import_from(name)
        self.arn: str = group.arn
        self.name: str = group.name
        self.resource = group
