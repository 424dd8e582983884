"""Configuration of a secret's value: generated without anybody seeing it, or put by somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from modules.core import limits
from modules.core.config import ConfigModel, refused_by
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.secret.references import SecretArn

_ENGINES = ("postgres", "mysql", "mariadb")
_LITERALS = ("password", "secret", "secret_binary", "secret_string", "value")
_PLAIN = r"[^\0-\x1f\x7f\"\\$%{}]"


def _plain(most: int, what: str) -> Matching:
    allowed = f'{what} has at most {most} printable characters, none of them " \\ $ % {{ or }}'
    return Matching(rf"{_PLAIN}{{0,{most}}}", allowed, "correct it")


def refuse_literals(data: Any) -> None:
    """Refuse fields that would carry a secret in clear text; the sentence names the field and never its value."""
    found = [name for name in _LITERALS if isinstance(data, Mapping) and isinstance(data.get(name), str | bytes)]
    if found:
        raise refused_by(
            tuple(
                Problem(
                    "",
                    f"{name} is text",
                    "a configuration carries no secret, as it would stand in files, in the plan and in the state",
                    "remove it: the value is generated, or with kind: empty put by somebody else after apply",
                )
                for name in found
            )
        )


class _ValueConfig(ConfigModel):
    @model_validator(mode="before")
    @classmethod
    def _carries_no_secret(cls, data: Any) -> Any:
        refuse_literals(data)
        return data


class GeneratedValueConfig(_ValueConfig):
    """A password that Secrets Manager generates during apply, inside JSON that RDS Proxy and rotation functions read.

    It passes through an ephemeral resource into a write-only argument, so it stands neither in the synthesized JSON,
    nor in the plan, nor in the state. Takes Terraform or OpenTofu 1.11 or newer.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["generated"] = Field(default="generated", description="A generated password.")
    username: Annotated[str, _plain(128, "a user's name")] = Field(
        default="", description="User whose password it is; RDS Proxy and rotation functions need it."
    )
    password_length: Annotated[int, Within(limits.SECRET_PASSWORD_LENGTH)] = Field(
        default=32, description="Characters of the password. 16 to 128; MySQL users of RDS take 41 at most."
    )
    exclude_characters: Annotated[
        str,
        Matching(
            r"[\x20-\x7e]{0,64}", "it takes at most 64 printable ASCII characters", "correct it", literal=True
        ),
    ] = Field(default="/@\"'\\:;`{}$% ", description="Characters that the password has none of; RDS refuses / @ \" and "
              "space.")  # fmt: skip
    engine: Annotated[str, OneOf(("", *_ENGINES), "an engine", literal=True)] = Field(
        default="", description="Database engine, for rotation functions: postgres, mysql or mariadb."
    )
    host: Annotated[str, _plain(255, "a host's name")] = Field(
        default="", description="Host of the database, for rotation functions."
    )
    port: Annotated[int, Within(limits.RDS_PORT)] | None = Field(
        default=None, description="Port of the database, for rotation functions."
    )
    database_name: Annotated[str, _plain(64, "a database's name")] = Field(
        default="", description="Database to log in to, for rotation functions; dbname in the JSON."
    )
    master_secret_arn: SecretArn | Literal[""] = Field(
        default="",
        description="Secret of the user that changes passwords, for alternating_users; masterarn in the JSON.",
    )
    version: Annotated[int, Within(limits.SECRET_VALUE_VERSION, literal=True)] = Field(
        default=1,
        description="Another number puts a new password with the next apply; whoever checks the old one must be told. "
        "With rotation leave it: the function would not know the new password.",
    )

    @property
    def members(self) -> dict[str, str | float]:
        """The JSON's members but the password, under the names that Secrets Manager's rotation templates read."""
        found = {
            "username": self.username, "engine": self.engine, "host": self.host, "port": self.port,
            "dbname": self.database_name, "masterarn": self.master_secret_arn,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value not in ("", None)}

    def cross_checks(self) -> Iterator[Problem]:
        """A place to log in to only with a user."""
        rest = [name for name in ("engine", "host", "port", "database_name") if getattr(self, name) not in ("", None)]
        if rest and not self.username:
            yield Problem(
                "",
                "username is empty",
                f"a user logs in where {' and '.join(rest)} {'say' if len(rest) > 1 else 'says'}",
                "set it, or remove the rest",
            )


class EmptyValueConfig(_ValueConfig):
    """No value: somebody else puts one after apply, such as an operator or another system."""

    kind: Literal["empty"] = Field(description="A secret that somebody else fills.")
    username: Annotated[str, _plain(128, "a user's name")] = Field(
        default="", description="User whose password it will hold, where it is for one."
    )
