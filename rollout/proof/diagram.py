"""A picture of what a plan builds: zones, tiers, what stands where, and who may reach whom."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from rollout.proof.placement import Placement, Subnet

_TIERS = {"public": "#d8ecd0", "private": "#d5e6f7", "isolated": "#f1dfd5"}
_COLUMN, _LINE, _PAD, _HEAD, _LABELS = 330, 18, 12, 54, 84
_OUTSIDE = {
    "aws_kms_key": "KMS key",
    "aws_cloudwatch_log_group": "log groups",
    "aws_cloudwatch_metric_alarm": "alarms",
    "aws_sns_topic": "alarm topic",
    "aws_sqs_queue": "dead-letter queue",
    "aws_iam_role": "roles",
    "aws_eip": "elastic IPs",
}


def draw(document: Mapping[str, Any]) -> str:
    """An SVG of the plan; the plan is the output of `terraform show -json`."""
    placement = Placement(document)
    subnets = [subnet for subnet in placement.subnets() if subnet.tier in _TIERS]
    zones = sorted({subnet.zone for subnet in subnets})
    shapes: list[str] = []
    top = _HEAD
    for tier in _TIERS:
        row = [subnet for subnet in subnets if subnet.tier == tier]
        if not row:
            continue
        height = _PAD * 2 + _LINE * (1 + max(len(subnet.contents) for subnet in row))
        shapes.append(_text(_PAD, top + _PAD + _LINE, tier, "bold"))
        shapes += [
            shape for subnet in row for shape in _box(subnet, _LABELS + zones.index(subnet.zone) * _COLUMN, top, height)
        ]
        top += height + _PAD
    shapes += [_text(_LABELS + index * _COLUMN + _PAD, _HEAD - _PAD, zone, "bold") for index, zone in enumerate(zones)]
    shapes.append(_text(_PAD, _LINE + 4, f"VPC {placement.vpc_cidr()}", "bold"))
    width = _LABELS + max(len(zones), 1) * _COLUMN + _PAD
    outline = f'<rect x="1" y="1" width="{width - 2}" height="{top - 2}" rx="8" class="vpc"/>'
    below, height = _below(placement, top)
    return _svg(width, height, [outline, *shapes, *below])


def _box(subnet: Subnet, left: int, top: int, height: int) -> list[str]:
    box = (
        f'<rect x="{left}" y="{top}" width="{_COLUMN - _PAD}" height="{height}" rx="6" '
        f'fill="{_TIERS[subnet.tier]}" class="subnet"/>'
    )
    lines = [_text(left + _PAD, top + _PAD + _LINE // 2 + 4, subnet.cidr, "small inside")]
    lines += [
        _text(left + _PAD, top + _PAD + _LINE // 2 + 4 + _LINE * (index + 1), label, "inside")
        for index, label in enumerate(subnet.contents)
    ]
    return [box, *lines]


def _below(placement: Placement, top: int) -> tuple[list[str], int]:
    """Ways that security groups open, and what stands outside the VPC."""
    counted = [f"{placement.count(kind)} {words}" for kind, words in _OUTSIDE.items() if placement.count(kind)]
    lines = [f"{path.source} → {path.destination} :{path.port}" for path in placement.paths()]
    lines.append("outside the VPC: " + ", ".join(counted))
    shapes = [_text(_PAD, top + _PAD + _LINE * (index + 1), line, "") for index, line in enumerate(lines)]
    return shapes, top + _PAD * 2 + _LINE * (len(lines) + 1)


def _text(left: int, baseline: int, words: str, kind: str) -> str:
    return f'<text x="{left}" y="{baseline}" class="{kind}">{escape(words)}</text>'


def _svg(width: int, height: int, shapes: list[str]) -> str:
    style = (
        "text{font:13px system-ui,sans-serif;fill:currentColor}.bold{font-weight:600}.small{font-size:11px}"
        ".inside{fill:#1f2328}.vpc{fill:none;stroke:#8c959f}.subnet{stroke:#8c959f}"
    )
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="What the stack builds">\n<style>{style}</style>\n{body}\n</svg>\n'
    )
