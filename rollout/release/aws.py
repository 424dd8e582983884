"""Clients for the control planes, and their errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.refusals import refusal
from rollout.release.errors import ReleaseError

ATTEMPTS = 12
"""How often a throttled or failed request is sent before it counts as failed."""


def client_config() -> Config:
    """Settings for every client that this package is given.

    Lambda answers at most 15 control plane requests per second (Lambda quotas, all but GetFunction and invocations
    together); the adaptive mode waits longer after each refusal and slows the client down to what is granted.
    """
    return Config(retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS}, connect_timeout=10, read_timeout=30)


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
    except (BotoCoreError, ClientError) as error:
        raise ReleaseError(refusal(where, error, fix)) from error
