"""Statements about a table: what a role may do with it, and what its own policy says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from modules.core.errors import Problem
from modules.core.grants import sid_mark
from modules.core.statements import Condition, Statement, this_account_only, tls_only
from modules.core.target import Target
from modules.core.tokens import is_token

ACCESS = ("read", "write", "read_write")
"""What a role may be granted of a table's items."""

_READ_BY_KEY = ("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query")
_READ = (*_READ_BY_KEY, "dynamodb:Scan")
_WRITE = ("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
_DESCRIBE = "dynamodb:DescribeTable"
_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_KEY_READ = ("kms:Decrypt", "kms:DescribeKey")
_KEY_WRITE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


@dataclass(frozen=True)
class TableAccess:
    """A table as statements speak of it.

    Attributes:
        word: part of the statements' Sids.
        arn: the table.
        index_arns: its indexes, which are read only.
        key_arn: key that encrypts it; empty where that is DynamoDB's own.
        target: where it lies.
    """

    word: str
    arn: str
    index_arns: tuple[str, ...]
    key_arn: str
    target: Target

    def items(self, access: str, leading_keys: Sequence[str] = ()) -> tuple[Statement, ...]:
        """Read or write items.

        Args:
            access: one of `ACCESS`.
            leading_keys: partition keys of the items; none for all of them. Then there is neither Scan, which names no
                key, nor an index, whose partition key is another.
        """
        word, conditions = self.word, _leading(leading_keys)
        mark = sid_mark("\0".join(leading_keys))
        indexes = () if leading_keys else self.index_arns
        reads = Statement(
            f"Read{word}{mark}", _READ_BY_KEY if leading_keys else _READ, (self.arn, *indexes), conditions=conditions
        )
        writes = Statement(f"Write{word}{mark}", _WRITE, (self.arn,), conditions=conditions)
        chosen = {"read": (reads,), "write": (writes,), "read_write": (reads, writes)}[access]
        return (
            *chosen,
            Statement(f"Describe{word}", (_DESCRIBE,), (self.arn,)),
            *self._key(writes=access != "read"),
        )

    def stream(self, stream_arn: str) -> tuple[Statement, ...]:
        """Read the table's stream; listing streams knows no resource."""
        in_region = Condition("StringEquals", "aws:RequestedRegion", (self.target.region,))
        return (
            Statement(f"ReadStreamOf{self.word}", _STREAM, (stream_arn,)),
            Statement("ListTableStreams", ("dynamodb:ListStreams",), ("*",), conditions=(in_region,)),
            *self._key(writes=False),
        )

    def _key(self, *, writes: bool) -> tuple[Statement, ...]:
        if not self.key_arn:
            return ()
        via = Condition("StringEquals", "kms:ViaService", (f"dynamodb.{self.target.region}.amazonaws.com",))
        sid = f"{'Encrypt' if writes else 'Decrypt'}{self.word}"
        return (Statement(sid, _KEY_WRITE if writes else _KEY_READ, (self.key_arn,), conditions=(via,)),)


def protection_statements(arn: str, account_id: str, *, has_indexes: bool) -> tuple[Statement, ...]:
    """What a table's own policy denies: requests without TLS, and principals of other accounts; for its indexes too."""
    arns = (arn, f"{arn}/index/*") if has_indexes else (arn,)
    everything = "dynamodb:*"
    return tls_only(everything, *arns), this_account_only(everything, *arns, account_id=account_id)


def leading_key_problems(keys: Sequence[str]) -> Iterator[Problem]:
    """Why partition keys would not keep a role to them."""
    if isinstance(keys, str):
        yield Problem("", f'leading_keys is "{keys}"', "it is a list of partition keys", f'write ["{keys}"]')
    elif is_token(list(keys)):
        yield Problem(
            "", "leading_keys are known only later", "names of statements are made of them", "write the keys themselves"
        )


def _leading(keys: Sequence[str]) -> tuple[Condition, ...]:
    """Items with these partition keys only; ForAllValues also holds for a request without any, so that is denied."""
    if not keys:
        return ()
    return (
        Condition("ForAllValues:StringEquals", "dynamodb:LeadingKeys", tuple(keys)),
        Condition("Null", "dynamodb:LeadingKeys", ("false",)),
    )
