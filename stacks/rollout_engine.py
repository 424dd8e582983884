"""rollout_engine: Step Functions and CodeBuild, which carry out waves of rollouts that one machine is too small for."""

from __future__ import annotations

from modules.bucket import Bucket
from modules.build_project import BuildProject, S3Source
from modules.core.statements import Condition, Statement
from modules.core.target import Target
from modules.key import Key
from modules.network import Network
from modules.observability import AlarmTopic
from modules.state_machine import StateMachine
from stacks.base import TargetStack
from stacks.rollout_engine_config import RolloutEngineConfig
from stacks.rollout_engine_steps import RESULTS, definition


class RolloutEngine(TargetStack):
    """The stack: key, alarm topic, bucket, build project with what its builds may do, and state machine."""

    def build(self, config: RolloutEngineConfig) -> None:  # type: ignore[override]  # each stack has its own model
        """Add the stack's modules."""
        key = Key(self, "key", config=config.key)
        topic = AlarmTopic(self, "alarm-topic", key=key, config=config.alarm_topic)
        network = (
            None
            if config.network is None
            else Network(self, "network", config=config.network, key=key, alarm_topic=topic)
        )
        bucket = Bucket(self, "engine", config=config.bucket, key=key, alarm_topic=topic)
        store = Bucket.from_existing(self, "store", name=config.store.bucket, key_arn=config.store.key_arn)
        archive = bucket if isinstance(config.build.source, S3Source) else None
        units = BuildProject(
            self, "units", config=config.build, key=key, network=network, source_bucket=archive, alarm_topic=topic
        )
        store.grant_read_write(units.role, prefix=config.store.folder)
        # without it S3 answers 403 for an object that is not there, as a request for one has no prefix to be held to
        whole = Statement("SeeWhatIsMissing", ("s3:ListBucket",), (store.arn,))
        units.role.grant(whole, *assume_statements(config, self.target), *plan_key_statements(config))

        waves = StateMachine(
            self,
            "waves",
            config=config.state_machine,
            definition=definition(
                partition=self.target.partition,
                project=units.name,
                results_bucket=bucket.name,
                settle_minutes=config.settle_minutes,
            ),
            key=key,
            alarm_topic=topic,
        )
        units.grant_start(waves)
        store.grant_read(waves, prefix=f"{config.store.folder}handoff/")
        bucket.grant_read_write(waves, prefix=f"{RESULTS}/")

        self.output("state_machine_arn", waves.arn, "What `aws stepfunctions start-execution` takes")
        self.output("build_project_name", units.name, "Builds that gate, apply and settle")
        self.output("build_role_arn", units.role.arn, "Whom the roles in the targets' accounts trust")
        self.output("bucket_name", bucket.name, "Bucket of the project's archive, and of results of map runs")
        self.output(
            "alarm_names",
            sorted(
                (*(network.alarm_names if network else ()), *bucket.alarm_names, *units.alarm_names, *waves.alarm_names)
            ),
            "Every alarm",
        )


def assume_statements(config: RolloutEngineConfig, target: Target) -> tuple[Statement, ...]:
    """Assume the roles that plan and apply, in the named accounts or in those of the organization."""
    names = tuple(sorted({config.apply_role_name, config.plan_role_name}))
    accounts = config.account_ids or ("*",)
    arns = tuple(f"arn:{target.partition}:iam::{account}:role/{name}" for account in accounts for name in names)
    organization = (
        (Condition("StringEquals", "aws:ResourceOrgID", (config.organization_id,)),) if config.organization_id else ()
    )
    return (Statement("AssumeRolesOfTargets", ("sts:AssumeRole",), arns, conditions=organization),)


def plan_key_statements(config: RolloutEngineConfig) -> tuple[Statement, ...]:
    """Use the store's key for plans, which are encrypted before S3 gets them, in the name of a run only."""
    if not config.store.key_arn:
        return ()
    of_a_run = Condition("Null", "kms:EncryptionContext:lambdanet:run", ("false",))
    actions = ("kms:Decrypt", "kms:GenerateDataKey")
    return (Statement("EncryptPlans", actions, (config.store.key_arn,), conditions=(of_a_run,)),)
