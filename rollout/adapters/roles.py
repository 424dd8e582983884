"""Credentials for each target: its role, assumed from the credentials at hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
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
_CLIENTS = 64
"""How many clients are kept: each takes memory, and making one takes milliseconds."""

_VARIABLES = {
    "AccessKeyId": "AWS_ACCESS_KEY_ID",
    "SecretAccessKey": "AWS_SECRET_ACCESS_KEY",
    "SessionToken": "AWS_SESSION_TOKEN",
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
        self._assumed_before: dict[str, Mapping[str, Any]] = {}
        self._clients: OrderedDict[tuple[str, str, str], tuple[str, Any]] = OrderedDict()

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
        given = self._assumed(target, purpose, arn)
        if folder is not None:
            asked = self._asked(arn)
            named = prepare(
                folder, environment=self._given, region=region["AWS_REGION"], asked=asked, credentials=given
            )
            return {**named, **region}
        kept = {name: value for name, value in self._given.items() if name not in SECRETS}
        values = {variable: str(given[name]) for name, variable in _VARIABLES.items()}
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
        try:
            assumed = self._assumed(target, purpose, arn) if arn else {}
            session = self.source()
            key, credentials = (arn, service, region), str(assumed.get("AccessKeyId", ""))
            with self._lock:  # a session is not to be used by several threads, the clients that it makes are
                known = self._clients.pop(key, None)
                if known is None or known[0] != credentials:
                    known = (credentials, self._made(session, service, region, assumed))
                self._clients[key] = known
                while len(self._clients) > _CLIENTS:
                    self._clients.popitem(last=False)
            return known[1]
        except (BotoCoreError, ValueError) as error:  # botocore's own for an endpoint that is none
            raise RoleError(f"{target.name}: {_unreachable(error)}") from None

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
        known = self._assumed_before.get(self.role_arn(target, purpose), {})
        names = [name for name in SECRETS & self._given.keys() if name.endswith(("KEY", "TOKEN"))]
        assumed = {str(known[name]) for name in _VARIABLES if name in known}
        return frozenset({*(self._given[name] for name in names), *assumed})

    def _assumed(self, target: RunTarget, purpose: Purpose, arn: str) -> Mapping[str, Any]:
        """Credentials of the role, as AssumeRole answers them, that last for a while."""
        with self._lock:
            one_at_a_time = self._role_locks.setdefault(arn, threading.Lock())
        with one_at_a_time:
            known = self._assumed_before.get(arn)
            if known is None or known["Expiration"] - self._now() < SPARE:
                known = self._assumed_before[arn] = self._assume(target, purpose, arn)
            return known

    def _assume(self, target: RunTarget, purpose: Purpose, arn: str) -> Mapping[str, Any]:
        try:
            session = self.source()
            with self._lock:
                client = self._made(session, "sts", target.target.region, {})
            given: Mapping[str, Any] = client.assume_role(**self._asked(arn))["Credentials"]
        except (BotoCoreError, ClientError, ValueError) as error:
            raise RoleError(_refused(target, purpose, arn, error)) from None
        return given

    def _asked(self, arn: str) -> dict[str, Any]:
        external_id = {"ExternalId": self._names.external_id} if self._names.external_id else {}
        seconds = self._names.session_minutes * 60
        return {"RoleArn": arn, "RoleSessionName": SESSION_NAME, "DurationSeconds": seconds, **external_id}

    def _made(self, session: boto3.session.Session, service: str, region: str, credentials: Mapping[str, Any]) -> Any:
        make: Any = session.client  # Any: boto3-stubs know each service's name apart
        own = f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"
        endpoint = self._given.get(own) or self._given.get("AWS_ENDPOINT_URL")
        keys = {variable.lower(): credentials[name] for name, variable in _VARIABLES.items() if credentials}
        return make(service, region_name=region, endpoint_url=endpoint or None, config=_CONFIG, **keys)


def _refused(target: RunTarget, purpose: Purpose, arn: str, error: Exception) -> str:
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        message = str(told.get("Message", "")).rstrip(".")
        why = (
            f"AWS refused AssumeRole ({told.get('Code', '')}{': ' if message else ''}{message}); it must exist and "
            f"trust whoever assumes it; correct the role's trust policy, or roles.{purpose} in "
            "environments/rollout.yaml"
        )
    else:
        why = _unreachable(error)
    return f"{target.name}: the role {arn} cannot be assumed; {why}"


def _unreachable(error: Exception) -> str:
    detail = " ".join(str(error).split()).rstrip(".")
    return f"AWS could not be asked ({detail}); check credentials, network and endpoint, and run the command again"
