"""The platform a function runs on, as the installer of its dependencies needs to know it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modules.core.errors import ConfigError, Problem

_RUNTIME = re.compile(r"python3\.([1-9]\d?)")
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_FIRST_ON_AMAZON_LINUX_2023 = 12  # Lambda runtimes: python3.12 and later; glibc 2.34. Earlier ones have glibc 2.26.


@dataclass(frozen=True)
class Platform:
    """One Lambda runtime on one architecture.

    Attributes:
        runtime: Lambda's name, such as `python3.13`.
        architecture: Lambda's name, `arm64` or `x86_64`.
        minor: the minor version of Python 3.
    """

    runtime: str
    architecture: str
    minor: int

    @classmethod
    def of(cls, runtime: str, architecture: str, where: str) -> Platform:
        """The platform, or every reason why there is none.

        Raises:
            ConfigError: for a runtime that is not Python 3, or an unknown architecture.
        """
        problems = []
        match = _RUNTIME.fullmatch(runtime)
        if not match:
            problems.append(
                Problem(
                    where,
                    f'runtime is "{runtime}"',
                    "packages are built for Python runtimes",
                    "use one such as python3.13, or bring a package of your own",
                )
            )
        if architecture not in _MACHINES:
            problems.append(
                Problem(
                    where,
                    f'architecture is "{architecture}"',
                    "Lambda runs on arm64 or x86_64",
                    "choose one of them",
                )
            )
        if problems or not match:
            raise ConfigError(problems)
        return cls(runtime, architecture, int(match[1]))

    @property
    def python_version(self) -> str:
        """Such as `3.13`."""
        return f"3.{self.minor}"

    @property
    def wheels(self) -> str:
        """The newest wheel platform that runs there, such as `aarch64-manylinux_2_34`."""
        glibc = "manylinux_2_34" if self.minor >= _FIRST_ON_AMAZON_LINUX_2023 else "manylinux_2_17"
        return f"{_MACHINES[self.architecture]}-{glibc}"
