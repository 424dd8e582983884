"""The configuration of build projects and their alarms."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from modules.build_project import BuildProjectConfig, S3Source
from modules.build_project.alarms import build_project_alarms
from modules.core import build_limits
from modules.core.errors import ConfigError

SPEC = "version: 0.2\nphases:\n  build:\n    commands: [make]\n"
ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/build"


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as refused:
        BuildProjectConfig.parse({"buildspec": SPEC, **data})
    return str(refused.value)


def test_a_build_has_commands_from_somewhere() -> None:
    with pytest.raises(ConfigError) as refused:
        BuildProjectConfig()
    assert str(refused.value) == (
        'buildspec is empty and source.kind is "none"; a build has no commands then; set buildspec, or a source that '
        "holds buildspec.yml"
    )
    assert BuildProjectConfig.parse({"source": {"kind": "s3"}}).buildspec == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "commands: [make]",
            (
                "buildspec has no version or no phases; CodeBuild takes a mapping with version and phases (CodeBuild "
                "guide, build specification); begin it with version: 0.2 and phases"
            ),
        ),
        (
            "make",
            (
                "buildspec has no version or no phases; CodeBuild takes a mapping with version and phases (CodeBuild "
                "guide, build specification); begin it with version: 0.2 and phases"
            ),
        ),
    ],
)
def test_commands_are_a_build_specification(text: str, sentence: str) -> None:
    assert refusal({"buildspec": text}) == sentence


def test_commands_that_are_no_yaml_are_refused() -> None:
    assert refusal({"buildspec": "phases: ["}).startswith("buildspec is not YAML; it reads: while parsing a flow")


def test_the_image_follows_the_processor() -> None:
    assert BuildProjectConfig(buildspec=SPEC).used_image == "aws/codebuild/standard:7.0"
    arm = BuildProjectConfig(buildspec=SPEC, architecture="arm64")
    assert arm.used_image == "aws/codebuild/amazonlinux-aarch64-standard:3.0"
    own = BuildProjectConfig(buildspec=SPEC, image=f"{ECR}@sha256:{'a' * 64}")
    assert own.used_image == f"{ECR}@sha256:{'a' * 64}"


@pytest.mark.parametrize("image", ["python:3.13", "public.ecr.aws/docker/library/python:3.13", ECR])
def test_an_image_of_a_public_registry_or_without_a_tag_is_refused(image: str) -> None:
    assert refusal({"image": image}) == (
        f'image is "{image}"; it is an image of CodeBuild\'s (aws/codebuild/...) or of a private ECR repository, with '
        "a tag or digest; public registries refuse builds that pull too often; write it so, or push the image to ECR"
    )


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("9LIVES", "a variable's name has letters, digits and _, no digit first; rename it"),
        ("CODEBUILD_RUN", "CodeBuild sets what begins with CODEBUILD_ itself; rename it"),
        (
            "DB_PASSWORD",
            (
                "everybody sees variables who may look at a build; keep it in Secrets Manager, name its ARN, and "
                "let the build read it"
            ),
        ),
    ],
)
def test_a_variable_is_refused(name: str, rest: str) -> None:
    assert refusal({"environment": {name: "x"}}) == f'environment holds "{name}"; {rest}'


def test_an_archive_lies_in_a_folder_of_its_own() -> None:
    assert S3Source(kind="s3").folder == "source/"
    assert S3Source(kind="s3", key="a/b/c.zip").folder == "a/b/"
    assert refusal({"source": {"kind": "s3", "key": "project.zip"}}) == (
        'source.key is "project.zip"; it is the key of a zip archive in a folder, such as source/project.zip, as '
        "builds may read that folder only; correct it"
    )


def test_limits_are_those_of_codebuild() -> None:
    shapes = botocore.session.get_session().get_service_model("codebuild")
    for bounds, shape in (
        (build_limits.BUILD_MINUTES, "BuildTimeOut"),
        (build_limits.BUILD_QUEUED_MINUTES, "TimeOut"),
    ):
        found = shapes.shape_for(shape).metadata
        assert (bounds.minimum, bounds.maximum) == (found["min"], found["max"])
    assert set(build_limits.BUILD_COMPUTE_TYPES) < set(shapes.shape_for("ComputeType").metadata["enum"])
    assert shapes.shape_for("ProjectName").metadata["max"] == build_limits.BUILD_MAX_NAME_LENGTH
    states = botocore.session.get_session().get_service_model("stepfunctions")
    reuse = states.shape_for("KmsDataKeyReusePeriodSeconds").metadata
    assert (reuse["min"], reuse["max"]) == (
        build_limits.STATE_MACHINE_KEY_REUSE_SECONDS.minimum, build_limits.STATE_MACHINE_KEY_REUSE_SECONDS.maximum,
    )  # fmt: skip
    assert states.shape_for("Name").metadata["max"] == build_limits.STATE_MACHINE_MAX_NAME_LENGTH
    assert states.shape_for("Definition").metadata["max"] == build_limits.STATE_MACHINE_MAX_DEFINITION_CHARACTERS


def test_builds_that_fail_or_wait_are_told() -> None:
    failed, queued = build_project_alarms("docs")
    assert (failed.metric, failed.statistic, failed.threshold) == ("FailedBuilds", "Sum", 0)
    assert (queued.metric, queued.statistic, queued.threshold) == ("QueuedDuration", "Maximum", 900)
    assert failed.dimensions == queued.dimensions == {"ProjectName": "docs"}
    assert failed.missing_data == queued.missing_data == "notBreaching"
