"""What Lambda takes of event sources, each stated once with its unit and source; see `limits`."""

from __future__ import annotations

from modules.core.limits import Range

BATCH = Range(1, 10_000, "records", "a batch of an event source", "lambda API model, BatchSize")
FIFO_BATCH = 10  # CreateEventSourceMapping, BatchSize: the most of a FIFO queue
BATCH_WITHOUT_WINDOW = 10  # CreateEventSourceMapping: a larger batch of a queue takes a window
WINDOW_SECONDS = Range(
    0, 300, "seconds", "an event source's batching window", "lambda API model, MaximumBatchingWindowInSeconds"
)
CONCURRENCY = Range(2, 1_000, "invocations", "a queue's maximum concurrency", "lambda API model, MaximumConcurrency")
UNBOUNDED_CONCURRENCY = 1_250  # Lambda guide, scaling of SQS event sources: without a maximum
FEWEST_POLLERS = Range(2, 200, "pollers", "an SQS event source's minimum", "lambda API model, MinimumPollers")
MOST_POLLERS = Range(2, 10_000, "pollers", "an SQS event source's maximum", "lambda API model, MaximumPollers")
POLLERS_OF_PROVIDER_5 = 2_000  # AWS provider 5.100 refuses more, although Lambda takes them
INVOCATIONS_PER_POLLER = 10  # Lambda guide, scaling of SQS event sources
FILTERS = Range(5, 10, "filters", "an event source's quota", "Lambda guide, filtering")
FILTER_CHARACTERS = 4_096  # lambda API model, Pattern
PARALLELIZATION = Range(
    1, 10, "batches of a shard", "a stream's parallelization factor", "lambda API model, ParallelizationFactor"
)
RETRIES = Range(0, 10_000, "retries", "a batch of a stream", "lambda API model, MaximumRetryAttempts")
RECORD_AGE_SECONDS = Range(
    60, 604_800, "seconds", "a stream record's age", "lambda API model, MaximumRecordAgeInSeconds"
)
TUMBLING_WINDOW_SECONDS = Range(
    0, 900, "seconds", "a stream's tumbling window", "lambda API model, TumblingWindowInSeconds"
)
DYNAMODB_STREAM_RETENTION_SECONDS = 86_400  # DynamoDB guide, streams: 24 hours
