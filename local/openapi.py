"""`make openapi`: one OpenAPI 3.1 document of all capabilities, from their routes."""

import importlib
import json
import os
from pathlib import Path
from typing import Any

from local import template

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/openapi.json"
INFO = {
    "title": "Kabinet",
    "version": "1",
    "description": "The back end of an online shop's customer account.",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `type` is stable; other members depend on it.",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:kabinet:problem:"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["field", "code"],
            },
        },
    },
    "required": ["type", "title", "status"],
}
ANSWER = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
# What no token is needed for.
OPEN = ("/v1/auth/registrations", "/v1/auth/sign-in", "/v1/auth/refresh", "/v1/products")


def document() -> dict[str, Any]:
    """The document, its paths in alphabetical order."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for capability in capabilities():
        found = schema(capability)
        for path, operations in found["paths"].items():
            paths[path] = {verb: operation(capability, path, o) for verb, o in operations.items()}
        _merge(schemas, found.get("components", {}).get("schemas", {}))
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def capabilities() -> list[str]:
    """The modules that serve HTTP, as the template names them."""
    functions = template.resources(template.read(), "AWS::Serverless::Function")
    handlers = [properties["Handler"].removesuffix(".handler") for _, properties in functions]
    return [module for module in handlers if module.endswith(".app")]


def schema(module: str) -> dict[str, Any]:
    api = importlib.import_module(module).api
    parsed: dict[str, Any] = json.loads(api.get_openapi_json_schema())
    return parsed


def operation(module: str, path: str, found: dict[str, Any]) -> dict[str, Any]:
    """One operation with its capability, its security and the problems it may answer."""
    answers = {code: a for code, a in found["responses"].items() if code != "422"}
    security = [] if path.startswith(OPEN) else [{"token": []}]
    return found | {
        "tags": [module.split(".")[0]],
        "security": security,
        "responses": answers | {"default": ANSWER},
    }


def _merge(schemas: dict[str, Any], more: dict[str, Any]) -> None:
    """Two capabilities may share a name only for the same thing."""
    for name, found in more.items():
        if name in ("HTTPValidationError", "ValidationError"):
            continue  # Powertools' own answers: this product answers problems
        if schemas.setdefault(name, found) != found:
            raise ValueError(f"two schemas are called {name}")


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "kabinet")
    DOCUMENT.write_text(text())
    print(f"wrote {DOCUMENT.relative_to(Path.cwd())}")
