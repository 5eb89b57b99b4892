"""template.yaml as data, and the few facts the local commands need from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "template.yaml"
BARE = ("Ref", "Condition")

Template = dict[str, Any]


class Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms (`!Sub`) read as their long ones, by libyaml."""


def long_form(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    key = suffix if suffix in BARE else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {key: value.split(".", 1) if key == "Fn::GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    return {key: loader.construct_mapping(cast(yaml.MappingNode, node), deep=True)}


Loader.add_multi_constructor("!", long_form)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path = SOURCE) -> Template:
    """The template with long-form intrinsics; policy dates stay strings."""
    return cast(Template, yaml.load(path.read_text(), Loader))  # noqa: S506 # a SafeLoader


def resources(template: Template, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical id and properties of each resource of the type *kind*."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def queues(template: Template) -> list[str]:
    return [name for name, _ in resources(template, "AWS::SQS::Queue")]


def tables(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    return resources(template, "AWS::DynamoDB::Table")


def scheduled(template: Template) -> list[str]:
    """The functions that a schedule starts."""
    return [
        name
        for name, properties in resources(template, "AWS::Serverless::Function")
        if any(e["Type"].startswith("Schedule") for e in properties.get("Events", {}).values())
    ]
