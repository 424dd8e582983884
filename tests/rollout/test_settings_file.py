"""The file of a rollout's settings: read strictly, checked whole, and no obstacle to targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.core.errors import ConfigError, TargetError
from rollout.domain.model import Gate, IgnoredAlarm
from rollout.domain.ports import AllowedDestroy
from rollout.domain.settings import LocalStoreSettings, RolloutSettings, S3StoreSettings
from rollout.settings_file import read_settings
from rollout.targets import read_targets

EVERYTHING = """
store: {kind: s3, bucket: acme-rollouts, region: us-east-1, prefix: lambdanet, kms_key_id: alias/rollouts}
roles: {plan: lambdanet-plan, apply: lambdanet-apply, external_id: acme, session_minutes: 60}
plan_expires_hours: 24
workers: 8
lock_wait_minutes: 5
stacks: {orders_api: {after: [shared_network]}}
routed: [["dev-*", "shared-*"]]
allow_destroy: [{target: "dev-*", address: "aws_db_instance.*", reason: "rebuilt each night"}]
waves:
  - name: canary
    select: {environments: [dev], accounts: [main], regions: [us-east-1], stacks: [orders_api], targets: ["dev-*"],
      tags: {tier: canary}}
    max_concurrent: 10%
    failure_tolerance: 1
    mode: soft
    regions: sequential
    region_order: [us-east-1]
    approval: required
    gate: {bake_minutes: 0.5, ignored_alarms: [{name: "acme-*-noisy", reason: "a test"}], missing_data_reason: "new"}
  - {name: rest, select: {}}
"""


def refusals(folder: Path, text: str) -> list[str]:
    (folder / "rollout.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_settings(folder)
    return [str(problem) for problem in caught.value.problems]


def test_without_the_file_all_targets_go_in_one_wave_from_a_local_folder(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings == RolloutSettings()
    assert settings.store == LocalStoreSettings(folder=".rollout")
    assert [(wave.name, wave.max_concurrent, wave.failure_tolerance) for wave in settings.waves] == [("all", 1, 0)]


def test_every_field_is_read(tmp_path: Path) -> None:
    (tmp_path / "rollout.yaml").write_text(EVERYTHING, encoding="utf-8")
    settings = read_settings(tmp_path)
    assert isinstance(settings.store, S3StoreSettings)
    assert settings.allowed_destroys == (AllowedDestroy("dev-*", "aws_db_instance.*", "rebuilt each night"),)
    assert settings.waves[0].gate.gate == Gate(0.5, "", (IgnoredAlarm("acme-*-noisy", "a test"),), "new")
    assert settings.waves[1].gate.gate == Gate()


def test_the_file_makes_no_target(tmp_path: Path) -> None:
    (tmp_path / "rollout.yaml").write_text(EVERYTHING, encoding="utf-8")
    assert read_targets(tmp_path) == ()


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError) as caught:
        read_settings(tmp_path / "nowhere")
    assert str(caught.value) == (
        f"{tmp_path / 'nowhere'}: the folder does not exist; targets are read from it; create it, or name another"
    )


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rollout.yaml").write_text("[waves]", encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        read_settings(tmp_path)
    assert str(caught.value) == "rollout.yaml: the file holds a list; it holds a mapping of fields; correct it"


def test_every_refused_field_is_told_at_once(tmp_path: Path) -> None:
    text = """
store: {kind: ftp}
workers: 0
wave: []
waves:
  - {name: canary, max_concurrent: 0, failure_tolerance: 101%, gate: {bake_minutes: "5"}}
  - {name: rest, mode: lenient, select: {targets: ["dev/*"]}}
"""
    count = 'write a whole number without quotes, or a percentage such as "10%"'
    assert refusals(tmp_path, text) == [
        'rollout.yaml: store.kind is "ftp"; it is one of local, s3; choose one of them',
        (
            "rollout.yaml: workers is 0; one machine takes 1 to 64 Terraform processes (our bound); "
            "set a value from 1 to 64"
        ),
        (
            "rollout.yaml: waves[0].max_concurrent is 0; max_concurrent is a count of targets from 1, or a percentage "
            "up to "
            f'"100%"; {count}'
        ),
        (
            'rollout.yaml: waves[0].failure_tolerance is "101%"; failure_tolerance is a count of targets from 0, or a '
            f'percentage up to "100%"; {count}'
        ),
        (
            'rollout.yaml: waves[0].gate.bake_minutes is "5"; the watch after a wave takes 0 to 1440 minutes; write a '
            "number "
            "from 0 to 1440, without quotes"
        ),
        (
            'rollout.yaml: waves[1].select.targets[0] is "dev/*"; it is a target\'s name or a pattern of one, with * '
            "for any "
            "characters; write it in quotes, such as dev-*"
        ),
        (
            'rollout.yaml: waves[1].mode is "lenient"; a concurrency mode (StackSets) is one of strict, soft; choose '
            "one of "
            "them"
        ),
        "rollout.yaml: wave is not a field; remove it, or check its spelling",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("waves: []", "waves is empty; targets go in at least one wave; add one, or remove the field"),
        (
            "waves: [{name: a}, {name: a}]",
            'waves holds the name "a" twice; a wave\'s name is its own; rename one of them',
        ),
        (
            "waves: [{name: a, regions: parallel, region_order: [us-east-1]}]",
            (
                "waves[0] region_order is set beside regions: parallel; regions that go together have no order; remove "
                "one of "
                "them"
            ),
        ),
        (
            "waves: [{name: a, region_order: [us-east-1, us-east-1]}]",
            "waves[0] region_order holds us-east-1 twice; a region goes once; remove one of them",
        ),
        (
            "waves: [{name: a, gate: {off_reason: no alarms yet, missing_data_reason: new}}]",
            (
                "waves[0].gate missing_data_reason is set beside off_reason; a gate that is off looks at no alarm; "
                "remove one "
                "of them"
            ),
        ),
        (
            "store: {kms_key_id: alias/plans}",
            "store region is missing; a KMS key is of one region; set the key's region",
        ),
        (
            "allow_destroy: [{target: dev-*, address: aws_db_instance.*, reason: ''}]",
            'allow_destroy[0].reason is ""; a reason is a sentence; write why in quotes',
        ),
        ("waves: [{}]", "waves[0].name is missing; it has no default; set it"),
        (
            "roles: {apply: 'arn:aws:iam::123456789012:role/deploy'}",
            (
                'roles.apply is "arn:aws:iam::123456789012:role/deploy"; a role\'s name has 1 to 64 letters, digits '
                "and "
                "characters of _+=,.@- (IAM API), and may have a path before; write the name alone, without arn and "
                "account"
            ),
        ),
    ],
)
def test_what_is_refused_and_why(tmp_path: Path, text: str, sentence: str) -> None:
    [told] = refusals(tmp_path, text)
    assert told.replace(": ", " ", 1) == f"rollout.yaml {sentence}"
