"""Who writes records and holds locks: user and host, or what CI calls its run."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping


def identity(environment: Mapping[str, str]) -> str:
    """Who this is, as it stands in journals; never a credential.

    Args:
        environment: of the process. GitHub Actions, GitLab CI and CodeBuild are told by their own variables.
    """
    if "GITHUB_RUN_ID" in environment:
        attempt = environment.get("GITHUB_RUN_ATTEMPT", "1")
        run = f"github {environment.get('GITHUB_REPOSITORY', '')} run {environment['GITHUB_RUN_ID']}.{attempt}"
        return f"{run} by {environment['GITHUB_ACTOR']}" if "GITHUB_ACTOR" in environment else run
    if "CI_PIPELINE_ID" in environment:
        return f"gitlab {environment.get('CI_PROJECT_PATH', '')} pipeline {environment['CI_PIPELINE_ID']}"
    if "CODEBUILD_BUILD_ID" in environment:
        return f"codebuild {environment['CODEBUILD_BUILD_ID']}"
    return f"{_user()}@{host()}"


def host() -> str:
    """Name of this machine."""
    return socket.gethostname()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user id without a name
        return "unknown"
