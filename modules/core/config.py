"""Base of every configuration model: frozen, closed, and refusing with whole sentences, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic._internal._model_construction import ModelMetaclass  # pydantic has no public name for it
from pydantic_core import ErrorDetails, PydanticCustomError

from modules.core.errors import ConfigError, Problem
from modules.core.fields import REFUSED
from modules.core.secrecy import names_secret

if TYPE_CHECKING:
    from modules.core.target import Target

_CROSS_CHECK = "lambdanet_cross_check"


def refused_by(problems: tuple[Problem, ...]) -> PydanticCustomError:
    """The pydantic error for problems that are whole sentences already, for validators of a whole model."""
    return PydanticCustomError(_CROSS_CHECK, "{count} problems", {"count": len(problems), "problems": problems})


class _ConfigMeta(ModelMetaclass):
    """Turns pydantic's error into ours, on direct construction only; nested models keep collecting."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # a metaclass calls its instance cls
        try:
            return super().__call__(*args, **kwargs)
        except ValidationError as error:
            raise _config_error(error) from None


class ConfigModel(BaseModel, metaclass=_ConfigMeta):
    """A frozen configuration; an unknown or refused field raises `ConfigError` with every problem found.

    A subclass states checks across fields in `cross_checks`; they run once every single field is accepted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    def cross_checks(self) -> Iterator[Problem]:
        """Problems that only several fields together can show; `where` names the field when it helps."""
        return iter(())

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Problems that show only together with the target, such as a zone outside its region."""
        del target
        return iter(())

    def require(self, target: Target, *, where: str) -> None:
        """Refuse a configuration that does not fit its target.

        Raises:
            ConfigError: with every problem found.
        """
        problems = tuple(self.target_checks(target))
        if problems:
            raise ConfigError(problems).within(where)

    @model_validator(mode="after")
    def _run_cross_checks(self) -> Self:
        problems = tuple(self.cross_checks())
        if problems:
            raise refused_by(problems)
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
            return cls.model_validate(data)
        except ValidationError as error:
            raise _config_error(error).within(where) from None


def _config_error(error: ValidationError) -> ConfigError:
    return ConfigError(problem for details in error.errors(include_url=False) for problem in _problems(details))


def _problems(details: ErrorDetails) -> Iterator[Problem]:
    path = _path(details["loc"]) or "the configuration"
    context = details.get("ctx", {})
    value = "a value that is not shown" if _is_secret(details["loc"]) else _shown(details["input"])
    match details["type"]:
        case "lambdanet_cross_check":
            for problem in context["problems"]:
                yield problem.within(_path(details["loc"]))
        case kind if kind == REFUSED:
            yield Problem("", f"{path} is {value}", context["allowed"], context["fix"])
        case "missing":
            yield Problem("", f"{path} is missing", "it has no default", "set it")
        case "extra_forbidden" | "invalid_key":
            yield Problem("", f"{path} is not a field", "", "remove it, or check its spelling")
        case "union_tag_not_found":
            given = f"{path} has no {context['discriminator'].strip(_QUOTE)}"
            yield Problem("", given, "it decides which other fields there are", "set it")
        case "union_tag_invalid":
            given = f'{path}.{context["discriminator"].strip(_QUOTE)} is "{context["tag"]}"'
            allowed = f"it is one of {context['expected_tags'].replace(_QUOTE, '')}"
            yield Problem("", given, allowed, "choose one of them")
        case kind if kind in _TYPES:
            allowed, fix = _TYPES[kind]
            yield Problem("", f"{path} is {value}", allowed, fix)
        case _:
            yield Problem("", f"{path} is {value}", _plain(details["msg"]), "correct it")


_QUOTE = "'"
_A_MAPPING = ("it takes a mapping of fields", "write its fields below it")
_TYPES = {
    "bool_type": ("it takes true or false", "write one of them, without quotes"),
    "dict_type": ("it maps names to values", "write one name: value in each line"),
    "model_attributes_type": _A_MAPPING,
    "model_type": _A_MAPPING,
    "path_type": ("it takes a path", "write it in quotes"),
    "string_type": ("it takes text", "write it in quotes"),
    "tuple_type": ("it takes a list", "write a list, even of one value"),
}
"""Kind of a pydantic error → what is allowed, and what to do."""


def _path(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        if part != "[key]":  # pydantic's mark for a key that is refused; the part before it names the key
            text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def _is_secret(location: tuple[int | str, ...]) -> bool:
    return any(isinstance(part, str) and names_secret(part) for part in location)


_SHOWN_LENGTH = 80


def _shown(value: object) -> str:
    try:
        text = '"' + value.replace("\n", "\\n") + '"' if isinstance(value, str) else repr(value)
    except ValueError:  # Python prints no integer of more than 4300 digits
        text = f"a {type(value).__name__} too long to be shown"
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 1]}…"


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
