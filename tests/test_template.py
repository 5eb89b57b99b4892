"""template.yaml is the truth: what code needs is declared there, and nothing else."""

import ast
import importlib
import json
import re
from pathlib import Path

import pytest

import fake_aws
from common.events.known import EVENTS
from local import lint, template
from wiring import FALLBACK, Wiring

ROOT = Path(__file__).parent.parent
DAY = 24 * 3600
FOURTEEN_DAYS = 14 * DAY


@pytest.fixture(scope="module")
def wiring():
    return Wiring(fake_aws._Lazy({}))


def module(function):
    return importlib.import_module(function.handler.rpartition(".")[0])


def names(wiring, kind):
    return sorted(wiring.resources(kind))


def rules(wiring):
    for name, rule in wiring.resources("AWS::Events::Rule").items():
        yield name.removesuffix("Rule"), set(rule["EventPattern"]["detail-type"])


def test_every_route_is_reached_through_the_gateway(wiring):
    for function in wiring.functions.values():
        api = getattr(module(function), "api", None)
        for path in api.get_openapi_schema().paths or {} if api else {}:
            example = re.sub(r"\{[^}]+\}", "x", path)
            assert wiring.route(example).name == function.name, path


def test_every_prefix_of_the_gateway_leads_to_routes(wiring):
    for prefix, function in wiring.routes.items():
        stem = prefix.replace("/{proxy+}", "/").replace(FALLBACK, "")
        served = module(function).api.get_openapi_schema().paths or {}
        assert [path for path in served if path.startswith(stem)], prefix


def test_the_gateway_may_call_each_function_that_it_leads_to(wiring):
    permissions = wiring.resources("AWS::Lambda::Permission").values()
    allowed = [p["FunctionName"]["Ref"] for p in permissions]
    assert sorted(allowed) == sorted(f"{name}.Alias" for name in wiring.behind_api())


def test_consumers_react_to_exactly_what_their_rules_let_through(wiring):
    wired: dict[str, set[str]] = {}
    for queue, events in rules(wiring):
        handler = wiring.functions[f"{queue}Consumer"].handler
        wired[handler] = wired.get(handler, set()) | events
    for handler, events in wired.items():
        reactions = importlib.import_module(handler.rpartition(".")[0]).REACTIONS
        assert {kind.name for kind in reactions} == events, handler


def test_events_in_rules_exist(wiring):
    for _, events in rules(wiring):
        assert events <= set(EVENTS)


def test_sealed_and_contact_events_go_to_notifys_urgent_queue_only(wiring):
    flagged = {name for name, kind in EVENTS.items() if kind.sealed or kind.contacts}
    for queue, events in rules(wiring):
        if queue != "NotifyUrgent":
            assert not events & flagged, queue
    assert "AWS::Events::Archive" not in str(wiring.template["Resources"])


def test_every_consumer_has_a_queue_with_both_kinds_of_dead_letters(wiring):
    queues = wiring.resources("AWS::SQS::Queue")
    for name, rule in wiring.resources("AWS::Events::Rule").items():
        stem = name.removesuffix("Rule")
        [target] = rule["Targets"]
        assert target["Arn"] == {"Fn::GetAtt": [f"{stem}Queue", "Arn"]}
        assert target["DeadLetterConfig"]["Arn"] == {"Fn::GetAtt": [f"{stem}Undelivered", "Arn"]}
        redrive = queues[f"{stem}Queue"]["RedrivePolicy"]
        assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{stem}DeadLetters", "Arn"]}
    for name, queue in queues.items():
        assert queue["MessageRetentionPeriod"] == FOURTEEN_DAYS, name


def test_the_bus_may_write_into_every_queue_it_targets(wiring):
    [policy] = wiring.resources("AWS::SQS::QueuePolicy").values()
    allowed = {queue["Ref"] for queue in policy["Queues"]}
    targets = {n for n in wiring.resources("AWS::SQS::Queue") if not n.endswith("DeadLetters")}
    assert allowed == targets


def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run(wiring):
    timeout = wiring.template["Globals"]["Function"]["Timeout"]
    for name, function in wiring.resources("AWS::Serverless::Function").items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = event["Properties"]["Queue"]["Fn::GetAtt"][0]
                hidden = wiring.resources("AWS::SQS::Queue")[queue]["VisibilityTimeout"]
                assert hidden >= 6 * function.get("Timeout", timeout), name
                assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_table_that_publishes_has_one_relay_with_a_sweep(wiring):
    streamed = []
    for function in wiring.functions.values():
        for stream in function.triggers("DynamoDB"):
            streamed.append(stream["Stream"]["Fn::GetAtt"][0])
            assert function.handler == "common.relay.handler"
            assert function.triggers("Schedule"), function.name
            assert stream["MaximumRetryAttempts"] > 0
            assert stream["BisectBatchOnFunctionError"]
            pattern = json.loads(stream["FilterCriteria"]["Filters"][0]["Pattern"])
            assert pattern["dynamodb"]["Keys"]["pk"]["S"] == [{"prefix": "OUTBOX#"}]
    publishing = {f"{name.split('.')[0].capitalize()}Table" for name in EVENTS}
    assert set(streamed) == publishing
    assert len(streamed) == len(publishing)


def test_tables_outlive_the_stack_and_can_be_restored(wiring):
    for name, resource in wiring.template["Resources"].items():
        if resource["Type"] == "AWS::DynamoDB::Table":
            assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name
            recovery = resource["Properties"]["PointInTimeRecoverySpecification"]
            assert recovery["PointInTimeRecoveryEnabled"], name


def test_every_variable_that_code_reads_is_given_to_its_function(wiring):
    for function in wiring.functions.values():
        capability = function.handler.split(".")[0]
        if capability == "common":
            continue
        wanted = _variables(ROOT / "functions" / capability)
        siblings = [f for f in wiring.functions.values() if f.handler.startswith(capability)]
        given = {name for sibling in siblings for name in sibling.environment}
        assert wanted <= given, capability


def _variables(folder):
    """The names in os.environ["NAME"] in the modules of *folder*."""
    return {
        node.slice.value
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value) == "os.environ"
        and isinstance(node.slice, ast.Constant)
    }


def test_time_cannot_be_moved_in_production(wiring):
    for function in wiring.functions.values():
        assert not function.environment.get("CLOCK_TABLE"), function.name
    movable = Wiring(fake_aws._Lazy({}), {"MovableClock": "true"}).template["Conditions"]
    assert movable["ClockMoves"]
    assert template.read()["Parameters"]["MovableClock"]["Default"] == "false"


def test_no_statement_grants_everything(wiring):
    for name, resource in wiring.template["Resources"].items():
        statements = json.dumps(resource.get("Properties", {}).get("Policies", []))
        assert '"Resource": "*"' not in statements, name
        assert '"Action": "*"' not in statements, name


def test_the_expanded_stack_leaves_room_to_grow():
    assert len(lint.expanded()["Resources"]) < 400
