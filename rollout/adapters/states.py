"""States of Terraform where they are kept: in S3, or as files beside the project."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.states import LOCK_SUFFIX, STATE_SUFFIX, StateFile, StateFound, StateLock, StatePlace, state_place

Buckets = Callable[[RunTarget, str], Any]
"""Makes a boto3 client of S3 for a region, with the credentials that plan a target."""

_ABSENT = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})
_BOOTSTRAP = "`lambdanet rollout bootstrap` makes it"


class States:
    """States of targets.

    Args:
        buckets: clients of S3.
        project: folder that local states stand in.
    """

    def __init__(self, buckets: Buckets, project: Path) -> None:
        self._buckets = buckets
        self._project = project

    def found(self, target: RunTarget) -> StateFound:
        """Whether a target has a state, and who holds its lock; raises nothing that AWS says."""
        place = state_place(target.target)
        if place.is_local:
            return self._file(place)
        try:
            return self._object(target, place)
        except (BotoCoreError, ClientError) as error:
            return StateFound(place, problem=f"{target.name}: {_refused(place, error)}")

    def near(self, targets: Iterable[RunTarget]) -> tuple[StateFile, ...]:
        """Every state in the buckets and folders that targets keep theirs in, below the targets' organisations.

        Raises:
            RolloutError: with a sentence for each bucket that cannot be listed.
        """
        found: set[StateFile] = set()
        problems: list[str] = []
        seen: set[tuple[str, str]] = set()
        for target in targets:
            place = state_place(target.target)
            folder = place.key.rpartition("/")[0]
            if (place.bucket, folder) in seen:
                continue
            seen.add((place.bucket, folder))
            if place.is_local:
                found.update(self._files())
                continue
            try:
                found.update(self._objects(target, place, f"{folder}/"))
            except (BotoCoreError, ClientError) as error:
                problems.append(f"{target.name}: {_refused(place, error)}")
        if problems:
            raise RolloutError("\n".join(problems))
        return tuple(sorted(found))

    def resources(self, target: RunTarget, place: StatePlace) -> int:
        """How many managed resources a state holds.

        Args:
            target: a target whose credentials read the state.
            place: the state.

        Raises:
            RolloutError: the state cannot be read.
        """
        try:
            if place.is_local:
                content = (self._project / place.key).read_bytes()
            else:
                client = self._buckets(target, place.region)
                content = client.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
            resources = json.loads(content).get("resources") or ()
            return sum(len(each.get("instances") or ()) for each in resources if each.get("mode") == "managed")
        except (BotoCoreError, ClientError) as error:
            raise RolloutError(f"{place.name}: {_refused(place, error)}") from None
        except (OSError, ValueError, AttributeError) as error:
            detail = " ".join(str(error).split()).rstrip(".")
            raise RolloutError(
                f"{place.name}: {place} is no state of Terraform ({detail}); look at it, and remove it if it is none"
            ) from None

    def _object(self, target: RunTarget, place: StatePlace) -> StateFound:
        client = self._buckets(target, place.region)
        client.head_bucket(Bucket=place.bucket)
        exists = _is_there(client, place.bucket, place.key)
        try:
            content = client.get_object(Bucket=place.bucket, Key=f"{place.key}{LOCK_SUFFIX}")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise
            return StateFound(place, exists)
        return StateFound(place, exists, StateLock.from_json(content))

    def _objects(self, target: RunTarget, place: StatePlace, prefix: str) -> Iterator[StateFile]:
        client = self._buckets(target, place.region)
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=place.bucket, Prefix=prefix):
            for entry in page.get("Contents", ()):
                if entry["Key"].endswith(STATE_SUFFIX):
                    key = StatePlace(place.bucket, entry["Key"], place.region)
                    yield StateFile(key, entry["LastModified"], int(entry["Size"]))

    def _file(self, place: StatePlace) -> StateFound:
        path = self._project / place.key
        told = path.with_name(f".{path.name}.lock.info")
        try:
            is_held = path.exists() and told.exists() and _is_locked(path)
            return StateFound(place, path.exists(), StateLock.from_json(told.read_bytes()) if is_held else None)
        except OSError as error:
            return StateFound(place, problem=f"{place.name}: {place} cannot be read ({error.strerror}); allow it")

    def _files(self) -> Iterator[StateFile]:
        for path in self._project.glob(f"terraform.*{STATE_SUFFIX}"):
            at = path.stat()
            yield StateFile(StatePlace("", path.name), datetime.fromtimestamp(at.st_mtime, UTC), at.st_size)


def _is_there(client: Any, bucket: str, key: str) -> bool:
    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        return False
    return True


def _is_locked(path: Path) -> bool:
    """Whether a process holds the lock; the file that tells of it stays behind when the process is killed."""
    with path.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        fcntl.lockf(file, fcntl.LOCK_UN)
    return False


def _refused(place: StatePlace, error: BotoCoreError | ClientError) -> str:
    """Why a state cannot be reached, and what to do."""
    if not isinstance(error, ClientError):
        detail = " ".join(str(error).split()).rstrip(".")
        return f"{place} cannot be reached ({detail}); check network and endpoint, and try again"
    code = str(error.response["Error"].get("Code", ""))
    if code in _ABSENT and error.operation_name in {"HeadBucket", "ListObjectsV2"}:
        return f"bucket {place.bucket} of the state does not exist in {place.region}; {_BOOTSTRAP}"
    return (
        f"{place} cannot be read: AWS refused {error.operation_name} ({code}); allow s3:ListBucket, s3:GetObject and "
        "kms:Decrypt to the plan role, and name it in the bucket's and the key's policies"
    )
