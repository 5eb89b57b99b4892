"""The roles of the functions, and the reading of them that every other test relies on."""

import re
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

import rights
from rights import Need, Roles, Statement
from wiring import Wiring

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/AuthTable"
# The objects below a named folder of a named bucket: they come and go.
OBJECTS = re.compile(r"arn:aws:s3:::[^*/]+/[^*]+/\*")
# Where a name cannot be given, and why.
NUMBERS = "a telephone number has no ARN: all that has one is left out"
ENDPOINTS = "SNS names the endpoints of devices itself"
STARS = {
    "sns:DeleteEndpoint": ENDPOINTS,
    "sns:SetEndpointAttributes": ENDPOINTS,
    "ses:SendEmail": "the verified identity may be any domain above the sender's address",
    "sns:Publish": NUMBERS,
    "sns:CheckIfPhoneNumberIsOptedOut": NUMBERS,
}


def read(pk):
    return {"TableName": "AuthTable", "Key": {"pk": {"S": pk}, "sk": {"S": "x"}}}


def allowed(cloud, function, call, arguments):
    roles = Roles(cloud.wiring)
    with suppress(ClientError):
        roles.admit(function, call, arguments)
    return not roles.refused


def test_what_a_role_refuses_fails_the_test_in_which_it_happens(cloud):
    roles = Roles(cloud.wiring)

    with pytest.raises(ClientError, match="AccessDeniedException"):
        roles.admit("AuthAdmin", "dynamodb.GetItem", read("SESSION#1"))
    with pytest.raises(AssertionError, match="AuthAdmin may not"):
        roles.check()


def test_a_function_may_do_what_its_role_says_and_nothing_else(cloud):
    assert allowed(cloud, "AuthApi", "dynamodb.GetItem", read("LOGIN#ann@example.com"))
    assert not allowed(cloud, "AuthAdmin", "dynamodb.GetItem", read("SESSION#1"))
    assert not allowed(cloud, "AuthApi", "dynamodb.DeleteItem", read("SESSION#1"))
    assert not allowed(cloud, "InsightsApi", "dynamodb.GetItem", read("LOGIN#ann@example.com"))


def test_the_keys_of_a_table_are_part_of_a_role(cloud):
    assert allowed(cloud, "AuthRelay", "dynamodb.DeleteItem", read("OUTBOX#1"))
    assert not allowed(cloud, "AuthRelay", "dynamodb.DeleteItem", read("SESSION#1"))


def test_a_transaction_takes_the_right_to_each_of_its_writes(cloud):
    put = {"Put": {"TableName": "AuthTable", "Item": {"pk": {"S": "LOGIN#a"}}}}
    delete = {"Delete": read("LOGIN#a")}

    assert allowed(cloud, "AuthAdmin", "dynamodb.TransactWriteItems", {"TransactItems": [put]})
    both = {"TransactItems": [put, delete]}
    assert not allowed(cloud, "AuthAdmin", "dynamodb.TransactWriteItems", both)


def test_an_index_is_a_resource_of_its_own(cloud):
    query = {
        "TableName": "OrdersTable",
        "KeyConditionExpression": "#n0 = :v0",
        "ExpressionAttributeValues": {":v0": {"S": "CATALOGUE"}},
    }

    assert allowed(cloud, "OrdersApi", "dynamodb.Query", query | {"IndexName": "gsi1"})
    assert not allowed(cloud, "OrdersApi", "dynamodb.Query", query | {"IndexName": "gsi9"})
    assert not allowed(cloud, "OrdersConsumer", "dynamodb.Query", query | {"IndexName": "gsi1"})


def test_a_seal_is_opened_by_nobody_without_its_challenge(cloud):
    sealed = {"KeyId": cloud.wiring.physical["SealingKey"]["Arn"]}
    named = sealed | {"EncryptionContext": {"challenge": "1"}}

    assert allowed(cloud, "NotifyUrgentConsumer", "kms.Decrypt", named)
    assert not allowed(cloud, "NotifyUrgentConsumer", "kms.Decrypt", sealed)
    assert not allowed(cloud, "NotifyConsumer", "kms.Decrypt", named)


def test_letters_leave_under_the_shops_address_only(cloud):
    def letter(sender):
        return {"FromEmailAddress": f"Shop <{sender}>"}

    assert allowed(cloud, "NotifyConsumer", "sesv2.SendEmail", letter("shop@example.com"))
    assert not allowed(cloud, "NotifyConsumer", "sesv2.SendEmail", letter("boss@example.com"))


def test_texts_go_to_numbers_and_never_to_a_topic(cloud):
    topic = "arn:aws:sns:eu-central-1:123456789012:alarms"

    for function in ("NotifyConsumer", "NotifyUrgentConsumer"):
        assert allowed(cloud, function, "sns.Publish", {"PhoneNumber": "+79991234567"})
        assert not allowed(cloud, function, "sns.Publish", {"TopicArn": topic})
        assert not allowed(cloud, function, "sns.Publish", {"TargetArn": topic})


def test_a_device_is_pushed_to_by_whoever_sends_and_forgotten_by_whoever_is_asked(cloud):
    endpoint = "arn:aws:sns:eu-central-1:123456789012:endpoint/GCM/kabinet/1"
    other = endpoint.replace("123456789012", "210987654321")

    assert allowed(cloud, "NotifyConsumer", "sns.Publish", {"TargetArn": endpoint})
    assert not allowed(cloud, "NotifyConsumer", "sns.Publish", {"TargetArn": other})
    for function in ("NotifyApi", "NotifyUrgentConsumer"):
        assert not allowed(cloud, function, "sns.Publish", {"TargetArn": endpoint})
    for function in ("NotifyApi", "NotifyConsumer"):
        assert allowed(cloud, function, "sns.DeleteEndpoint", {"EndpointArn": endpoint})


def test_the_token_of_a_device_is_sealed_by_one_function_and_opened_by_another(cloud):
    seal = {"KeyId": cloud.wiring.physical["SealingKey"]["Arn"]}
    token = seal | {"EncryptionContext": {"device": "1"}}

    assert allowed(cloud, "NotifyApi", "kms.Encrypt", token)
    assert not allowed(cloud, "NotifyApi", "kms.Decrypt", token)
    assert allowed(cloud, "NotifyConsumer", "kms.Decrypt", token)
    assert not allowed(cloud, "NotifyUrgentConsumer", "kms.Decrypt", token)


ORIGIN = "arn:aws:sms-voice:eu-central-1:123456789012:phone-number/phone-1"
TOKEN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:telegram"


@pytest.mark.parametrize(
    ("parameter", "value", "call", "arguments"),
    [
        (
            "VoiceOrigin",
            ORIGIN,
            "pinpoint-sms-voice-v2.SendVoiceMessage",
            {"OriginationIdentity": ORIGIN},
        ),
        ("TelegramSecret", TOKEN, "secretsmanager.GetSecretValue", {"SecretId": TOKEN}),
    ],
)
def test_a_provider_is_allowed_only_where_it_is_set_up(cloud, parameter, value, call, arguments):
    set_up = Roles(Wiring(cloud.wiring.physical, {parameter: value}))

    set_up.admit("NotifyUrgentConsumer", call, arguments)

    assert not allowed(cloud, "NotifyUrgentConsumer", call, arguments)
    with pytest.raises(ClientError):
        set_up.admit("NotifyConsumer", call, arguments)
    rights.known.remove(set_up)


def test_a_call_that_nobody_described_is_not_let_through():
    with pytest.raises(KeyError):
        rights.needs("dynamodb.Scan", {"TableName": "AuthTable"})


def test_what_a_statement_grants_in_vain_is_told():
    statement = Statement(
        ["dynamodb:GetItem", "dynamodb:PutItem"],
        [TABLE],
        {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SESSION#*", "REVOKED"]}},
    )
    need = Need("dynamodb:GetItem", TABLE, {"dynamodb:LeadingKeys": ["SESSION#1"]})

    assert statement.allows(need)
    assert set(statement.parts()) - set(statement.parts_for(need)) == {
        ("action", "dynamodb:PutItem"),
        ("dynamodb:LeadingKeys", "REVOKED"),
    }


def test_resources_are_named(cloud):
    for function, statements in Roles(cloud.wiring).statements.items():
        for statement in statements:
            named = [*statement.resources, *statement.all_but]
            starred = any("*" in resource for resource in named if not OBJECTS.fullmatch(resource))
            assert not starred or set(statement.actions) <= set(STARS), function
            assert not any("*" in action for action in statement.actions), function


def test_no_right_is_excused_that_no_role_has(cloud):
    granted = {(function, value) for function, _, _, value in Roles(cloud.wiring).granted()}

    assert set(rights.UNTESTED) <= granted
