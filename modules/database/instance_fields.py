"""Field types of instances and their replicas."""

from __future__ import annotations

from typing import Annotated

from modules.core.fields import Matching

InstanceClass = Annotated[
    str,
    Matching(r"db\.[a-z0-9]+(?:-[a-z0-9]+)?\.[a-z0-9]+", "an instance class reads like db.t4g.medium", "correct it"),
]

ReplicaName = Annotated[
    str,
    Matching(
        r"[a-z](?:-?[a-z0-9])*",
        "a replica's name has 1 to 20 lowercase letters, digits and single inner hyphens, a letter first",
        "shorten or correct it",
        20,
        literal=True,
    ),
]
"""Last part of a replica's identifier; it stays when other replicas come and go."""


def database_name(longest: int) -> Matching:
    """The form of the name of a database or a user."""
    return Matching(
        r"[a-z][a-z0-9_]*",
        f"a name here has 1 to {longest} lowercase letters, digits and underscores, a letter first (RDS API)",
        "shorten or correct it",
        longest,
    )


DatabaseName = Annotated[str, database_name(63)]
MasterUsername = Annotated[str, database_name(16)]
