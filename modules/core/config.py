"""Base of every configuration model: frozen, closed, and refusing with whole sentences, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic._internal._model_construction import ModelMetaclass  # pydantic has no public name for it
from pydantic_core import ErrorDetails, PydanticCustomError

from modules.core.errors import ConfigError, Problem
from modules.core.fields import REFUSED

_CROSS_CHECK = "lambdanet_cross_check"


class _ConfigMeta(ModelMetaclass):
    """Turns pydantic's error into ours, on direct construction only; nested models keep collecting."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # a metaclass calls its instance cls
        try:
            return super().__call__(*args, **kwargs)
        except ValidationError as error:
            raise _config_error(cls, error) from None


class ConfigModel(BaseModel, metaclass=_ConfigMeta):
    """A frozen configuration; an unknown or refused field raises `ConfigError` with every problem found.

    A subclass states checks across fields in `cross_checks`; they run once every single field is accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    def cross_checks(self) -> Iterator[Problem]:
        """Problems that only several fields together can show; `where` names the field when it helps."""
        return iter(())

    @model_validator(mode="after")
    def _run_cross_checks(self) -> Self:
        problems = tuple(self.cross_checks())
        if problems:
            raise PydanticCustomError(_CROSS_CHECK, "{count} problems", {"count": len(problems), "problems": problems})
        return self

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: str = "") -> Self:
        """Build the model from plain data (YAML, JSON).

        Args:
            data: field names and values; nested models as mappings.
            where: place to put in front of every problem.

        Raises:
            ConfigError: with every problem found.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise _config_error(cls, error).within(where) from None


def _config_error(model: type, error: ValidationError) -> ConfigError:
    del model
    return ConfigError(problem for details in error.errors(include_url=False) for problem in _problems(details))


def _problems(details: ErrorDetails) -> Iterator[Problem]:
    path = _path(details["loc"])
    context = details.get("ctx", {})
    value = _shown(details["input"])
    match details["type"]:
        case "lambdanet_cross_check":
            for problem in context["problems"]:
                yield problem.within(path)
        case kind if kind == REFUSED:
            yield Problem("", f"{path} is {value}", context["allowed"], context["fix"])
        case "missing":
            yield Problem("", f"{path} is missing", "it has no default", "set it")
        case "extra_forbidden":
            yield Problem("", f"{path} is not a field", "", "remove it, or check its spelling")
        case "unexpected_keyword_argument":
            yield Problem("", f"{path} is not a field", "", "remove it, or check its spelling")
        case _:
            yield Problem("", f"{path or 'the value'} is {value}", _plain(details["msg"]), "correct it")


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


_SHOWN_LENGTH = 80


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
