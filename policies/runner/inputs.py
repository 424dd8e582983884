"""Both inputs in Checkov's form: the blocks for its checks in Python, and the graph for the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkov.common.graph.graph_builder.graph_components.attribute_names import CustomAttributes
from checkov.terraform import plan_parser
from checkov.terraform.graph_builder.graph_components.block_types import BlockType
from checkov.terraform.graph_builder.graph_components.module import END_LINE, START_LINE
from checkov.terraform.plan_runner import TF_LIFECYCLE_CHECK_IDS, Runner
from checkov.terraform_json.parser import prepare_definition
from checkov.terraform_json.runner import TerraformJsonRunner

from policies.runner.checks import REGISTRIES, Entity, Results, run_graph_checks, run_python_checks
from policies.runner.prepared import prepared_plan, prepared_synthesized, read_policies
from policies.runner.strict import DOUBTS

_LINES = {START_LINE: 1, END_LINE: 1}


class SynthesizedRunner(TerraformJsonRunner):  # type: ignore[misc]  # untyped, of another environment
    """Checkov's runner for `*.tf.json`, with the rendered graph for every check."""

    def judge(self, folder: Path, without: frozenset[str]) -> Results:
        """Run the checks on the files of a folder."""
        definitions = {file.name: _definition(file) for file in sorted(folder.iterdir())}
        graph = self.graph_manager.build_graph_from_definitions(definitions)
        self.graph_manager.save_graph(graph)
        connected = self.graph_manager.get_reader_endpoint()
        results = Results()
        run_python_checks(_rendered(graph), connected, without, results)
        for check, outcome, vertex in run_graph_checks(connected, without):
            address = _address(vertex[CustomAttributes.BLOCK_TYPE], vertex[CustomAttributes.BLOCK_NAME])
            results.add(check, outcome, address, vertex[CustomAttributes.FILE_PATH])
        return results


class PlanRunner(Runner):  # type: ignore[misc]  # likewise
    """Checkov's runner for plans."""

    def judge(self, folder: Path, without: frozenset[str]) -> Results:
        """Run the checks on the plan in a folder."""
        (file,) = folder.iterdir()
        definitions = {file.name: _plan_definition(file)}
        graph = self.graph_manager.build_graph_from_definitions(definitions, render_variables=False)
        self.graph_manager.save_graph(graph)
        connected = self.graph_manager.get_reader_endpoint()
        results, without = Results(), without | TF_LIFECYCLE_CHECK_IDS
        entities = (
            Entity(block, _plan_address(block, _inner(block, content)), file.name, content)
            for block, contents in definitions[file.name].items()
            for content in contents
        )
        run_python_checks(entities, connected, without, results)
        vertices = {
            _plan_address(one.block_type, one.attributes) for one in graph.vertices if one.block_type in REGISTRIES
        }
        DOUBTS.extend(f"{address} is missing in the graph" for address in sorted(results.handed_over - vertices))
        for check, outcome, vertex in run_graph_checks(connected, without):
            address = _plan_address(vertex[CustomAttributes.BLOCK_TYPE], vertex)
            results.add(check, outcome, address, file.name)
        return results


def _definition(file: Path) -> dict[str, Any]:
    """A file of synthesized JSON."""
    document = prepared_synthesized(json.loads(file.read_text(encoding="utf-8")))
    definition: dict[str, Any] = prepare_definition(document)
    for content in definition.get(BlockType.PROVIDER, ()):
        _inner(BlockType.PROVIDER, content).update(_LINES)  # without lines Checkov leaves providers out of the graph
    for block in (BlockType.RESOURCE, BlockType.DATA):
        for content in definition.get(block, ()):
            read_policies(_inner(block, content))
    return definition


def _rendered(graph: Any) -> Iterator[Entity]:
    """The blocks of the graph, in which variables, locals and functions are rendered."""
    for vertex in graph.vertices:
        if vertex.block_type in REGISTRIES:
            content = vertex.config
            if vertex.block_type in {BlockType.RESOURCE, BlockType.DATA}:
                read_policies(_inner(vertex.block_type, content))
            yield Entity(vertex.block_type, _address(vertex.block_type, vertex.name), vertex.path, content)


def _plan_definition(file: Path) -> dict[str, Any]:
    """A plan; Checkov's parser is given what it would read."""
    document = prepared_plan(json.loads(file.read_text(encoding="utf-8")))
    plan_parser.parse = lambda *_: (document, [(1, "")])
    definition, _ = plan_parser.parse_tf_plan(file.name, {})
    for block in (BlockType.RESOURCE, BlockType.DATA):
        for content in definition[block]:
            read_policies(_inner(block, content))
    return dict(definition)


def _inner(block: str, content: dict[str, Any]) -> dict[str, Any]:
    """The settings of a block in Checkov's form."""
    inner: dict[str, Any] = next(iter(content.values()))
    return next(iter(inner.values())) if block in {BlockType.RESOURCE, BlockType.DATA} else inner


def _address(block: str, name: str) -> str:
    """The address of a block by the name of its vertex, without the key of an instance."""
    prefix = "" if block == BlockType.RESOURCE else f"{block}."
    return f"{prefix}{name.partition('[')[0]}"


def _plan_address(block: str, settings: dict[str, Any]) -> str:
    """The address of a block as the plan has it; a provider's begins with `provider.`."""
    address = str(settings[CustomAttributes.TF_RESOURCE_ADDRESS])
    return f"provider.{address.removesuffix('.default')}" if block == BlockType.PROVIDER else address
