"""Deletions that AWS or the provider refuses: protection, final snapshots, and what is not empty."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction
from analysis.forecast.documented import FINAL_SNAPSHOT, FORCED_BY, PROTECTED_BY
from analysis.plan import Resource

_SNAPSHOTS = {
    "aws_db_cluster_snapshot": "db_cluster_snapshot_identifier",
    "aws_db_snapshot": "db_snapshot_identifier",
}
_STATE = "the provider reads it from the state, so changing it in the same apply comes too late"


def refused(destruction: Destruction) -> Iterator[Finding]:
    """Deletions that are refused as long as nothing is changed before."""
    for resource in destruction.destroyed:
        yield from _protected(resource)
        yield from _not_empty(resource)
    yield from _snapshots(destruction)


def _protected(resource: Resource) -> Iterator[Finding]:
    attribute = PROTECTED_BY.get(resource.type, "")
    value = resource.get(attribute) if attribute else None
    if value in (True, "ACTIVE"):
        off = '"INACTIVE"' if value == "ACTIVE" else "false"
        yield Finding(
            "deletion-protection",
            Level.ERROR,
            resource.address,
            f"{attribute} = {off}",
            f"{attribute} is on, so AWS refuses the deletion (provider documentation, {resource.type}); {_STATE}",
            f"set {attribute} = {off} in an apply of its own, then destroy",
        )


def _not_empty(resource: Resource) -> Iterator[Finding]:
    attribute, content = FORCED_BY.get(resource.type, ("", ""))
    if attribute and resource.get(attribute) is not True:
        yield Finding(
            "not-empty",
            Level.UNDECIDABLE,
            resource.address,
            f"whether it holds {content}",
            f"{attribute} is not set, so the deletion fails if it holds {content}, which the plan does not tell "
            f"(provider documentation, {resource.type})",
            f"empty it before, or set {attribute} = true in an apply of its own, which deletes what it holds",
        )


def _snapshots(destruction: Destruction) -> Iterator[Finding]:
    taken: dict[tuple[str, str], str] = {}
    for snapshot in destruction.before.values():
        if snapshot.type in _SNAPSHOTS:
            kind = "cluster" if "cluster" in snapshot.type else "instance"
            taken[kind, str(snapshot.get(_SNAPSHOTS[snapshot.type]))] = snapshot.address
    for database in destruction.of(*FINAL_SNAPSHOT):
        if database.get("skip_final_snapshot") is True:
            continue
        identifier = database.get("final_snapshot_identifier")
        if database.get("replicate_source_db"):
            yield _final(
                database,
                "skip_final_snapshot = true",
                "it is a read replica, of which RDS makes no final snapshot, so the deletion fails (RDS API reference, "
                f"DeleteDBInstance); {_STATE}",
                "set skip_final_snapshot = true in an apply of its own, then destroy",
            )
        elif not identifier:
            yield _final(
                database,
                "final_snapshot_identifier",
                "skip_final_snapshot is false and final_snapshot_identifier is not set, so the provider refuses the "
                "deletion "
                f"(provider documentation, {database.type}); {_STATE}",
                "set final_snapshot_identifier, or skip_final_snapshot = true to lose the data, in an apply of its "
                "own, then "
                "destroy",
            )
        else:
            kind = "instance" if database.type == "aws_db_instance" else "cluster"
            other = taken.setdefault((kind, str(identifier)), database.address)
            if other != database.address:
                yield _final(
                    database,
                    "a final_snapshot_identifier of its own",
                    f'the final snapshot "{identifier}" is that of {other} too, so the deletion fails '
                    "(DBSnapshotAlreadyExists)",
                    "set another final_snapshot_identifier in an apply of its own, then destroy",
                )
            elif database.is_replaced:
                yield from _again(destruction, database, str(identifier))


def _again(destruction: Destruction, database: Resource, identifier: str) -> Iterator[Finding]:
    if destruction.names_after(database, "final_snapshot_identifier", (identifier,)):
        yield Finding(
            "final-snapshot",
            Level.WARNING,
            database.address,
            "a new final_snapshot_identifier",
            f'the replacement makes the final snapshot "{identifier}", and the new database has the same '
            "final_snapshot_identifier, so its own deletion will fail (DBSnapshotAlreadyExists)",
            "give the new database another final_snapshot_identifier",
        )


def _final(database: Resource, missing: str, message: str, fix: str) -> Finding:
    return Finding("final-snapshot", Level.ERROR, database.address, missing, message, fix)
