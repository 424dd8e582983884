"""What every alarm must be, whatever it watches (CloudWatch PutMetricAlarm)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modules.observability import AlarmSpec
from modules.observability.metrics import metric_of

_COMPARISONS = {
    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
}  # fmt: skip
_OF_A_BAND = {
    "GreaterThanUpperThreshold", "LessThanLowerThreshold", "LessThanLowerOrGreaterThanUpperThreshold",
}  # fmt: skip
_MISSING = {"breaching", "ignore", "missing", "notBreaching"}
_STATISTIC = re.compile(r"Sum|Average|Maximum|Minimum|SampleCount|p\d{1,2}(\.\d+)?")
_SECONDS_PER_DAY = 86_400


def assert_sound(alarm: AlarmSpec, *, namespace: str, dimensions: Mapping[str, str]) -> None:
    """CloudWatch takes the alarm, and it can fire: the service publishes such a metric."""
    assert (alarm.namespace, dict(alarm.dimensions)) == (namespace, dict(dimensions))
    assert re.fullmatch(r"[a-z][a-z0-9-]*", alarm.id)
    assert alarm.description.endswith(".")
    assert len(alarm.description) <= 1024
    assert 1 <= alarm.datapoints <= alarm.periods
    assert alarm.period_seconds in {10, 20, 30} or alarm.period_seconds % 60 == 0
    assert alarm.periods * alarm.period_seconds <= _SECONDS_PER_DAY
    assert alarm.comparison in (_OF_A_BAND if alarm.anomaly_band else _COMPARISONS)
    assert alarm.missing_data in _MISSING
    assert bool(alarm.metric) is not bool(alarm.expression)
    if alarm.metric:
        assert _STATISTIC.fullmatch(alarm.statistic)
        assert metric_of(namespace, alarm.metric, dimensions).takes_statistic(alarm.statistic)
        assert not alarm.terms
        return
    assert not alarm.statistic
    used = set(re.findall(r"[a-z]\w*", re.sub(r"[A-Z]+\(", "(", alarm.expression)))
    assert used == {term.id for term in alarm.terms}
    assert all(_STATISTIC.fullmatch(term.statistic) and term.metric for term in alarm.terms)
    assert "result" not in used  # the name that the expression itself gets
