"""The shape of the code, held by a test."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parent.parent
CAPABILITIES = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
MODULES = sorted((ROOT / "functions").rglob("*.py"))
SHIPPED = [*MODULES, *sorted((ROOT / "layers").rglob("*.py"))]
# The only modules of a capability that may touch AWS, the clock, chance or the environment:
# its entries, its stores and its ports to the outside.
EDGES = {"app", "consumer", "admin", "client", "store", "tokens"}
EDGES |= {"carrier", "delivery", "messenger", "ses", "sms", "telegram", "voice"}
EDGES |= {"correspondence", "keeping", "sealed_letter"}
EDGES |= {"exchange", "provider"}
IMPURE = ("boto3", "botocore", "os", "random", "secrets", "time", "common.aws", "common.table")
LONGEST_FUNCTION, LONGEST_FILE, LONGEST_MEDIAN = 25, 250, 10


def named(path):
    return str(path.relative_to(ROOT))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def is_edge(path):
    return path.stem in EDGES or path.stem.endswith("_store") or path.stem == "__init__"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_capability_imports_only_itself_and_common(path):
    others = CAPABILITIES - {path.relative_to(ROOT / "functions").parts[0]}
    assert not {name.split(".")[0] for name in imported(path)} & others


@pytest.mark.parametrize("path", [p for p in MODULES if not is_edge(p)], ids=named)
def test_the_domain_is_pure(path):
    roots = {name for name in imported(path) for bad in IMPURE if _is_under(name, bad)}
    assert not roots
    assert "clock.now(" not in path.read_text()


def _is_under(name, root):
    return name == root or name.startswith(root + ".")


@pytest.mark.parametrize("path", SHIPPED, ids=named)
def test_files_and_functions_stay_short(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    long = [f.name for f in functions(path) if f.end_lineno - f.lineno >= LONGEST_FUNCTION]
    assert not long


def test_most_functions_are_very_short():
    lengths = [f.end_lineno - f.lineno + 1 for path in SHIPPED for f in functions(path)]
    assert median(lengths) < LONGEST_MEDIAN


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_scans_a_table(path):
    assert not re.search(r"\.scan\(", path.read_text())
