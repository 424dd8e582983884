"""What stays after a destroy: names that cannot be used again, keys that wait, and what they encrypt."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, listed
from analysis.forecast.documented import FINAL_SNAPSHOT, KMS_WINDOW_DAYS, SECRET_WINDOW_DAYS
from analysis.plan import UNKNOWN, Resource

_KEY, _SECRET, _LOGS = "aws_kms_key", "aws_secretsmanager_secret", "aws_cloudwatch_log_group"
_KEY_ATTRIBUTES = frozenset(
    {"kms_key_id", "kms_key_arn", "kms_master_key_id", "key_id", "server_side_encryption", "rule"}
)
_NO_STORAGE = frozenset({"aws_kms_alias", "aws_kms_grant", "aws_kms_key_policy"})


def kept(destruction: Destruction) -> Iterator[Finding]:
    """Deletions that leave something behind which stands in the way later."""
    for key in destruction.of(_KEY, "aws_kms_external_key"):
        yield from _key(destruction, key)
    for secret in destruction.of(_SECRET):
        yield from _secret(destruction, secret)
    for group in destruction.of(_LOGS):
        if group.get("skip_destroy") is True:
            yield from _log_group(destruction, group)


def _key(destruction: Destruction, key: Resource) -> Iterator[Finding]:
    days = key.get("deletion_window_in_days", KMS_WINDOW_DAYS)
    readers = tuple(
        dict.fromkeys(
            holder
            for holder, path in destruction.holders(key)
            if path in _KEY_ATTRIBUTES and holder.type not in _NO_STORAGE and _stays(destruction, holder)
        )
    )
    sentence = (
        f"the key is disabled at once and deleted after {days} days, within which its deletion can be cancelled (KMS "
        "API "
        "reference, ScheduleKeyDeletion)"
    )
    if readers:
        yield Finding(
            "key-of-kept-data",
            Level.ERROR,
            key.address,
            f"the key for {listed(readers)}",
            f"{sentence}; {listed(readers)} keeps data that only this key decrypts",
            "keep the key, or encrypt that data with another key first",
        )
    else:
        yield Finding(
            "key-window",
            Level.WARNING,
            key.address,
            "nothing in this plan",
            f"{sentence}; data that it has encrypted anywhere else cannot be read from then on",
            f"look in CloudTrail for its last use, and cancel the deletion within {days} days if something still "
            "needs it",
        )


def _stays(destruction: Destruction, holder: Resource) -> bool:
    """Whether data of the holder stays encrypted with the key it had."""
    if "forget" in holder.actions:
        return True
    if "delete" in holder.actions:
        snapshot = holder.type in FINAL_SNAPSHOT and holder.get("skip_final_snapshot") is not True
        return snapshot or holder.get("skip_destroy") is True
    return destruction.after(holder) is not None


def _secret(destruction: Destruction, secret: Resource) -> Iterator[Finding]:
    days = secret.get("recovery_window_in_days", SECRET_WINDOW_DAYS)
    name = secret.get("name")
    if days == 0 or not isinstance(name, str):
        return
    source = "Secrets Manager API reference, DeleteSecret"
    again = _made_again(destruction, secret, name)
    if again is not None:
        yield Finding(
            "secret-name",
            Level.ERROR,
            secret.address,
            f"a name other than {name}",
            f'the deleted secret keeps the name "{name}" for {days} days, so {again} cannot be created with it '
            f"({source})",
            "set recovery_window_in_days = 0 in an apply of its own first, which lets go of the value at once, or use "
            "another "
            "name",
        )
    else:
        yield Finding(
            "secret-name",
            Level.WARNING,
            secret.address,
            f'the name "{name}" for {days} days',
            f'the deleted secret keeps the name "{name}" for {days} days, within which no other can be created with it '
            f"({source})",
            "restore the secret and import it if it is needed again, or set recovery_window_in_days = 0 in an apply "
            "before",
        )


def _log_group(destruction: Destruction, group: Resource) -> Iterator[Finding]:
    name = str(group.get("name"))
    again = _made_again(destruction, group, name)
    failing = f", so {again} cannot be created (ResourceAlreadyExistsException)" if again else ""
    later = "" if again else "; creating it again fails (ResourceAlreadyExistsException)"
    yield Finding(
        "log-group-kept",
        Level.ERROR if again else Level.WARNING,
        group.address,
        f'the name "{name}"',
        f"skip_destroy keeps the log group in AWS when Terraform lets go of it{failing}{later} (provider "
        "documentation, "
        f"{_LOGS})",
        "import the log group where it is declared next, or delete it by hand",
    )


def _made_again(destruction: Destruction, resource: Resource, name: str) -> str | None:
    """Address of what is created under the same name in this plan; None when nothing is."""
    for created in destruction.plan.of(resource.type):
        known = created.get("name")
        if "create" in created.actions and known is not UNKNOWN and known == name:
            return created.address
    return None
