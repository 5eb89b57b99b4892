"""Artefacts ship bytecode that is trusted, and nothing that no function loads."""

import importlib.util
import inspect
import re
import sys

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

import rights
from common import aws
from local import artefacts, models

UNCHECKED_HASH = b"\x01\x00\x00\x00"  # PEP 552


@pytest.fixture
def layer(tmp_path, monkeypatch):
    """A layer of two packages, one of which no function loads."""
    monkeypatch.setattr(artefacts, "ENVIRONMENTS", tmp_path)
    (tmp_path / "build/bin").mkdir(parents=True)
    (tmp_path / "build/bin/python").symlink_to(sys.executable)
    folder = tmp_path / "CommonLayer"
    for name in ("shop", "cffi"):
        (folder / "python" / name).mkdir(parents=True)
        (folder / "python" / name / "__init__.py").write_text("def fail(): 1 / 0\n")
    return folder


def test_bytecode_is_shipped_and_nobody_looks_whether_it_is_current(layer):
    artefacts.finish(layer)

    compiled = importlib.util.cache_from_source(str(layer / "python/shop/__init__.py"))
    with open(compiled, "rb") as code:
        head = code.read(8)
    assert head[4:] == UNCHECKED_HASH


def test_bytecode_is_the_same_wherever_it_is_built(layer):
    artefacts.finish(layer)

    [compiled] = (layer / "python/shop").rglob("*.pyc")
    assert str(layer).encode() not in compiled.read_bytes()


def test_what_no_function_loads_is_left_out(layer):
    artefacts.finish(layer)

    assert not (layer / "python/cffi").exists()


def test_bytecode_of_whoever_ran_the_sources_is_left_out(layer):
    stale = layer / "python/shop/__pycache__/gone.cpython-312.pyc"
    stale.parent.mkdir()
    stale.write_bytes(b"")

    artefacts.finish(layer)

    assert not stale.exists()


def test_the_common_layer_brings_models_of_the_calls_in_use_where_clients_look(layer):
    artefacts.finish(layer)

    assert aws.MODELS.name == models.FOLDER
    cut = {f"{service}.{call}" for service, calls in models.CALLS.items() for call in calls}
    assert cut >= set(rights.CALLS)
    assert set(models.CALLS) == set(re.findall(r'_client\("([^"]+)"', inspect.getsource(aws)))
    for service, calls in models.CALLS.items():
        session = Session()
        session.set_config_variable("data_path", str(layer / "python" / models.FOLDER))
        client = session.create_client(service, "eu-central-1")
        assert set(client.meta.service_model.operation_names) == set(calls)
        assert client.meta.service_model.client_context_parameters is not None


def test_a_client_with_cut_models_asks_and_reads_as_one_with_all(layer, cloud):
    artefacts.finish(layer)
    session = Session()
    session.set_config_variable("data_path", str(layer / "python" / models.FOLDER))
    name = cloud.wiring.physical["OrdersTable"]["Ref"]
    row = {"pk": {"S": "A"}, "sk": {"S": "1"}, "lines": {"L": [{"M": {"n": {"N": "2"}}}]}}
    dynamodb = session.create_client("dynamodb")

    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": name, "Item": row}}])

    key = {part: row[part] for part in ("pk", "sk")}
    assert dynamodb.get_item(TableName=name, Key=key)["Item"] == row
    with pytest.raises(ClientError) as refused:
        dynamodb.get_item(TableName="nowhere", Key=key)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_layer_leaves_to_the_common_one_what_that_brings(layer, tmp_path, monkeypatch):
    monkeypatch.setattr(artefacts, "COMMON", layer)
    for name in ("shop", "rare"):
        (tmp_path / "RareLayer/python" / name).mkdir(parents=True)

    artefacts.finish(tmp_path / "RareLayer")

    assert [path.name for path in (tmp_path / "RareLayer/python").iterdir()] == ["rare"]
    assert (layer / "python/shop").exists()
