"""What a shop in production stands on: logs, alarms, the dashboard, keys, bounds.

All of it is found from the template: a new function, queue, table or parameter that lacks its
part fails here.
"""

import ast
import json
import re
from pathlib import Path

import pytest

import fake_aws
from local import deployment, lint, template
from wiring import Wiring

ROOT = Path(__file__).parent.parent
MOST_METRICS_OF_AN_ALARM = 10  # CloudWatch's limit
LONGEST_DESCRIPTION = 256
KEY_ID = 8  # its first part
ALARM = "AWS::CloudWatch::Alarm"
# What an access log may hold: nothing of who called, from where, with what or for what thing.
SHARED = {"auth": "AuthApi", "orders": "OrdersApi"}
LOGGABLE = {"requestId", "requestTime", "httpMethod", "routeKey", "status"} | {
    *("responseLatency", "integrationLatency", "responseLength"),
}


@pytest.fixture(scope="module")
def wiring():
    return Wiring(fake_aws._Lazy({}))


@pytest.fixture(scope="module")
def expanded():
    return lint.expanded()["Resources"]


@pytest.fixture(scope="module")
def watched(wiring):
    """Each metric that an alarm looks at, and the resource it is of."""
    return {
        (metric["MetricName"], _subject(metric))
        for alarm in wiring.resources(ALARM).values()
        for metric in _metrics(alarm)
    }


def _metrics(alarm):
    parts = [
        part["MetricStat"]["Metric"] for part in alarm.get("Metrics", []) if "MetricStat" in part
    ]
    return parts or [alarm]


def _subject(metric):
    values = [d["Value"] for d in metric.get("Dimensions", [])]
    found = [v.get("Ref") or v["Fn::GetAtt"][0] for v in values]
    return found[0] if found else ""


def names_in(node):
    """Everything that the intrinsic functions below *node* refer to."""
    text = json.dumps(node)
    found = re.findall(r'"Ref": "([^"]+)"', text) + re.findall(r"\$\{(\w+)[.}]", text)
    return set(found + re.findall(r'"Fn::GetAtt": \["(\w+)"', text))


class TestLogs:
    def test_every_function_has_a_log_that_is_forgotten_in_time(self, wiring):
        """Its own, or where the stack has no room for so many, its capability's API's."""
        groups = wiring.resources("AWS::Logs::LogGroup")
        for name, function in wiring.resources("AWS::Serverless::Function").items():
            own = name if f"{name}Logs" in groups else SHARED[function["Handler"].split(".")[0]]
            assert function["LoggingConfig"]["LogGroup"] == {"Ref": f"{own}Logs"}
            assert groups[f"{own}Logs"]["LogGroupName"]["Fn::Sub"].endswith(f"/{own}")
        for name, group in groups.items():
            assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name

    @pytest.mark.case("C2")
    def test_the_access_log_tells_of_calls_and_not_of_callers(self, wiring):
        [api] = wiring.resources("AWS::Serverless::HttpApi").values()
        log = api["AccessLogSettings"]
        assert log["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}
        assert json.loads(log["Format"])["status"] == "$context.status"
        assert set(re.findall(r"\$context\.([\w.]+)", log["Format"])) <= LOGGABLE


def test_the_stack_holds_no_more_resources_than_cloudformation_takes(expanded):
    assert len(expanded) <= 500


class TestAlarms:
    def test_errors_and_throttles_of_every_function_are_heard(self, wiring, watched):
        for name in wiring.functions:
            assert {("Errors", name), ("Throttles", name)} <= watched, name

    def test_every_queue_is_watched(self, wiring, watched):
        """Dead letters for being there, the others for how long their oldest message waits."""
        for name in wiring.resources("AWS::SQS::Queue"):
            dead = name.endswith(("DeadLetters", "Undelivered"))
            metric = (
                "ApproximateNumberOfMessagesVisible" if dead else "ApproximateAgeOfOldestMessage"
            )
            assert (metric, name) in watched, name

    def test_a_single_dead_letter_is_an_alarm(self, wiring):
        for name, alarm in wiring.resources(ALARM).items():
            if any(m["MetricName"].endswith("MessagesVisible") for m in _metrics(alarm)):
                assert alarm["Threshold"] == 0, name
                assert alarm["ComparisonOperator"] == "GreaterThanThreshold", name

    def test_every_reader_of_a_stream_is_watched_for_falling_behind(self, wiring, watched):
        for function in wiring.functions.values():
            if function.triggers("DynamoDB"):
                assert ("IteratorAge", function.name) in watched

    def test_what_only_the_shop_itself_knows_is_watched(self, watched):
        assert {metric for metric, _ in watched} >= {
            *("5xx", "OutboxOverdue", "PaymentsDiffer", "TimersOverdue"),
            *("Reputation.BounceRate", "Reputation.ComplaintRate"),
        }

    def test_a_sweep_that_no_longer_runs_is_heard(self, wiring):
        for alarm in wiring.resources(ALARM).values():
            if alarm.get("Namespace") == "Kabinet":
                assert alarm["TreatMissingData"] == "breaching"

    def test_every_alarm_is_told_and_small_enough_for_cloudwatch(self, wiring):
        for name, alarm in wiring.resources(ALARM).items():
            assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmsTopic"}]
            assert len(_metrics(alarm)) <= MOST_METRICS_OF_AN_ALARM, name
            shown = [m for m in alarm.get("Metrics", []) if m.get("ReturnData", True)]
            assert len(shown) == (1 if "Metrics" in alarm else 0), name

    def test_every_alarm_has_its_remedy_in_the_handbook(self, wiring):
        handbook = (ROOT / "docs/operations.md").read_text()
        for name in wiring.resources(ALARM):
            kind = re.sub(r"^(Auth|Orders|Loyalty|Notify|Support|Insights)", "…", name)
            assert f"| `{kind}` |" in handbook, name

    def test_metrics_that_are_looked_at_are_counted_and_the_other_way_round(self, wiring):
        looked_at = {
            alarm["MetricName"]
            for alarm in wiring.resources(ALARM).values()
            if alarm.get("Namespace") == "Kabinet"
        }
        assert looked_at <= _counted() == _drawn(wiring, "Kabinet")


def _counted():
    """The metrics that code counts, by name."""
    return {
        node.args[0].value
        for root in ("functions", "layers/common")
        for path in (ROOT / root).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "count"
        if node.args and isinstance(node.args[0], ast.Constant)
        if str(node.args[0].value)[:1].isupper()
    }


def _widgets(wiring):
    [board] = wiring.resources("AWS::CloudWatch::Dashboard").values()
    return json.loads(board["DashboardBody"]["Fn::Sub"])["widgets"]


def _drawn(wiring, namespace):
    rows = [row for w in _widgets(wiring) for row in w["properties"].get("metrics", [])]
    return {row[1] for row in rows if row[0] == namespace}


def test_the_dashboard_shows_every_alarm(wiring):
    [shown] = [w["properties"]["alarms"] for w in _widgets(wiring) if w["type"] == "alarm"]
    assert set(shown) == {f"${{{name}.Arn}}" for name in wiring.resources(ALARM)}


def test_everything_kept_is_encrypted(wiring):
    for name, queue in wiring.resources("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True, name
    for name, table in wiring.resources("AWS::DynamoDB::Table").items():
        assert table["SSESpecification"] == {"SSEEnabled": True}, name
    for name, topic in wiring.resources("AWS::SNS::Topic").items():
        assert "KmsMasterKeyId" in topic, name


def test_tables_are_protected_from_deletion_everywhere_but_here(wiring):
    for name, table in wiring.resources("AWS::DynamoDB::Table").items():
        assert wiring.resolve(table["DeletionProtectionEnabled"]) is True, name
    local = Wiring(fake_aws._Lazy({}), deployment.parameters("http://127.0.0.1"))
    assert local.resolve({"Fn::If": ["TablesAreProtected", True, False]}) is False


def test_a_backlog_cannot_take_every_function_of_the_account(wiring):
    for function in wiring.functions.values():
        for queue in function.triggers("SQS"):
            assert queue["ScalingConfig"]["MaximumConcurrency"] <= 10, function.name


class TestParameters:
    def test_each_is_described_and_bounded(self):
        for name, parameter in template.read()["Parameters"].items():
            assert parameter["Description"], name
            if "AllowedValues" not in parameter:
                kind = parameter["Type"]
                wanted = {"MinValue", "MaxValue"} if kind == "Number" else {"MaxLength"}
                assert wanted <= set(parameter), name
                assert kind == "Number" or {"AllowedPattern", "MinLength"} & set(parameter), name

    def test_defaults_are_within_the_bounds(self):
        for name, parameter in template.read()["Parameters"].items():
            if "AllowedPattern" in parameter and "Default" in parameter:
                assert re.search(parameter["AllowedPattern"], parameter["Default"]), name

    def test_outputs_are_described(self):
        assert all(output["Description"] for output in template.read()["Outputs"].values())


class TestVersions:
    """Behind the API stand published versions, reached through an alias."""

    def behind(self, wiring):
        own = wiring.resources("AWS::Serverless::Function")
        return {name: own[name] for name in wiring.behind_api()}

    def test_every_function_behind_the_api_is_published_anew_with_each_change(self, wiring):
        for name, function in self.behind(wiring).items():
            assert function["AutoPublishAlias"] == "live", name
            assert function["AutoPublishAliasAllProperties"] is True, name
            assert function["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}, name

    def test_whoever_calls_a_published_function_calls_its_alias(self, expanded):
        aliases = {n for n, r in expanded.items() if r["Type"] == "AWS::Lambda::Alias"}
        published = {a.removesuffix("Aliaslive") for a in aliases}
        callers = ("AWS::ApiGatewayV2::Api", "AWS::Events::Rule", "AWS::Lambda::EventSourceMapping")
        called = {n for r in expanded.values() if r["Type"] in callers for n in names_in(r)}
        assert aliases <= called
        assert not called & published

    def test_a_change_of_any_parameter_makes_another_version(self, wiring):
        """SAM does not see it; the version's description holds what the function is told."""
        everywhere = wiring.template["Globals"]["Function"]["Environment"]
        conditions = wiring.template["Conditions"]
        parameters = set(wiring.template["Parameters"])
        for name, function in self.behind(wiring).items():
            told = [everywhere, function["Environment"], function["SnapStart"]]
            by_condition = [conditions[c] for c in conditions if f'"{c}"' in json.dumps(told)]
            reaching = names_in([*told, *by_condition]) & parameters - {"MovableClock"}
            assert names_in(function["VersionDescription"]) & parameters == reaching, name

    def test_the_description_of_a_version_has_room_for_the_longest_values(self, wiring):
        for name, function in self.behind(wiring).items():
            text, _ = function["VersionDescription"]["Fn::Sub"]
            lengths = [_longest(wiring, part) for part in re.findall(r"\$\{(\w+)\}", text)]
            fixed = len(re.sub(r"\$\{\w+\}", "", text))
            assert fixed + sum(lengths) <= LONGEST_DESCRIPTION, name


def _longest(wiring, name):
    parameter = wiring.template["Parameters"].get(name)
    if parameter is None:
        return KEY_ID
    if "AllowedValues" in parameter:
        return max(len(str(value)) for value in parameter["AllowedValues"])
    return parameter.get("MaxLength") or len(str(parameter["MaxValue"]))
