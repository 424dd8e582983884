"""CodeBuild projects: sources without a place, changes, and fields that are read back.

moto 5.2.5 takes no project without a source's location, cannot change a project, keeps neither a key nor a limit of
concurrent builds, and deletes a project by its name only.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.codebuild import responses
from moto.codebuild.exceptions import ResourceNotFoundException
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult
from moto.core.utils import unix_time

from local.extensions.patching import add_action, wrap

_FIELDS = {
    "description": "description",
    "source": "source",
    "artifacts": "artifacts",
    "environment": "environment",
    "serviceRole": "serviceRole",
    "tags": "tags",
    "cache": "cache",
    "timeoutInMinutes": "timeoutInMinutes",
    "queuedTimeoutInMinutes": "queuedTimeoutInMinutes",
    "sourceVersion": "sourceVersion",
    "logsConfig": "logsConfig",
    "vpcConfig": "vpcConfig",
}
"""Fields that moto keeps, as they are called in requests and answers."""
_KEPT = ("encryptionKey", "concurrentBuildLimit")
"""Fields that it does not."""
_NO_LIMIT = -1


def install() -> None:
    """Extend moto."""
    wrap(responses, "_validate_required_params_source", "source", _validate_source)
    wrap(CodeBuildResponse, "create_project", "self", _create_project)
    add_action(CodeBuildResponse, update_project)
    wrap(CodeBuildBackend, "delete_project", "self project_name", _delete_project)


def update_project(response: Any) -> ActionResult:
    """Change the fields that are given, and leave the others."""
    name = _param(response, "name")
    project = response.codebuild_backend.codebuild_projects.get(name.rpartition("project/")[2])
    if project is None:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    if _param(response, "source"):
        _validated(_param(response, "source"))
    for field, kept in _FIELDS.items():
        value = _param(response, field)
        if value is not None:
            project.project_metadata[kept] = value
    _keep(response, project.project_metadata)
    project.project_metadata["lastModified"] = unix_time()
    return ActionResult({"project": project.project_metadata})


def _create_project(original: Any, response: Any) -> Any:
    answer = original(response)
    name = _param(response, "name")
    _keep(response, response.codebuild_backend.codebuild_projects[name].project_metadata)
    return answer


def _delete_project(original: Any, backend: Any, project_name: str) -> None:
    """A project goes by its ARN, too, by which Terraform knows it."""
    original(backend, project_name.rpartition("project/")[2])


def _keep(response: Any, metadata: dict[str, Any]) -> None:
    for field in _KEPT:
        value = _param(response, field)
        if value == _NO_LIMIT:
            metadata.pop(field, None)
        elif value is not None:
            metadata[field] = value


def _validate_source(original: Any, source: dict[str, Any]) -> None:
    if source["type"] == "NO_SOURCE":
        _validated(source)
        return
    original(source)


def _validated(source: dict[str, Any]) -> None:
    if source["type"] == "NO_SOURCE" and not source.get("buildspec"):
        raise responses.InvalidInputException("Project source type NO_SOURCE requires a buildspec")


def _param(response: Any, name: str) -> Any:
    return response._get_param(name)  # noqa: SLF001  # moto gives parameters no public name
