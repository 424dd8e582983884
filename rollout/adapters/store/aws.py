"""Clients of the store, and their errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.domain.errors import StoreError
from rollout.refusals import refusal

ATTEMPTS = 8
"""How often a throttled or failed request is sent before it counts as failed; waits grow, with jitter (botocore)."""

CONNECTIONS = 16
"""How many requests are under way at once."""

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


def client_config(environment: Mapping[str, str]) -> Config:
    """Settings for the store's clients; another endpoint than AWS's own takes the bucket in the path."""
    has_own_endpoint = any(environment.get(name) for name in _ENDPOINTS)
    return Config(
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=CONNECTIONS,
        s3={"addressing_style": "path" if has_own_endpoint else "auto"},
    )


def status(error: ClientError) -> int:
    """The HTTP status of a refused request."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextmanager
def reaching(where: str, fix: str = "correct that and run the command again") -> Iterator[None]:
    """Inside, sessions and clients are made; a profile, region or endpoint that is none becomes a sentence.

    Args:
        where: what they are made for.
        fix: what to do.

    Raises:
        StoreError: they cannot be made.
    """
    try:
        with asking(where, fix):
            yield
    except ValueError as error:  # botocore's word on an endpoint that is no URL
        raise StoreError(f"{where}: AWS cannot be reached ({str(error).rstrip('.')}); {fix}") from error


@contextmanager
def asking(
    where: str, fix: str = "correct that and run the command again, which goes on where it was"
) -> Iterator[None]:
    """Inside, an error of boto3's becomes a sentence.

    Args:
        where: what the requests are about, such as `s3://acme-rollouts/lambdanet`.
        fix: what to do.

    Raises:
        StoreError: AWS refused a request, or could not be reached.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreError(refusal(where, error, fix)) from error
