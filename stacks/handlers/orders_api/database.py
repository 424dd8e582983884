"""One connection to PostgreSQL through RDS Proxy, kept for the life of the execution environment.

The password is an IAM token, signed locally and valid for 15 minutes; it is needed only to connect, so every
new connection gets its own and an open one outlives it. The proxy presents a certificate of AWS Certificate
Manager; certifi holds the Amazon root it chains to.

RDS Proxy shares its database connections between clients as long as a client leaves no state in its session.
Hence autocommit with explicit transactions, no prepared statements, no SET, and no `options` among the
connection parameters, which the proxy refuses.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
import certifi
import psycopg
from problems import UnavailableError

logger = logging.getLogger("orders_api.database")

CONNECT_TIMEOUT_SECONDS = 5
SILENCE_TIMEOUT_MS = 5_000
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)


@dataclass(frozen=True)
class Settings:
    """Where the database is and as whom to connect; the construct sets the variables."""

    host: str
    port: int
    name: str
    user: str

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `DB_HOST`, `DB_PORT`, `DB_NAME` and `DB_USER`.

        Raises:
            RuntimeError: when one is not set; with the names of all that are missing.
        """
        names = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER")
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            raise RuntimeError(f"environment variables are not set: {', '.join(missing)}")
        host, port, name, user = (os.environ[name] for name in names)
        return cls(host, int(port), name, user)


class Database:
    """The environment's connection: opened when first needed, checked before each use, replaced when lost."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        """The living connection.

        Raises:
            UnavailableError: when the database cannot be reached, or is lost on the way. A statement
                that was on its way is not repeated: whether it took effect is not known.
        """
        try:
            yield self._living()
        except _LOST as error:
            self.close()
            raise UnavailableError(f"the database cannot be reached ({type(error).__name__})") from error

    def close(self) -> None:
        """Drop the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _living(self) -> psycopg.Connection[Any]:
        if self._connection is not None and not self._answers(self._connection):
            self.close()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    @staticmethod
    def _answers(connection: psycopg.Connection[Any]) -> bool:
        try:
            connection.execute("select 1")
        except _LOST as error:
            logger.info("the kept connection is gone", extra={"reason": type(error).__name__})
            return False
        return True

    def _connect(self) -> psycopg.Connection[Any]:
        settings = Settings.from_environment()
        connection = psycopg.connect(
            host=settings.host,
            port=settings.port,
            dbname=settings.name,
            user=settings.user,
            password=self._rds.generate_db_auth_token(
                DBHostname=settings.host, Port=settings.port, DBUsername=settings.user
            ),
            sslmode="verify-full",
            sslrootcert=certifi.where(),
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            tcp_user_timeout=SILENCE_TIMEOUT_MS,  # a peer that fell silent while the environment was frozen
            application_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "orders_api"),
            autocommit=True,
            prepare_threshold=None,
        )
        logger.info("connected", extra={"db_host": settings.host, "db_user": settings.user})
        return connection

    @cached_property
    def _rds(self) -> Any:
        return boto3.client("rds")
