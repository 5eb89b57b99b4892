"""The development OpenID provider of `make run`: somebody signs in by it, in process."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest
import urllib3

from auth.social import exchange
from common import pepper
from local import openid, ports


@pytest.fixture
def url(cloud):
    """A provider that is up, and that the shop is registered with."""
    arn = cloud.wiring.physical["SocialSecret"]["Ref"]
    secrets = boto3.client("secretsmanager")
    with openid.serving(ports.any_free()) as url:
        entries = {openid.NAME: openid.entry(url, "http://127.0.0.1:4567/signed-in")}
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(entries))
        pepper._kept.clear()
        exchange._keys.clear()
        yield url
    secrets.put_secret_value(SecretId=arn, SecretString="{}")
    pepper._kept.clear()


def consent(authorize_url, subject):
    """What the browser is led back with, once *subject* agreed at the provider's page."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"sub": subject})
    answer = urllib3.request("POST", authorize_url, body=body, headers=kind, redirect=False)
    assert answer.status == 302, answer.data
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in sent.items()}


@pytest.mark.feature(5)
@pytest.mark.parametrize(("subject", "status"), [("vera", 200), ("somebody@example.com", 409)])
def test_whoever_it_shows_signs_in_where_their_address_is_proven(cloud, url, subject, status):
    begun = cloud.call("POST", "/v1/auth/social/local", {}).body
    assert begun["authorize_url"].startswith(url)

    came = consent(begun["authorize_url"], subject) | {"flow_secret": begun["flow_secret"]}

    assert cloud.call("POST", "/v1/auth/social/callback", came).status == status


def test_it_is_gone_afterwards(cloud, url):
    with openid.serving(ports.any_free()) as other:
        assert urllib3.request("GET", f"{other}/jwks").status == 200
    with pytest.raises(urllib3.exceptions.HTTPError):
        urllib3.request("GET", f"{other}/jwks", retries=False)
