"""Streams and tables as event sources: what they rule out with their function, and what is synthesized."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.event_source import StreamSource, StreamSourceConfig, TableSource, TableSourceConfig
from modules.stream import Stream
from tests.constructs.event_sources import LOSSY, OFF, WHERE, Made, refusal

pytestmark = pytest.mark.synth


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def stream_source(made: Made, name: str = "source", **parts: Any) -> StreamSource:
    fields = parts.pop("fields", {})
    return StreamSource(
        made.stack,
        name,
        function=parts.pop("function", None) or made.function(f"of-{name}"),
        stream=parts.pop("stream", None) or made.stream(),
        config=StreamSourceConfig.parse({"alarms": OFF, **fields}),
        **parts,
    )


def test_an_alias_polls(made: Made) -> None:
    function = made.function(alias={"name": "blue"})
    source = StreamSource(
        made.stack,
        "source",
        function=function,
        stream=made.stream(),
        config=StreamSourceConfig.parse({"event_metrics": True, **LOSSY}),
    )
    mapping = made.mapping()
    [alias] = made.resources("aws_lambda_alias")
    assert mapping["function_name"] == f"${{aws_lambda_alias.{alias}.arn}}"
    assert source.maximum is None
    assert (mapping["maximum_retry_attempts"], mapping["maximum_record_age_in_seconds"]) == (5, 43_200)


def test_what_is_given_up_goes_somewhere_or_takes_a_reason(made: Made) -> None:
    function, table = made.function(), made.table()
    missing = (
        f"{WHERE}/source: on_failure is missing; a batch that fails every retry would be dropped, and the stream goes "
        "on (Lambda guide, discarded batch records); pass a queue, a topic or a bucket as on_failure, or set "
        "discard_reason"
    )
    assert refusal(lambda: stream_source(made)) == missing
    quiet = TableSourceConfig.parse({"alarms": OFF})
    assert refusal(
        lambda: TableSource(made.stack, "table", function=function, table=table, config=quiet)
    ) == missing.replace("/source:", "/table:")


def test_what_is_given_up_is_lost_or_kept(made: Made) -> None:
    topic = made.topic()
    assert refusal(lambda: stream_source(made, on_failure=topic, fields={"discard_reason": "clicks"})) == (
        f'{WHERE}/source: on_failure is given and discard_reason is "clicks"; one says that nothing is lost, the other '
        "why it may be; remove one of them"
    )


def test_what_never_gives_up_tells_nobody(made: Made) -> None:
    forever = {"maximum_retry_attempts": None, "maximum_record_age_seconds": None}
    assert refusal(lambda: stream_source(made, on_failure=made.topic(), fields=forever)) == (
        f"{WHERE}/source: on_failure is given, and maximum_retry_attempts and maximum_record_age_seconds are null; a "
        "record is then tried until it expires, and expired records go to no destination; set one of the two"
    )


def test_a_function_takes_no_records_that_are_given_up(made: Made) -> None:
    other = made.function("other")
    assert refusal(lambda: stream_source(made, on_failure=other)) == (
        f'{WHERE}/source: on_failure is of the kind "lambda"; Lambda sends what it gives up of a stream to sqs, sns, '
        "s3 "
        "(Lambda guide, discarded batch records); pass a queue, a topic or a bucket"
    )


def test_a_destination_is_granted_under_the_sources_name(made: Made) -> None:
    topic = made.topic()
    stream_source(made, "clicks-source", on_failure=topic)
    assert made.mapping()["destination_config"] == {
        "on_failure": {"destination_arn": made.reference("aws_sns_topic", "arn")}
    }
    [policy] = made.resources("aws_iam_role_policy").values()
    sids = [each["Sid"] for each in json.loads(policy["policy"])["Statement"]]
    assert {"OnFailureClicksSourcePublishToFailed", "ReadClicks", "SubscribeToClicks", "DecryptClicks"} <= set(sids)


def test_records_are_given_up_before_the_stream_forgets_them(made: Made) -> None:
    fields = {**LOSSY, "maximum_record_age_seconds": 172_800}
    stream = made.stream("long", retention_hours=48)
    assert refusal(lambda: stream_source(made, stream=stream, fields=fields)) == (
        f"{WHERE}/source: maximum_record_age_seconds is 172800 and {WHERE}/long keeps a record for 172800 seconds; a "
        "record would be gone before it is given up, and on_failure would never hear of it; set it below 172800"
    )
    existing = Stream.from_existing(made.stack, "there", arn="arn:aws:kinesis:eu-west-1:123456789012:stream/clicks")
    assert stream_source(made, "there-source", stream=existing, fields=fields).maximum is None


def test_a_consumer_of_the_stream(made: Made) -> None:
    stream = made.stream(consumers=["fast"])
    fields = {**LOSSY, "consumer": "fast"}
    assert refusal(lambda: stream_source(made, stream=stream, fields={**LOSSY, "consumer": "slow"})) == (
        f'{WHERE}/source: consumer is "slow"; {WHERE}/clicks has the consumers fast; name one of them, add it to the '
        "stream, or remove it"
    )
    stream_source(made, "fanned", stream=stream, fields=fields)
    assert made.mapping()["event_source_arn"] == made.reference("aws_kinesis_stream_consumer", "arn")


def test_shards_bound_a_stream(made: Made) -> None:
    stream = made.stream(provisioned={"shards": 3})
    source = stream_source(made, stream=stream, fields={**LOSSY, "parallelization_factor": 4})
    assert source.maximum == 12


def test_a_table_without_a_stream(made: Made) -> None:
    table, config = made.table(stream_view_type=""), TableSourceConfig.parse(LOSSY)
    function = made.function()
    assert refusal(lambda: TableSource(made.stack, "source", function=function, table=table, config=config)) == (
        f"{WHERE}/orders: the table has no stream; changes are read from one; set stream_view_type"
    )
