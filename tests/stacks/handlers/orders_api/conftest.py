from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.stacks.handlers.orders_api.fake_psycopg import Server

SOURCE = Path(__file__).parents[4] / "stacks/handlers/orders_api"
ENVIRONMENT = {
    "DB_HOST": "proxy.example.com",
    "DB_PORT": "5432",
    "DB_NAME": "shop",
    "DB_USER": "orders",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret-key-of-a-test",
    "AWS_SESSION_TOKEN": "session-token-of-a-test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_LAMBDA_FUNCTION_NAME": "acme-dev-orders-api",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def handler(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The handler's module as a fresh execution environment imports it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(sys.modules, "psycopg", server.module())
    monkeypatch.setattr(sys, "path", [str(SOURCE), *sys.path])
    own = [path.stem for path in SOURCE.glob("*.py")]
    for name in own:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module("handler")
    for name in own:
        sys.modules.pop(name, None)


class Api:
    """Calls the handler as Lambda does."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def invoke(self, event: dict[str, Any]) -> Any:
        result = self.module.handler(json.loads(json.dumps(event)), SimpleNamespace(aws_request_id="request-1"))
        return json.loads(json.dumps(result))

    def http(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, Any]:
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
            "isBase64Encoded": False,
        }
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        result = self.invoke(event | more)
        assert result["headers"] == {"content-type": "application/json"}
        return result["statusCode"], json.loads(result["body"])


@pytest.fixture
def api(handler: ModuleType) -> Api:
    return Api(handler)


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Logs:
    caplog.set_level(logging.DEBUG, logger="orders_api")
    return Logs(caplog)


class Logs:
    """What the function has logged, as Lambda's JSON format would write it."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    @property
    def entries(self) -> list[dict[str, Any]]:
        usual = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
        return [
            {"level": record.levelname, "message": record.getMessage()}
            | {key: value for key, value in vars(record).items() if key not in usual}
            for record in self._caplog.records
            if record.name.startswith("orders_api")
        ]

    @property
    def text(self) -> str:
        """Everything, tracebacks included; fails when a field is no JSON."""
        return json.dumps(self.entries) + self._caplog.text
