"""Credentials for each target: its role, assumed from the credentials at hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rollout.adapters.role_session import SECRETS, SPARE, prepare
from rollout.domain.errors import RoleError
from rollout.domain.model import RunTarget

SESSION_NAME = "lambdanet-rollout"
_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 6}, connect_timeout=10, read_timeout=30, max_pool_connections=16
)
"""Standard mode waits with jitter, twice as long after each failure and 20 seconds at most (SDK reference guide)."""


class Purpose(StrEnum):
    """What credentials are for; also the name of the setting that names the role."""

    PLAN = "plan"
    APPLY = "apply"


class RoleNames(Protocol):
    """Which roles there are, as `RoleSettings` says it."""

    @property
    def plan(self) -> str | None:
        """Name of the role that plans; None for the credentials at hand."""

    @property
    def apply(self) -> str | None:
        """Name of the role that applies; None for the credentials at hand."""

    @property
    def external_id(self) -> str:
        """External id that the roles' trust policies ask for; empty for none."""

    @property
    def session_minutes(self) -> int:
        """How long a session lasts."""


@dataclass(frozen=True)
class _Session:
    """Credentials of an assumed role; none of them is ever shown."""

    session: boto3.session.Session = field(repr=False)
    given: Mapping[str, Any] = field(repr=False)

    @property
    def ends_at(self) -> datetime:
        """When they end."""
        ends_at: datetime = self.given["Expiration"]
        return ends_at


class Roles:
    """Credentials for targets. May be used by several threads.

    Args:
        names: the roles.
        environment: of this process, or one like it; the credentials at hand come from it.
        now: tells the time.
    """

    def __init__(
        self, names: RoleNames, environment: Mapping[str, str], *, now: Callable[[], datetime] | None = None
    ) -> None:
        self._names = names
        self._given = dict(environment)
        self._now = now or (lambda: datetime.now(UTC))
        self._lock = threading.Lock()
        self._role_locks: dict[str, threading.Lock] = {}
        self._source: boto3.session.Session | None = None
        self._sessions: dict[str, _Session] = {}
        self._clients: dict[tuple[str, str, str], tuple[datetime, Any]] = {}

    def role_arn(self, target: RunTarget, purpose: Purpose) -> str:
        """ARN of the role in the target's account; empty where the credentials at hand are used."""
        name = self._names.plan if purpose is Purpose.PLAN else self._names.apply
        where = target.target
        return f"arn:{where.partition}:iam::{where.account_id}:role/{name}" if name else ""

    def environment(self, target: RunTarget, purpose: Purpose, *, folder: Path | None = None) -> Mapping[str, str]:
        """The whole environment for Terraform: this process's, with the target's region and credentials.

        Args:
            target: whose account it is.
            purpose: which role is assumed.
            folder: readable by the user only; what is written there lets Terraform assume the role again before the
                session ends. Without it, the environment holds the session's credentials.

        Raises:
            RoleError: the role cannot be assumed.
        """
        region = {"AWS_REGION": target.target.region, "AWS_DEFAULT_REGION": target.target.region}
        arn = self.role_arn(target, purpose)
        if not arn:
            return {**self._given, **region}
        given = self._assumed(target, purpose, arn).given
        if folder is not None:
            asked = self._asked(arn)
            named = prepare(
                folder, environment=self._given, region=region["AWS_REGION"], asked=asked, credentials=given
            )
            return {**named, **region}
        kept = {name: value for name, value in self._given.items() if name not in SECRETS}
        values = {variable: given[name] for variable, name in _VARIABLES.items()}
        return {**kept, **values, **region}

    def client(self, target: RunTarget, service: str, purpose: Purpose, *, region: str = "") -> Any:
        """A boto3 client with the target's credentials; one that was made before where they still last.

        Args:
            target: whose account it is.
            service: as boto3 calls it.
            purpose: which role is assumed.
            region: the target's by default.

        Raises:
            RoleError: the role cannot be assumed.
        """
        region = region or target.target.region
        arn = self.role_arn(target, purpose)
        assumed = self._assumed(target, purpose, arn) if arn else None
        session = assumed.session if assumed else self.source()
        ends_at = assumed.ends_at if assumed else datetime.max.replace(tzinfo=UTC)
        key = (arn, service, region)
        with self._lock:  # sessions are not to be used by several threads, the clients they make are
            known = self._clients.get(key)
            if known is None or known[0] != ends_at:
                known = self._clients[key] = (ends_at, self._made(session, service, region))
        return known[1]

    def source(self) -> boto3.session.Session:
        """A session with the credentials at hand."""
        with self._lock:
            if self._source is None:
                self._source = boto3.session.Session(
                    aws_access_key_id=self._given.get("AWS_ACCESS_KEY_ID"),
                    aws_secret_access_key=self._given.get("AWS_SECRET_ACCESS_KEY"),
                    aws_session_token=self._given.get("AWS_SESSION_TOKEN"),
                    profile_name=None if "AWS_ACCESS_KEY_ID" in self._given else self._given.get("AWS_PROFILE"),
                )
            return self._source

    def secrets(self, target: RunTarget, purpose: Purpose) -> frozenset[str]:
        """Credentials that Terraform may know, so that they can be taken out of what it says."""
        known = self._sessions.get(self.role_arn(target, purpose))
        names = [name for name in SECRETS & self._given.keys() if name.endswith(("KEY", "TOKEN"))]
        assumed = {known.given[name] for name in _VARIABLES.values()} if known else set()
        return frozenset({*(self._given[name] for name in names), *assumed})

    def _assumed(self, target: RunTarget, purpose: Purpose, arn: str) -> _Session:
        with self._lock:
            one_at_a_time = self._role_locks.setdefault(arn, threading.Lock())
        with one_at_a_time:
            known = self._sessions.get(arn)
            if known is None or known.ends_at - self._now() < SPARE:
                known = self._sessions[arn] = self._assume(target, purpose, arn)
            return known

    def _assume(self, target: RunTarget, purpose: Purpose, arn: str) -> _Session:
        try:
            source = self.source()
            with self._lock:
                client = self._made(source, "sts", target.target.region)
            given = client.assume_role(**self._asked(arn))["Credentials"]
        except (BotoCoreError, ClientError) as error:
            raise RoleError(_refused(target, purpose, arn, error)) from None
        session = boto3.session.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        return _Session(session, given)

    def _asked(self, arn: str) -> dict[str, Any]:
        external_id = {"ExternalId": self._names.external_id} if self._names.external_id else {}
        seconds = self._names.session_minutes * 60
        return {"RoleArn": arn, "RoleSessionName": SESSION_NAME, "DurationSeconds": seconds, **external_id}

    def _made(self, session: boto3.session.Session, service: str, region: str) -> Any:
        make: Any = session.client  # Any: boto3-stubs know each service's name apart
        own = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
        endpoint = self._given.get(own) or self._given.get("AWS_ENDPOINT_URL")
        return make(service, region_name=region, endpoint_url=endpoint or None, config=_CONFIG)


def _refused(target: RunTarget, purpose: Purpose, arn: str, error: BotoCoreError | ClientError) -> str:
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        message = str(told.get("Message", "")).rstrip(".")
        said = f"AWS refused AssumeRole ({told.get('Code', '')}{': ' if message else ''}{message})"
        what_to_do = (
            "it must exist, and trust whoever assumes it; correct the role's trust policy, or "
            f"roles.{purpose} in environments/rollout.yaml"
        )
    else:
        said = f"AWS could not be asked ({' '.join(str(error).split()).rstrip('.')})"
        what_to_do = "check credentials, network and endpoint, and run the command again"
    return f"{target.name}: the role {arn} cannot be assumed; {said}; {what_to_do}"
