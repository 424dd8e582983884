"""Which versions of Aurora have what, and which instance classes a cluster takes, as plain data.

A major version alone stands for the minor one that AWS takes by default. For Aurora PostgreSQL that is newer than every
version below (Aurora guide, release calendars, November 2026); for Aurora MySQL it is not, so a feature that needs a
version asks for one to be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.core.errors import Problem
from modules.database.config_checks import engine_problems
from modules.database.connections import instance_class_of
from modules.database.engines import MYSQL, Engine

_MYSQL_VERSION = re.compile(r"8\.0\.mysql_aurora\.(3\.\d+\.\d+)", re.ASCII)
_BURSTABLE = ("t",)
_WITHOUT_INSIGHTS = ("t2.", "t3.", "t4g.micro", "t4g.small")
_AURORA_CLASSES = ("r", "t", "x")


@dataclass(frozen=True)
class Feature:
    """Something that only newer versions have.

    Attributes:
        name: what it is, for the sentence.
        postgresql: first minor version by major version; later majors have it from the start.
        mysql: first Aurora MySQL version.
        source: document that says so.
    """

    name: str
    postgresql: Mapping[str, int]
    mysql: tuple[int, int, int]
    source: str

    def problems(self, engine: Engine, version: str, given: str) -> Iterator[Problem]:
        """The problem of a version that has not got it.

        Args:
            engine: an Aurora engine.
            version: a major version or a whole one.
            given: field and value that ask for it.
        """
        if engine.family == MYSQL:
            third, second, patch = self.mysql
            needs = f"8.0.mysql_aurora.{third}.{second:02}.{patch}"
            found = _MYSQL_VERSION.fullmatch(version)
            has_it = found is not None and _numbers(found[1]) >= self.mysql
        else:
            major, _, minor = version.partition(".")
            first = self.postgresql.get(major, 0)
            needs = f"{major}.{first}"
            has_it = not minor or _numbers(minor) >= (first,)
        if not has_it:
            yield Problem(
                "",
                f'{given}, and engine_version is "{version}"',
                f"{engine.label} has {self.name} from {needs} ({self.source})",
                f'set engine_version to "{needs}" or newer',
            )


AUTO_PAUSE = Feature(
    "auto-pause at 0 ACU", {"13": 15, "14": 12, "15": 7, "16": 3}, (3, 8, 0), "Aurora guide, scaling to zero ACUs"
)
LARGEST_CAPACITY = Feature(
    "more than 128 ACU", {"13": 13, "14": 10, "15": 5, "16": 1}, (3, 6, 0), "Aurora guide, Aurora Serverless v2"
)
DATA_API = Feature("the Data API", {"13": 11, "14": 8, "15": 3, "16": 1}, (3, 7, 0), "Aurora guide, RDS Data API")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def version_problems(engine: Engine, version: str, extended_support_reason: str = "") -> Iterator[Problem]:
    """A version is a major one, or for Aurora a whole one; past standard support it takes a reason."""
    allowed = _allowed_versions(engine)
    if not _is_version(engine, version):
        yield Problem("", f'engine_version is "{version}"', allowed, "choose one of them")
    else:
        yield from engine_problems(engine, major_version(engine, version), extended_support_reason)


def _is_version(engine: Engine, version: str) -> bool:
    if version in engine.all_versions:
        return True
    if not engine.is_aurora:
        return False
    if engine.family == MYSQL:
        return bool(_MYSQL_VERSION.fullmatch(version))
    major, _, minor = version.partition(".")
    return major in engine.all_versions and bool(re.fullmatch(r"\d{1,2}", minor, re.ASCII))


def _allowed_versions(engine: Engine) -> str:
    majors = ", ".join(engine.all_versions)
    if not engine.is_aurora:
        return f"{engine.label} has the major versions {majors}; AWS chooses the minor one"
    whole = "8.0.mysql_aurora.3.08.0" if engine.family == MYSQL else f"{engine.default_version}.4"
    return f"{engine.label} takes {majors}, or a whole version like {whole}"


def major_version(engine: Engine, version: str) -> str:
    """The major version, which a parameter group's family names."""
    return next(major for major in engine.all_versions if version == major or version.startswith(f"{major}."))


def aurora_class_problems(engine: Engine, field: str, instance_class: str, *, has_data_api: bool) -> Iterator[Problem]:
    """What Aurora asks of an instance class."""
    family = instance_class.removeprefix("db.")
    if not family.startswith(_AURORA_CLASSES):
        yield Problem(
            "",
            f'{field} is "{instance_class}"',
            "Aurora has the families db.r, db.x and db.t (Aurora guide, DB instance classes)",
            "choose one, such as db.r7g.large",
        )
    if engine.family == MYSQL and family.startswith(_WITHOUT_INSIGHTS):
        yield Problem(
            "",
            f'{field} is "{instance_class}"',
            "Aurora MySQL has no Performance Insights there (Aurora guide, Performance Insights)",
            "choose db.t4g.medium or a larger class",
        )
    if has_data_api and family.startswith(_BURSTABLE):
        yield Problem(
            "",
            f'{field} is "{instance_class}", and data_api is True',
            "the Data API takes no burstable class (Aurora guide, RDS Data API)",
            "choose one such as db.r7g.large",
        )


def multi_az_class_problems(field: str, instance_class: str) -> Iterator[Problem]:
    """A Multi-AZ DB cluster commits to local disks first."""
    family = instance_class.removeprefix("db.").partition(".")[0]
    if not re.fullmatch(r"[a-z]\d+[a-z]*d[a-z]*", family):
        yield Problem(
            "",
            f'{field} is "{instance_class}"',
            "a Multi-AZ DB cluster takes classes with a local disk, a d after the generation (RDS guide, Multi-AZ DB "
            "clusters)",
            "choose one such as db.m6gd.large",
        )


def vcpus_of(instance_class: str) -> int:
    """Virtual processors of a class; 0 where the table has no such class."""
    found = instance_class_of(instance_class)
    return found.vcpus if found else 0


def memory_bytes_of(instance_class: str) -> int:
    """Nominal memory of a class; 0 where the table has no such class."""
    found = instance_class_of(instance_class)
    return found.memory_bytes if found else 0
