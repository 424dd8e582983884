"""The emulator as its users see it: `with Emulator() as emulator: ...`."""

from __future__ import annotations

import functools
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import boto3
import botocore.loaders
import botocore.session

from local.deployments import DEPLOYMENTS_PATH, MINUTE_SECONDS, LifecycleHook
from local.emulator_role import EMULATOR_ROLE
from local.failures import FAILURES_PATH, EmulatorFailure
from local.requests import REQUESTS_PATH, EmulatorRequest
from modules.core.errors import TargetError

DEFAULT_ACCOUNT = "123456789012"
"""The account that moto puts everything in, unless the caller's credentials belong to another one."""

_HOST = "127.0.0.1"
_STOP_SECONDS = 5.0
_REQUEST_SECONDS = 30.0
_LINES_OF_OUTPUT = 20


class Emulator:
    """moto's server with our extensions, in a process of its own on a port of its own.

    The process ends with the `with` block, and by itself as soon as this process is gone, however it went.

    Attributes:
        start_timeout: seconds the server may take until it accepts requests.
        load_managed_policies: whether AWS's managed IAM policies exist (they cost memory and a second at start;
            without them attaching one fails as it does for any unknown policy).
        deployment_minute_seconds: how long one of CodeDeploy's minutes takes; None leaves it to the environment
            variable LAMBDANET_CODEDEPLOY_MINUTE_SECONDS, or 60.
    """

    def __init__(
        self,
        *,
        load_managed_policies: bool = False,
        start_timeout: float = 90.0,
        deployment_minute_seconds: float | None = None,
    ) -> None:
        self.load_managed_policies = load_managed_policies
        self.deployment_minute_seconds = deployment_minute_seconds
        self.start_timeout = start_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._port = 0

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def endpoint_url(self) -> str:
        """The address that every service answers at."""
        if self._process is None:
            raise TargetError("local emulator: it is not running; use it inside `with Emulator() as emulator:`")
        return f"http://{_HOST}:{self._port}"

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._process is None:
            raise TargetError("local emulator: it is not running; use it inside `with Emulator() as emulator:`")
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it accepts requests.

        Raises:
            TargetError: the server ended, or was not ready in time; the message carries its last output.
        """
        if self._process is not None:
            raise TargetError("local emulator: it is already running; stop it before starting it again")
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server, closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.serve"],
            env=self._server_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._output,
            start_new_session=True,  # Ctrl-C is for Terraform and for us; the server goes when we close it
        )
        try:
            self._port = self._read_port(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server and wait for its end; does nothing when it is not running."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        if self._output is not None:
            self._output.close()
            self._output = None

    def environment(self, region: str, account_id: str = DEFAULT_ACCOUNT) -> dict[str, str]:
        """The whole environment in which Terraform or a boto3 program talks to the emulator and to nothing else.

        It is this process's environment without anything of AWS's (profiles, credentials, endpoints), so pass it
        as it is; do not merge it into `os.environ`.

        Args:
            region: the region to work in.
            account_id: the account to work in. Credentials of another account than the default one come from an
                assumed role and end with `reset()`.
        """
        credentials = self._credentials(region, account_id)
        loopback = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), _HOST]))
        return {
            **_without_aws(os.environ),
            **credentials,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": loopback,
            "no_proxy": loopback,
        }

    def session(self, region: str, account_id: str = DEFAULT_ACCOUNT) -> boto3.session.Session:
        """A boto3 session whose clients and resources talk to the emulator, whatever profile the user has set."""
        credentials = self._credentials(region, account_id)
        return _session(self.endpoint_url, region, credentials)

    def client(self, service: str, region: str, account_id: str = DEFAULT_ACCOUNT) -> Any:
        """A boto3 client; `Any`, because its methods are made from the service's model when it is created."""
        session: Any = self.session(region, account_id)
        return session.client(service)

    def failures(self) -> list[EmulatorFailure]:
        """The requests that the emulator could not answer as AWS would, since its start or `reset()`."""
        return [EmulatorFailure(**failure) for failure in json.loads(self._request("GET", FAILURES_PATH))]

    def requests(self) -> Mapping[EmulatorRequest, int]:
        """How often each request was sent since the start or `reset()`; repetitions of the SDKs count once."""
        rows = json.loads(self._request("GET", REQUESTS_PATH))
        return {EmulatorRequest(**{key: row[key] for key in row if key != "count"}): row["count"] for row in rows}

    def reset(self) -> None:
        """Forget every resource of every account, failures, requests, and what was said of CodeDeploy's minutes."""
        self._request("POST", "/moto-api/reset")
        self._request("DELETE", FAILURES_PATH)
        self._request("DELETE", REQUESTS_PATH)
        self._request("DELETE", DEPLOYMENTS_PATH)

    def set_deployment_minute(self, seconds: float) -> None:
        """Let one of CodeDeploy's minutes take so many seconds, until `reset()`."""
        self._request("POST", DEPLOYMENTS_PATH, {"minute_seconds": seconds})

    def pass_deployment_minutes(self, minutes: float) -> None:
        """Put CodeDeploy's clock forward; its deployments catch up."""
        self._request("POST", DEPLOYMENTS_PATH, {"pass_minutes": minutes})

    def lifecycle_hooks(self) -> list[LifecycleHook]:
        """The hooks whose functions deployments wait for; the emulator runs none, so the caller reports for them."""
        return [LifecycleHook(**hook) for hook in json.loads(self._request("GET", DEPLOYMENTS_PATH))]

    def _server_environment(self) -> dict[str, str]:
        kept = {key: value for key, value in _without_aws(os.environ).items() if not key.startswith("MOTO_")}
        if self.deployment_minute_seconds is not None:
            kept[MINUTE_SECONDS] = str(self.deployment_minute_seconds)
        root = str(Path(__file__).resolve().parents[1])
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH")])),
            "PYTHONSAFEPATH": "1",  # a module in the working directory must not stand in for one of ours
            "PYTHONUNBUFFERED": "1",
            "MOTO_IAM_LOAD_MANAGED_POLICIES": str(self.load_managed_policies).lower(),
        }

    def _read_port(self, process: subprocess.Popen[bytes]) -> int:
        deadline = time.monotonic() + self.start_timeout
        assert process.stdout is not None  # noqa: S101 - opened as a pipe in start()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise self._start_error(f"it was not ready after {self.start_timeout:g} s")
        line = process.stdout.readline().strip()
        if not line:
            raise self._start_error(f"its process ended with status {process.wait(_STOP_SECONDS)}")
        if not line.isdigit():
            raise self._start_error(f"it reported {line.decode(errors='replace')!r} instead of its port")
        return int(line)

    def _start_error(self, reason: str) -> TargetError:
        assert self._output is not None  # noqa: S101 - opened in start()
        self._output.seek(0)
        lines = self._output.read().decode(errors="replace").splitlines()[-_LINES_OF_OUTPUT:]
        output = "\n".join(lines) if lines else "(it wrote nothing)"
        return TargetError(f"local emulator: {reason}; its last output was:\n{output}")

    def _credentials(self, region: str, account_id: str) -> dict[str, str]:
        """Credentials that moto counts to the account: any for the default one, else those of an assumed role."""
        default = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        if account_id == DEFAULT_ACCOUNT:
            return default
        session: Any = _session(self.endpoint_url, region, default)
        client = session.client("sts")
        try:
            answer = client.assume_role(
                RoleArn=f"arn:aws:iam::{account_id}:role/{EMULATOR_ROLE}", RoleSessionName=EMULATOR_ROLE
            )["Credentials"]
        finally:
            client.close()
        return {
            "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
            "AWS_SESSION_TOKEN": answer["SessionToken"],
        }

    def _request(self, method: str, path: str, values: dict[str, float] | None = None) -> bytes:
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(self.endpoint_url + path, data, method=method)  # noqa: S310 - our own http address
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_REQUEST_SECONDS) as response:
            content: bytes = response.read()
        return content


class _BoundSession(boto3.session.Session):
    """A boto3 session that creates every client for one endpoint."""

    def __init__(self, endpoint_url: str, **options: Any) -> None:
        super().__init__(**options)
        self._endpoint_url = endpoint_url

    def client(self, *args: Any, **options: Any) -> Any:
        """As boto3's, for the emulator's endpoint; `Any`, as the overloads of boto3 name every service."""
        return super().client(*args, **{"endpoint_url": self._endpoint_url, **options})

    def resource(self, *args: Any, **options: Any) -> Any:
        """As boto3's, for the emulator's endpoint; `Any`, as the overloads of boto3 name every service."""
        return super().resource(*args, **{"endpoint_url": self._endpoint_url, **options})


def _session(endpoint_url: str, region: str, credentials: dict[str, str]) -> boto3.session.Session:
    # Every setting that could come from the user's environment or files is given here, so that none is read.
    fixed: dict[str, Any] = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
        "ca_bundle": (None, None, None, None),
    }
    core = botocore.session.Session(session_vars=fixed)
    core.register_component("data_loader", _service_models())
    return _BoundSession(
        endpoint_url,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
        region_name=region,
        botocore_session=core,
    )


@functools.cache
def _service_models() -> botocore.loaders.Loader:
    """The service models of botocore, read once: a session of its own takes up to half a second per client."""
    return botocore.loaders.Loader()


def _without_aws(environment: os._Environ[str]) -> dict[str, str]:
    """The environment without the variables that the AWS SDKs and the AWS provider read."""
    return {key: value for key, value in environment.items() if not key.startswith("AWS_")}
