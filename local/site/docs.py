"""The API's docs: Swagger UI, as Powertools ships it, over the committed OpenAPI document."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from local.places import ROOT
from local.site import answers
from local.site.answers import Answer

if TYPE_CHECKING:
    from local.stack import Stack

SWAGGER = Path(str(files("aws_lambda_powertools.event_handler.openapi.swagger_ui")))
ASSETS = {
    "/docs/swagger-ui.css": SWAGGER / "swagger-ui.min.css",
    "/docs/swagger-ui.js": SWAGGER / "swagger-ui-bundle.min.js",
}
KEY = "idempotency-key"


def page(running: Stack) -> Answer:
    """Swagger UI styles its elements one by one and calls the API, so both are let through."""
    api = urlsplit(running["api_url"])
    policy = answers.STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    policy = policy.replace("connect-src 'self'", f"connect-src 'self' {api.scheme}://{api.netloc}")
    return answers.page("docs", policy=policy, running=running)


def document(running: Stack) -> Answer:
    """The document as committed, but it leads to the running API."""
    found = json.loads((ROOT / "docs/openapi.json").read_text())
    found["servers"] = [{"url": running["api_url"]}]
    for operations in found["paths"].values():
        for operation in operations.values():
            relax(operation)
    return answers.document(found)


def relax(operation: dict[str, Any]) -> None:
    """Let a call be tried without making up a key: docs.js sends one where none is given."""
    for parameter in operation.get("parameters", []):
        if parameter["name"] == KEY:
            parameter["required"] = False
            parameter["description"] += " Left empty here, a new one is sent."
