"""`python -m local.cli import customers FILE.csv`, as the process that an operator starts.

What it asks AWS for is answered on loopback, by the functions of this run.
"""

import csv
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESOURCE = (
    '<DescribeStackResourceResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">'
    "<DescribeStackResourceResult><StackResourceDetail><StackName>kabinet</StackName>"
    "<LogicalResourceId>AuthAdmin</LogicalResourceId>"
    "<PhysicalResourceId>kabinet-AuthAdmin</PhysicalResourceId>"
    "<ResourceType>AWS::Lambda::Function</ResourceType>"
    "<LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp>"
    "<ResourceStatus>CREATE_COMPLETE</ResourceStatus></StackResourceDetail>"
    "</DescribeStackResourceResult></DescribeStackResourceResponse>"
)
INVOKED = "/2015-03-31/functions/kabinet-AuthAdmin/invocations"
LINES = """email,phone,name,marketing
anna@example.com,,Anna Walker,yes
,+79160000001,Пётр,no
neither,,Nobody,no
"""


@pytest.fixture
def aws(cloud):
    """The address at which CloudFormation and Lambda answer."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == INVOKED:
                answer = json.dumps(cloud.invoke("AuthAdmin", json.loads(sent)))
            else:
                answer = RESOURCE
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_):
            """Nothing is written."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def cli(aws):
    """Runs the command to its end."""

    def run(*arguments):
        own = {"AWS_ENDPOINT_URL": aws, "no_proxy": "127.0.0.1", "PYTHONPATH": str(ROOT)}
        return subprocess.run(  # noqa: S603 - the command under test
            [sys.executable, "-m", "local.cli", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | own,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "customers.csv"
    made.write_text(LINES, encoding="utf-8")
    return made


def report(file):
    with file.with_name("customers.csv.report.csv").open(encoding="utf-8") as opened:
        return list(csv.reader(opened))


def logins(cloud):
    rows = [row for row in cloud.items("AuthTable") if row["sk"] == "ACCOUNT"]
    return {login for row in rows for login in row["logins"]}


REJECTED = [["line", "outcome", "reason"], ["4", "rejected", "email"]]


@pytest.mark.case("N10")
def test_a_dry_run_says_what_would_be_and_makes_nobody(cloud, cli, file):
    done = cli("import", "customers", file, "--dry-run", "--stack", "kabinet")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Would be: 2 imported, 1 rejected." in done.stdout
    assert report(file) == REJECTED
    assert logins(cloud) == set()


@pytest.mark.case("N10")
def test_customers_are_brought_once_and_rejected_lines_are_told_in_a_file(cloud, cli, file):
    done = cli("import", "customers", file, "--stack", "kabinet")

    assert (done.returncode, done.stderr) == (0, "")
    assert "] 3/3" in done.stdout
    assert "Done: 2 imported, 1 rejected." in done.stdout
    assert f"See {file}.report.csv" in done.stdout
    assert report(file) == REJECTED
    assert logins(cloud) == {"anna@example.com", "+79160000001"}
    assert not file.with_name("customers.csv.progress.json").exists()

    again = cli("import", "customers", file, "--stack", "kabinet")

    assert "Done: 2 known, 1 rejected." in again.stdout
    assert len(logins(cloud)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "required"),
        (("import", "orders"), "invalid choice"),
        (("import", "customers", "x.csv", "--dry"), "There is no file"),
        (("import", "customers", "x.csv", "--wet"), "unrecognized arguments"),
        (("import", "products", "x.csv"), "There is no file"),
        (("import", "products", "x.csv", "--format", "xlsx"), "invalid choice"),
    ],
)
def test_a_command_that_is_wrong_is_told_what_is(cli, arguments, said):
    done = cli(*arguments)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"who,what\n1,2\n", "No column of the file tells who wrote it"),
        (LINES.encode("cp1251"), "UTF-8"),
        (b"email\n" + b"x" * 200_000 + b"\n", "is no table"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_line(cloud, cli, file, content, said):
    file.write_bytes(content)

    done = cli("import", "customers", file, "--stack", "kabinet")

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert logins(cloud) == set()
