"""template.yaml as the tests read it: what is wired to what, with names of the fake AWS.

Nothing here knows a capability: a function, route, rule, queue or variable that the template
lacks is lacking in the tests too.
"""

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local import template

REGION = "eu-central-1"
ACCOUNT = "123456789012"
STACK = "kabinet-test"
PARAMETERS = {
    "PublicUrl": "https://account.example.com",
    "SenderAddress": "shop@example.com",
    "Architecture": "x86_64",
    "LegalName": "ООО «Кабинет»",
    "LegalTaxNumber": "7701234567",
    "LegalAddress": "125009, Москва, Тверская, 1",
    "PushAndroid": f"arn:aws:sns:{REGION}:{ACCOUNT}:app/GCM/kabinet",
    "PushIos": f"arn:aws:sns:{REGION}:{ACCOUNT}:app/APNS/kabinet",
}
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::NoValue": "",
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}

FALLBACK = "$default"

PURE: dict[str, Callable[..., Any]] = {
    "Fn::Equals": lambda left, right: left == right,
    "Fn::Not": lambda condition: not condition,
    "Fn::Select": lambda index, items: items[index],
    "Fn::Split": lambda separator, text: text.split(separator),
}


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function of the template: its handler, and what it is woken by."""

    name: str
    handler: str
    environment: dict[str, str]
    events: dict[str, dict[str, Any]]

    def triggers(self, kind: str) -> list[dict[str, Any]]:
        return [e.get("Properties", {}) for e in self.events.values() if e["Type"] == kind]


class Wiring:
    """The template with its references resolved against *physical* ids and attributes."""

    def __init__(
        self, physical: dict[str, dict[str, str]], parameters: dict[str, str] | None = None
    ) -> None:
        self.template = template.read()
        self.physical = physical
        declared = self.template["Parameters"]
        defaults = {name: str(p["Default"]) for name, p in declared.items() if "Default" in p}
        self.parameters = defaults | PARAMETERS | (parameters or {})
        self.functions = {
            name: self._function(name, properties)
            for name, properties in template.resources(self.template, "AWS::Serverless::Function")
        }
        [api] = self.resources("AWS::Serverless::HttpApi").values()
        paths = api["DefinitionBody"]["paths"]
        self.routes = {path: self.functions[_called(told)] for path, told in paths.items()}

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        return dict(template.resources(self.template, kind))

    def route(self, path: str) -> Function:
        """The function that the gateway would call: a path that is written out before others, of
        those the longest match, not counting what stands for any rest, else the fallback."""
        matches = [
            (("{" not in pattern, len(pattern.replace("{proxy+}", ""))), function)
            for pattern, function in self.routes.items()
            if fnmatch.fnmatchcase(path, re.sub(r"\{[^}]+\}", "?*", pattern))
        ]
        if matches:
            return max(matches, key=lambda match: match[0])[1]
        return self.routes[FALLBACK]

    def behind_api(self) -> dict[str, Function]:
        """The functions that the gateway calls, by name."""
        return {function.name: function for function in self.routes.values()}

    def resolve(self, value: Any) -> Any:
        """*value* with its intrinsic functions carried out."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._intrinsic(name, argument)
        return {key: self.resolve(item) for key, item in value.items()}

    def _intrinsic(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                return self.physical[argument[0]][argument[1]]
            case "Fn::Sub":
                text, own = argument if isinstance(argument, list) else (argument, {})
                known = {name: self.resolve(value) for name, value in own.items()}
                return re.sub(
                    r"\$\{([^}]+)\}", lambda n: known.get(n[1]) or self._named(n[1]), text
                )
            case "Fn::If":
                condition, then, otherwise = argument
                return self.resolve(then if self.holds(condition) else otherwise)
        return PURE[name](*self.resolve(argument))

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is met by the parameters."""
        return bool(self.resolve(self.template["Conditions"][condition]))

    def _named(self, name: str) -> str:
        resource, _, attribute = name.partition(".")
        return self.physical[resource][attribute] if attribute else self._ref(name)

    def _ref(self, name: str) -> str:
        if name in self.parameters:
            return self.parameters[name]
        return PSEUDO[name] if name in PSEUDO else self.physical[name]["Ref"]

    def _function(self, name: str, properties: dict[str, Any]) -> Function:
        shared = self.template["Globals"]["Function"]["Environment"]["Variables"]
        own = properties.get("Environment", {}).get("Variables", {})
        environment = {key: str(self.resolve(value)) for key, value in (shared | own).items()}
        return Function(name, properties["Handler"], environment, properties.get("Events", {}))


def _called(path: dict[str, Any]) -> str:
    """The function whose alias a path of the API leads to."""
    integration = path["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    return integration["uri"]["Fn::Sub"].rpartition("${")[2].partition(".Alias}")[0]
