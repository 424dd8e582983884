"""Configuration of the stack rollout_engine; imports no engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.bucket import BucketConfig
from modules.build_project import BuildProjectConfig, S3Source
from modules.build_project.config import Source
from modules.core import build_limits, limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import AccountId, KeyPrefix, KnownBucketName, Matching, Reason, RoleName, Text, Within
from modules.core.target import Target
from modules.key import KeyConfig
from modules.network import NetworkConfig
from modules.observability import AlarmTopicConfig
from modules.state_machine import StateMachineConfig

BUILDSPEC = """\
version: 0.2
phases:
  install:
    runtime-versions:
      python: 3.12
    commands:
      - python3 -m pip install --quiet --disable-pip-version-check '.[terraform]'
  build:
    commands:
      - |
        case "$ROLLOUT_STEP" in
          gate) lambdanet rollout gate --run "$ROLLOUT_RUN" --wave "$ROLLOUT_WAVE" ;;
          unit) lambdanet rollout unit apply --run "$ROLLOUT_RUN" --target "$ROLLOUT_TARGET" \\
                  --plan-digest "$ROLLOUT_PLAN_DIGEST" ;;
          settle) lambdanet rollout settle --run "$ROLLOUT_RUN" --wave "$ROLLOUT_WAVE" \\
                    --wait-minutes "$ROLLOUT_WAIT_MINUTES" ;;
          *) echo "ROLLOUT_STEP is '$ROLLOUT_STEP'; it is one of gate, unit, settle" >&2; exit 2 ;;
        esac
"""
"""What a build of the engine does: installs the project, and calls the command line for one step."""

POLL_SECONDS = 30
"""Between two looks at a build."""
SETTLE_POLL_SECONDS = 60
"""The same for the build that settles, which lasts as long as the wave bakes."""
EVENTS_PER_LOOK = 9  # Step Functions guide, execution history: wait 2, task 5, choice 2
_STEP_MINUTES = build_limits.EXECUTION_MAX_EVENTS // EVENTS_PER_LOOK * POLL_SECONDS // 60
"""How long an execution of its own may look at a build before its history is full, with room for nothing else."""
MOST_MINUTES = _STEP_MINUTES * 9 // 10
"""Of a unit, which has a history of its own, and of settling, which leaves half of one to the gates and shards."""
_MOST_ACCOUNTS = 50
"""Two ARNs of some 55 characters each for an account, and as much again for the rest of the policy."""


class StoreConfig(ConfigModel):
    """Where runs are kept: `store` of `environments/rollout.yaml`, with the ARN of its key.

    Raises:
        ConfigError: with every refused field.
    """

    bucket: KnownBucketName = Field(
        description="Bucket, in the target's region; `lambdanet rollout bootstrap` makes it."
    )
    prefix: KeyPrefix = Field(default="lambdanet", description="What every key begins with; empty for nothing.")
    key_arn: Text = Field(default="", description="ARN of its kms_key_id; empty where it has none.")

    @property
    def folder(self) -> str:
        """The folder of all runs, with a / at its end; empty for the whole bucket."""
        return f"{self.prefix}/" if self.prefix else ""


class EngineBuildConfig(BuildProjectConfig):
    """How the engine's builds run; each carries one target, gate or settlement of a wave.

    Raises:
        ConfigError: with every refused field.
    """

    buildspec: Text = Field(
        default=BUILDSPEC,
        description="What a build does, as YAML. It finds ROLLOUT_STEP (gate, unit or settle), ROLLOUT_RUN, "
        "ROLLOUT_WAVE, for a unit ROLLOUT_TARGET and ROLLOUT_PLAN_DIGEST, and for settling ROLLOUT_WAIT_MINUTES in its "
        "environment, and ends with the exit code of the command line, which tells the execution what is to be done.",
    )
    source: Source = Field(
        default_factory=lambda: S3Source(kind="s3"),
        description="Where the project comes from: an archive in the engine's bucket, or nowhere, where the image "
        "holds it.",
    )
    timeout_minutes: Annotated[int, Within(build_limits.BUILD_MINUTES)] = Field(
        default=120, description="How long the apply of one target may take, in minutes. 5 to 2160 (CodeBuild API)."
    )


class EngineBucketConfig(BucketConfig):
    """The engine's bucket: the project's archive, and results of map runs.

    Raises:
        ConfigError: with every refused field.
    """

    access_log_off_reason: Reason = Field(
        default="only whoever releases the project and the engine's own roles use it",
        description="Why no log of each access is kept.",
    )
    notifications_off_reason: Reason = Field(
        default="nothing waits for what is put there", description="Why nobody is told of new objects."
    )
    replication_off_reason: Reason = Field(
        default="it holds nothing that could not be put there again",
        description="Why objects need no copy in another region.",
    )


class RolloutEngineConfig(ConfigModel):
    """Step Functions and CodeBuild, which carry a wave out target by target.

    Raises:
        ConfigError: with every refused field.
    """

    store: StoreConfig = Field(description="Where runs are kept.")
    apply_role_name: RoleName = Field(
        default="lambdanet-apply", description="Role that is assumed in each target's account to apply."
    )
    plan_role_name: RoleName = Field(
        default="lambdanet-plan", description="Role that is assumed there to plan again what went stale."
    )
    account_ids: tuple[AccountId, ...] = Field(
        default=(), description="Accounts whose roles the builds may assume; give these or organization_id."
    )
    organization_id: Annotated[
        str,
        Matching(
            r"(?:o-[a-z0-9]{10,32})?",
            "an organization's id reads like o-a1b2c3d4e5",
            "copy it from AWS Organizations",
            literal=True,
        ),
    ] = Field(default="", description="Organization whose accounts' roles the builds may assume; for many accounts.")
    settle_minutes: Annotated[int, Within(build_limits.BUILD_MINUTES, literal=True)] = Field(
        default=480, description="How long a wave may bake and settle, in minutes, besides the time in the queue."
    )
    build: EngineBuildConfig = Field(default_factory=EngineBuildConfig, description="The builds.")
    network: NetworkConfig | None = Field(
        default=None,
        description="Network that builds run in, where they reach only what build.aws_services and "
        "build.internet_egress_reason say: Python packages, Terraform's registry, and every service that a plan asks. "
        "Null for outside of any VPC.",
    )
    state_machine: StateMachineConfig = Field(
        default_factory=lambda: StateMachineConfig(timeout_seconds=604_800),
        description="The state machine; an execution takes a week at most unless it says otherwise.",
    )
    bucket: EngineBucketConfig = Field(
        default_factory=EngineBucketConfig,
        description="Bucket of the project's archive and of the results of map runs.",
    )
    alarm_topic: AlarmTopicConfig = Field(default_factory=AlarmTopicConfig, description="Where alarms go.")
    key: KeyConfig = Field(default_factory=KeyConfig, description="KMS key of the stack.")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """What the network asks of the target."""
        if self.network is not None:
            yield from (problem.within("network") for problem in self.network.target_checks(target))

    def cross_checks(self) -> Iterator[Problem]:
        """Accounts are named once, and what is looked at fits into the history of an execution."""
        if bool(self.account_ids) == bool(self.organization_id):
            given = "both account_ids and organization_id are set" if self.account_ids else (
                "neither account_ids nor organization_id is set"
            )  # fmt: skip
            yield Problem("", given, "one of them says whose roles builds may assume", "set one of them")
        if len(self.account_ids) > _MOST_ACCOUNTS:
            yield Problem(
                "",
                f"account_ids has {len(self.account_ids)} entries",
                f"the policy of one role has room for the roles of {_MOST_ACCOUNTS} accounts "
                f"({limits.IAM_MAX_INLINE_POLICY_CHARACTERS} characters, IAM quotas)",
                "set organization_id instead",
            )
        for account in sorted({each for each in self.account_ids if self.account_ids.count(each) > 1}):
            yield Problem("", f'account_ids holds "{account}" twice', "each account once", "remove one")
        if self.state_machine.is_express:
            yield Problem(
                "", 'state_machine.type is "EXPRESS"', "a wave takes longer than five minutes, and starts child "
                "executions (Step Functions guide)", "remove it",
            )  # fmt: skip
        queued = self.build.queued_timeout_minutes
        for field, minutes in (
            ("build.timeout_minutes", self.build.timeout_minutes),
            ("settle_minutes", self.settle_minutes),
        ):
            if minutes + queued > MOST_MINUTES:
                yield Problem(
                    "",
                    f"{field} is {minutes} and build.queued_timeout_minutes is {queued}",
                    f"together they take at most {MOST_MINUTES} minutes, as an execution's history has "
                    f"{build_limits.EXECUTION_MAX_EVENTS} events (Step Functions quotas)",
                    "lower one of them",
                )
