"""CloudFormation as AWS takes it -> CloudFormation that MiniStack 1.5.33 deploys in full.

Pure: a template in, another out. Each function mends one difference; README.md lists them.
"""

import re
from typing import Any, cast

from local.template import Template

API_ID = "10ca1ab1"  # fixed, so that the URL is known before there is an API
UNKNOWN_TYPES = (
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Events::Archive",
    "AWS::Logs::QueryDefinition",
)
UNKNOWN_CONDITIONS = ("dynamodb:leadingkeys", "ses:", "kms:")
POLICY_HOLDERS = ("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")

Resource = dict[str, Any]
Resources = dict[str, Resource]


def localise(template: Template) -> Template:
    """The same stack for the emulator: every route reachable, every role usable."""
    resources = known(template["Resources"])
    for name, resource in list(resources.items()):
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            resources |= open_api(name, resource["Properties"])
        if resource["Type"] == "AWS::Lambda::LayerVersion":
            # SAM keeps the layers of the past; here they would only swell the state.
            resource["DeletionPolicy"] = "Delete"
        if resource["Type"] in POLICY_HOLDERS:
            ease(resource["Properties"])
    secrets = {n for n, r in resources.items() if r["Type"] == "AWS::SecretsManager::Secret"}
    return cast(Template, with_secret_arns(template | {"Resources": resources}, secrets))


def known(resources: Resources) -> Resources:
    """Leave out the types that MiniStack refuses; nothing local needs them."""
    return {name: r for name, r in resources.items() if r["Type"] not in UNKNOWN_TYPES}


def ease(node: Any) -> None:
    """Free policies of what MiniStack cannot evaluate: it would deny every call."""
    for part in node if isinstance(node, list) else node.values():
        if isinstance(part, dict | list):
            ease(part)
    if isinstance(node, dict) and "Effect" in node:
        if "Condition" in node:
            node["Condition"] = answerable(node["Condition"])
        if speaks_only_of_letters(node):
            node["Resource"] = "*"


def speaks_only_of_letters(statement: dict[str, Any]) -> bool:
    """MiniStack knows no identity ARNs and asks for the right to send from any."""
    actions = statement["Action"]
    return all(a.startswith("ses:") for a in ([actions] if isinstance(actions, str) else actions))


def answerable(condition: dict[str, Any]) -> dict[str, Any]:
    kept = {
        operator: {k: v for k, v in tests.items() if not k.lower().startswith(UNKNOWN_CONDITIONS)}
        for operator, tests in condition.items()
    }
    return {operator: tests for operator, tests in kept.items() if tests}


def with_secret_arns(node: Any, secrets: set[str]) -> Any:
    """A secret's `Ref` is its ARN, as on AWS; MiniStack answers its name."""
    if isinstance(node, list):
        return [with_secret_arns(part, secrets) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("Ref") in secrets:
        return {"Fn::GetAtt": [node["Ref"], "Id"]}
    return {key: with_secret_arns(part, secrets) for key, part in node.items()}


def open_api(api: str, properties: dict[str, Any]) -> Resources:
    """Turn the OpenAPI body, which MiniStack ignores, into integrations and routes."""
    body = properties.pop("Body", {"paths": {}})
    title = body.get("info", {}).get("title")
    properties["Name"] = title if isinstance(title, str) else api
    properties["ProtocolType"] = "HTTP"
    properties["Tags"] = {"ms-custom-id": API_ID}
    cors = body.get("x-amazon-apigateway-cors")
    if cors:
        # MiniStack stores the value as it comes and reads it in camel case.
        properties["CorsConfiguration"] = cors
    return routes(api, body["paths"])


def routes(api: str, paths: dict[str, Any]) -> Resources:
    found: Resources = {}
    for path, operations in paths.items():
        for verb, operation in operations.items():
            integration = operation.get("x-amazon-apigateway-integration")
            if integration:
                found |= route(api, path, verb, integration)
    return found


def route(api: str, path: str, verb: str, integration: dict[str, Any]) -> Resources:
    """A path's route, and the integration that it shares with the others of its function."""
    key = path if path == "$default" else f"{method(verb)} {path}"
    *_, alias = re.findall(r"\$\{(\w+)\}", integration["uri"]["Fn::Sub"])
    target: Resource = {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": integration["uri"],
            "PayloadFormatVersion": integration["payloadFormatVersion"],
            "TimeoutInMillis": 30_000,
        },
    }
    entry: Resource = {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": api},
            "RouteKey": key,
            "Target": {"Fn::Sub": f"integrations/${{{alias}Integration}}"},
        },
    }
    return {f"{alias}Integration": target, f"{logical_id(api, key)}Route": entry}


def method(verb: str) -> str:
    return "ANY" if "any" in verb.lower() else verb.upper()


def logical_id(api: str, key: str) -> str:
    """A name CloudFormation takes: letters and digits, and still one per route."""
    return api + re.sub(r"[^A-Za-z0-9]", "", key.replace("{", "By").replace("/", "Under"))
