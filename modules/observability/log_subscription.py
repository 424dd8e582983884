"""Records of a log group, passed on as they are written."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import modules.core.engine

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.cloudwatch_log_subscription_filter import CloudwatchLogSubscriptionFilter
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import RoleLike, sid_mark
from modules.core.iam import Role
from modules.core.invocation import InvocationTarget
from modules.core.statements import Condition, Principal, Statement
from modules.observability.log_source import HasLogs, filter_problems
from modules.observability.log_subscription_config import LogSubscriptionConfig

_LOGS, _KIND = "logs.amazonaws.com", "subscription"
_STATEMENT_ID_LENGTH = 90  # AddPermission takes 100


@runtime_checkable
class InvokedFunction(Protocol):
    """A function that gets records."""

    @property
    def invocation(self) -> InvocationTarget:
        """What of it is invoked."""
        ...

    def allow_invoke(self, statement_id: str, *, principal: str, **narrowed: str) -> TerraformResource:
        """Let somebody invoke it."""
        ...


class WrittenStream(Protocol):
    """A Kinesis stream that gets records."""

    arn: str

    def grant_write(self, grantee: RoleLike) -> None:
        """Let a role put records, and encrypt them."""
        ...


class LogSubscription(Construct):
    """A subscription filter: what is logged goes on, compressed, to a function, a stream, Firehose or another account.

    CloudWatch Logs decrypts an encrypted log group by itself, and encrypts for a stream with the role's grants.

    Attributes:
        name: the filter's name.

    Raises:
        ConfigError: there is no destination or more than one, the log group takes no further filter, or a function
            would be told of its own records, without end.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        of: HasLogs,
        to: InvokedFunction | WrittenStream | None = None,
        config: LogSubscriptionConfig | None = None,
    ) -> None:
        """Make the filter.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the filter's name.
            of: what logs, such as a function.
            to: function or stream that gets the records; None with a destination in the configuration.
            config: which records, and where else they go.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        config = config or LogSubscriptionConfig()
        config.require(target, where=self.node.path)
        self._require(of, to, config)
        self.name = target.naming.name(construct_id, max_length=limits.LOGS_MAX_FILTER_NAME_LENGTH)
        of.logs.filters.setdefault(_KIND, []).append(self.node.path)
        arn, role_arn, dependencies = self._destination(of, to, config)
        CloudwatchLogSubscriptionFilter(
            self,
            "filter",
            name=self.name,
            log_group_name=of.logs.group_name,
            filter_pattern=config.filter_pattern,
            destination_arn=arn,
            role_arn=role_arn or None,
            distribution=config.distribution or None,
            depends_on=dependencies or None,
        )

    def _require(self, of: HasLogs, to: object, config: LogSubscriptionConfig) -> None:
        most = limits.LOGS_MAX_SUBSCRIPTION_FILTERS
        is_full = len(of.logs.filters.get(_KIND, ())) >= most
        problems = list(
            filter_problems(of.logs, kind=_KIND, most=most, source="PutSubscriptionFilter", is_full=is_full)
        )
        named = [field for field in ("firehose_arn", "destination_arn") if getattr(config, field)]
        if to is None and not named:
            problems.append(
                Problem(
                    "", "to is missing", "records go somewhere", "pass to=..., or set firehose_arn or destination_arn"
                )
            )
        if to is not None and named:
            problems.append(
                Problem("", f"to is given and {named[0]} is set", "a subscription has one destination", "remove one")
            )
        if to is not None and to is of:
            problems.append(
                Problem(
                    "",
                    "to is what the records are of",
                    "each record would invoke it, and each invocation write records, without end",
                    "pass them to another function",
                )
            )
        if isinstance(to, InvokedFunction) and config.distribution:
            problems.append(
                Problem(
                    "", "distribution is set and to is a function", "only streams have shards", "remove distribution"
                )
            )
        if problems:
            raise ConfigError(problems).within(self.node.path)

    def _destination(
        self, of: HasLogs, to: InvokedFunction | WrittenStream | None, config: LogSubscriptionConfig
    ) -> tuple[str, str, list[Any]]:
        """ARN of the destination, of the role that writes to it, and what must be there before."""
        if isinstance(to, InvokedFunction):
            allowed = to.allow_invoke(
                f"logs-{sid_mark(self.node.path)[-_STATEMENT_ID_LENGTH:]}",
                principal=_LOGS,
                source_arn=f"{of.logs.group_arn}:*",
                source_account=target_of(self).account_id,
            )
            return to.invocation.arn, "", [allowed]
        if to is None and config.destination_arn:
            return config.destination_arn, "", []  # the destination's owner has a role for it
        role = self._role()
        if to is not None:
            to.grant_write(role)
        else:
            put = ("firehose:PutRecord", "firehose:PutRecordBatch")
            role.grant(Statement("PutRecords", put, (config.firehose_arn,)))
        return (to.arn if to is not None else config.firehose_arn), role.arn, list(role.dependencies)

    def _role(self) -> Role:
        target = target_of(self)
        trust = Statement(
            sid="ServiceAssumesRole",
            actions=("sts:AssumeRole",),
            principals=(Principal("Service", (_LOGS,)),),
            conditions=(Condition("StringLike", "aws:SourceArn", (target.arn("logs", "*"),)),),
        )
        name = target.naming.name(f"{self.node.id}-logs")
        return Role(self, "role", name=name, trust=trust, statements=())
