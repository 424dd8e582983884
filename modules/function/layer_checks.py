"""Whether layers fit a function: their number, runtimes, architectures and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from modules.core import limits
from modules.core.errors import Problem
from modules.core.tokens import is_token
from modules.function.layer_config import LayerConfig

_MIB = 1024 * 1024


class BuiltLayer(Protocol):
    """What is asked of a layer that was built here."""

    @property
    def name(self) -> str:
        """The layer's name."""
        ...

    @property
    def arn(self) -> str:
        """ARN of its version, as a token."""
        ...

    @property
    def config(self) -> LayerConfig:
        """What it was built from."""
        ...

    @property
    def unzipped_bytes(self) -> int:
        """Size of its files."""
        ...


def layer_problems(
    layers: Sequence[str | BuiltLayer],
    *,
    runtime: str,
    architecture: str,
    region: str = "",
    unzipped_bytes: int | None = None,
) -> Iterator[Problem]:
    """What Lambda would refuse about the layers of a function.

    Args:
        layers: ARNs of layer versions, tokens among them, and layers built here.
        runtime: the function's; empty for an image.
        architecture: the function's.
        region: the function's, to be compared with ARNs; empty compares nothing.
        unzipped_bytes: size of the function's own files, where known.
    """
    if layers and not runtime:
        yield Problem(
            "",
            "layers are given to a container image",
            "an image holds everything itself (Lambda guide, container images)",
            "copy their content into the image, or remove layers",
        )
        return
    known = [layer for layer in layers if not (isinstance(layer, str) and _is_list_token(layer))]
    if len(known) > limits.LAMBDA_MAX_LAYERS:
        yield Problem(
            "",
            f"layers has {len(known)} entries",
            f"a function takes {limits.LAMBDA_MAX_LAYERS} (Lambda quotas)",
            "join some into one layer, or package them with the function",
        )
    yield from _repeated(known)
    for layer in known:
        if isinstance(layer, str):
            yield from _foreign_problems(layer, region)
        else:
            yield from _fit_problems(layer, runtime, architecture)
    yield from _size_problems([layer for layer in known if not isinstance(layer, str)], unzipped_bytes)


def _is_list_token(text: str) -> bool:
    """A list that is known only later stands as one text; it is any number of layers."""
    return text.startswith("#{")


def _repeated(layers: Sequence[str | BuiltLayer]) -> Iterator[Problem]:
    named = [_layer_of(layer) if isinstance(layer, str) else layer.name for layer in layers]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield Problem("", f'layers holds "{name}" twice', "a function takes one version of a layer", "remove one")


def _layer_of(arn: str) -> str:
    return arn if is_token(arn) else arn.rpartition(":")[0]


def _foreign_problems(arn: str, region: str) -> Iterator[Problem]:
    if region and not is_token(arn) and arn.split(":")[3] != region:
        yield Problem(
            "",
            f'layers holds "{arn}"',
            f"a layer lies in the function's region, {region} (Lambda guide, layers)",
            "name a version in that region",
        )


def _fit_problems(layer: BuiltLayer, runtime: str, architecture: str) -> Iterator[Problem]:
    for what, given, taken in (
        ("runtime", runtime, layer.config.compatible_runtimes),
        ("architecture", architecture, layer.config.compatible_architectures),
    ):
        if given not in taken:
            yield Problem(
                "",
                f'layers holds "{layer.name}", and the function\'s {what} is {given}',
                f"the layer was built for {', '.join(taken)}",
                f"add {given} to its compatible_{what}s, or use another layer",
            )


def _size_problems(layers: Sequence[BuiltLayer], unzipped_bytes: int | None) -> Iterator[Problem]:
    sizes = {layer.name: layer.unzipped_bytes for layer in layers}
    if unzipped_bytes is not None:
        sizes["the function"] = unzipped_bytes
    total = sum(sizes.values())
    if sizes and layers and total > limits.LAMBDA_MAX_UNZIPPED_BYTES:
        parts = ", ".join(
            f"{name} {size / _MIB:.1f} MiB"
            for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
        )
        yield Problem(
            "",
            f"the function and its layers take {total / _MIB:.1f} MiB unzipped ({parts})",
            f"Lambda takes {limits.LAMBDA_MAX_UNZIPPED_BYTES // _MIB} MiB together (Lambda quotas)",
            "leave something out, or use a container image",
        )
