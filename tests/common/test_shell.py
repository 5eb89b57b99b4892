import pytest


@pytest.mark.case("C2")
@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/v1/cart/nothing/at/all"])
def test_an_unknown_address_is_a_problem(cloud, path):
    answer = cloud.call("GET", path, language="en")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == "urn:kabinet:problem:not_found"
