"""Limits of event sources, held against the service model that botocore ships."""

from __future__ import annotations

import botocore.session
import pytest

from modules.core import source_limits
from modules.core.limits import Range

RANGES = {name: value for name, value in vars(source_limits).items() if isinstance(value, Range)}


@pytest.mark.parametrize(
    ("limit", "shape"),
    [
        (source_limits.BATCH, "BatchSize"),
        (source_limits.WINDOW_SECONDS, "MaximumBatchingWindowInSeconds"),
        (source_limits.CONCURRENCY, "MaximumConcurrency"),
        (source_limits.FEWEST_POLLERS, "MinimumNumberOfPollers"),
        (source_limits.MOST_POLLERS, "MaximumNumberOfPollers"),
        (source_limits.PARALLELIZATION, "ParallelizationFactor"),
        (source_limits.RETRIES, "MaximumRetryAttemptsEventSourceMapping"),
        (source_limits.TUMBLING_WINDOW_SECONDS, "TumblingWindowInSeconds"),
    ],
)
def test_a_range_is_the_service_models(limit: Range, shape: str) -> None:
    bounds = botocore.session.get_session().get_service_model("lambda").shape_for(shape).metadata
    narrowed = {"MinimumNumberOfPollers": 2, "MaximumNumberOfPollers": 2}  # of queues, as the members' text says
    narrowed["MaximumRetryAttemptsEventSourceMapping"] = 0  # null stands for the model's -1
    assert (limit.minimum, limit.maximum) == (narrowed.get(shape, bounds["min"]), bounds["max"])


def test_an_age_and_a_pattern_have_their_longest() -> None:
    model = botocore.session.get_session().get_service_model("lambda")
    age = model.shape_for("MaximumRecordAgeInSeconds").metadata
    assert age["max"] == source_limits.RECORD_AGE_SECONDS.maximum
    assert model.shape_for("Pattern").metadata["max"] == source_limits.FILTER_CHARACTERS


@pytest.mark.parametrize("name", RANGES)
def test_every_range_has_a_unit_a_subject_and_a_source(name: str) -> None:
    limit = RANGES[name]
    assert limit.unit
    assert limit.source
    assert limit.subject.split()[0] in {"a", "an"}
