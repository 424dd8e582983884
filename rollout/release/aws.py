"""Clients for the control planes, and their errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.release.errors import ReleaseError

ATTEMPTS = 12
"""How often a throttled or failed request is sent before it counts as failed."""


def client_config() -> Config:
    """Settings for every client that this package is given.

    Lambda answers at most 15 control plane requests per second (Lambda quotas, all but GetFunction and invocations
    together); the adaptive mode waits longer after each refusal and slows the client down to what is granted.
    """
    return Config(retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS}, connect_timeout=10, read_timeout=30)


def error_code(error: ClientError) -> str:
    """The code of a refused request, such as `DeploymentLimitExceededException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def asking(
    where: str, fix: str = "correct that and run the command again, which goes on where it was"
) -> Iterator[None]:
    """Inside, an error of boto3's becomes a sentence.

    Args:
        where: what the requests are about, such as `orders-api:live`.
        fix: what to do.

    Raises:
        ReleaseError: AWS refused a request, or could not be reached.
    """
    try:
        yield
    except ClientError as error:
        message = str(error.response.get("Error", {}).get("Message", "")).rstrip(".")
        said = f"{error_code(error)}: {message}" if message else error_code(error)
        raise ReleaseError(f"{where}: AWS refused {error.operation_name} ({said}); {fix}") from error
    except BotoCoreError as error:
        raise ReleaseError(f"{where}: AWS could not be asked ({str(error).rstrip('.')}); {fix}") from error
