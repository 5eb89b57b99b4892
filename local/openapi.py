"""`make openapi`: one OpenAPI 3.1 document of all capabilities, from their routes."""

import importlib
import inspect
import json
import os
from pathlib import Path
from typing import Any

from local import doors, examples, template

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
REF = {"$ref": "#/components/responses/Problem"}
EMPTY = {"204", "304"}
# What no token is needed for; every other route asks who is calling.
OPEN = (
    "/.well-known/",
    "/v1/auth/erasures/",
    "/v1/auth/invitations",
    "/v1/auth/not-me",
    "/v1/auth/passkeys/second-steps/",
    "/v1/auth/passkeys/sign-in",
    "/v1/auth/providers",
    "/v1/auth/recover",
    "/v1/auth/registration",
    "/v1/auth/sign-in/",
    "/v1/auth/refresh",
    "/v1/auth/social",
    "/v1/bookables",
    "/v1/calendars/",
    "/v1/carriers/",
    "/v1/categories",
    "/v1/exports/",
    "/v1/guest-carts",
    "/v1/payments/webhooks",
    "/v1/pickup-points",
    "/v1/products",
    "/v1/search",
    "/v1/shared-wish-lists/",
    "/v1/auth/contact-undos",
    "/v1/unsubscribe",
)


def document() -> dict[str, Any]:
    """The document, its paths in alphabetical order."""
    found = distinct({module.removesuffix(".app"): schema(module) for module in capabilities()})
    paths = {
        path: {verb: operation(name.split(".")[0], verb, path, one) for verb, one in verbs.items()}
        for name, part in found.items()
        for path, verbs in part["paths"].items()
    }
    schemas = {"Problem": PROBLEM}
    for part in found.values():
        schemas |= part["components"]["schemas"]
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "responses": {"Problem": ANSWER},
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def distinct(parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The parts, with a schema's name that means two things said with its part's before it."""
    meanings: dict[str, set[str]] = {}
    for part in parts.values():
        for name, meaning in part["components"]["schemas"].items():
            meanings.setdefault(name, set()).add(json.dumps(meaning, sort_keys=True))
    twofold = [name for name, found in meanings.items() if len(found) > 1]
    return {name: qualified(part, name, twofold) for name, part in parts.items()}


def qualified(part: dict[str, Any], own: str, names: list[str]) -> dict[str, Any]:
    text = json.dumps(part)
    for name in names:
        full = own.title().replace(".", "") + name
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{full}"')
        text = text.replace(f'"{name}": {{', f'"{full}": {{')
    changed: dict[str, Any] = json.loads(text)
    return changed


def capabilities() -> list[str]:
    """The modules that serve HTTP, as the template names them."""
    functions = template.resources(template.read(), "AWS::Serverless::Function")
    handlers = [properties["Handler"].removesuffix(".handler") for _, properties in functions]
    return [module for module in handlers if module.endswith(".app")]


def schema(module: str) -> dict[str, Any]:
    """What one capability serves, without Powertools' own answers: this product has problems."""
    api = importlib.import_module(module).api
    found: dict[str, Any] = json.loads(api.get_openapi_json_schema())
    describe(api, found["paths"])
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ResponseValidationError", "ValidationError"):
        schemas.pop(name, None)
    return found


def describe(api: Any, paths: dict[str, Any]) -> None:
    """Give each operation the words of its route's docstring, the first line, then all, and the
    role that its code asks for (OpenAPI 3.1 lets a bearer scheme name roles)."""
    for route in (*api._static_routes, *api._dynamic_routes):
        words = inspect.getdoc(route.func) or ""
        said: dict[str, Any] = {"summary": words.split("\n")[0].rstrip("."), "description": words}
        role = doors.role(route.func)
        if (role is None) is not f"{route.openapi_path}/".startswith(OPEN):
            raise ValueError(f"{route.openapi_path}: is it open, or does it ask who is calling?")
        roles = [] if role == doors.ANYONE else [role]
        said["security"] = [{"token": roles}] if role else []
        paths[route.openapi_path][route.method.lower()] |= said


def operation(capability: str, verb: str, path: str, found: dict[str, Any]) -> dict[str, Any]:
    """One operation with its capability, an example and the problems it may answer."""
    if "requestBody" in found:
        [content] = found["requestBody"]["content"].values()
        content["example"] = examples.BODIES[f"{verb.upper()} {path}"]
    answers = {code: a for code, a in found["responses"].items() if code != "422"}
    for code in EMPTY & answers.keys():
        answers[code].pop("content", None)
    problems = dict.fromkeys([*expected(path, found), "default"], REF)
    return found | {"tags": [capability], "responses": answers | problems}


def expected(path: str, found: dict[str, Any]) -> list[str]:
    """The statuses of the problems that the shape of an operation lets one expect."""
    roles = [role for scheme in found["security"] for role in scheme["token"]]
    reasons = {
        "401": found["security"],
        "403": roles,
        "404": "{" in path,
        "422": "requestBody" in found or found.get("parameters"),
    }
    return [status for status, reason in reasons.items() if reason]


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "kabinet")
    DOCUMENT.write_text(text())
    print(f"wrote {DOCUMENT.relative_to(Path.cwd())}")
