"""Parts of samples: APIs in front of functions."""

from __future__ import annotations

from typing import Any

from policies.samples import cloud, merged, resource


def rest_api(name: str, /, *paths: str) -> dict[str, Any]:
    """A REST API with a POST method at each of these paths."""
    api = f"${{aws_api_gateway_rest_api.{name}.id}}"
    parts = [resource("aws_api_gateway_rest_api", name, name=cloud(name))]
    for path in paths:
        parts += [
            resource(
                "aws_api_gateway_resource",
                f"{name}_{path}",
                rest_api_id=api,
                parent_id=f"${{aws_api_gateway_rest_api.{name}.root_resource_id}}",
                path_part=path,
            ),
            resource(
                "aws_api_gateway_method",
                f"{name}_{path}",
                rest_api_id=api,
                resource_id=f"${{aws_api_gateway_resource.{name}_{path}.id}}",
                http_method="POST",
                authorization="AWS_IAM",
            ),
        ]
    return merged(*parts)


def rest_integration(name: str, api: str, path: str, uri: str, /, **body: Any) -> dict[str, Any]:
    """What the method at a path of a REST API invokes."""
    settings = {
        "rest_api_id": f"${{aws_api_gateway_rest_api.{api}.id}}",
        "resource_id": f"${{aws_api_gateway_resource.{api}_{path}.id}}",
        "http_method": f"${{aws_api_gateway_method.{api}_{path}.http_method}}",
        "integration_http_method": "POST",
        "type": "AWS_PROXY",
        "uri": uri,
        **body,
    }
    return resource("aws_api_gateway_integration", name, **settings)


def http_api(name: str, /) -> dict[str, Any]:
    """An HTTP API."""
    return resource("aws_apigatewayv2_api", name, name=cloud(name), protocol_type="HTTP")


def http_integration(name: str, api: str, uri: str, /, **body: Any) -> dict[str, Any]:
    """What an HTTP API invokes."""
    settings = {
        "api_id": f"${{aws_apigatewayv2_api.{api}.id}}",
        "integration_type": "AWS_PROXY",
        "payload_format_version": "2.0",
        "integration_uri": uri,
        **body,
    }
    return resource("aws_apigatewayv2_integration", name, **settings)
