"""Members of staff are made by the shop's operator only."""

import pytest


@pytest.mark.parametrize("role", ["agent", "manager", "owner"])
def test_the_operator_makes_staff(auth, cloud, role):
    made = auth.hire("boss@example.com", role)
    assert set(made) == {"staff_id", "login", "password", "totp_secret", "provisioning_uri"}
    [claim] = [row for row in cloud.items("AuthTable") if row["sk"] == "LOGIN"]
    assert (claim["role"], claim["subject_id"]) == (role, made["staff_id"])


def test_a_password_is_made_unless_one_is_given(auth):
    assert auth.hire("one@example.com", password="a given password")["password"] == (
        "a given password"
    )
    assert len(auth.hire("other@example.com")["password"]) >= 20


def test_the_login_is_canonical(auth):
    assert auth.hire(" Boss@Example.COM")["login"] == "boss@example.com"


def test_an_authenticator_reads_the_address(auth):
    made = auth.hire("boss@example.com")
    assert made["provisioning_uri"] == (
        f"otpauth://totp/Kabinet:boss%40example.com?secret={made['totp_secret']}&issuer=Kabinet"
    )


def test_called_again_it_changes_nothing(auth, cloud):
    auth.hire("boss@example.com", "owner")
    before = cloud.items("AuthTable")
    assert auth.hire("Boss@example.com", "agent") == {
        "error": "boss@example.com has an account already"
    }
    assert cloud.items("AuthTable") == before


def test_a_customers_address_is_taken_for_staff_and_the_other_way_round(auth):
    auth.customer("ann@example.com")
    assert "error" in auth.hire("ann@example.com")

    auth.hire("boss@example.com")
    registration_id = auth.registration("boss@example.com")
    assert auth.code(registration_id) is None


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"email": "nobody"}, "email"),
        ({"role": "customer"}, "role"),
        ({"password": "short"}, "password"),
        ({"action": "drop"}, "action"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(auth, cloud, fields, word):
    event = {"action": "create_staff", "email": "boss@example.com", "role": "agent"} | fields
    answer = cloud.invoke("AuthAdmin", event)
    assert list(answer) == ["error"]
    assert word in answer["error"]
    assert not cloud.items("AuthTable")


def test_no_route_leads_there(cloud):
    admin = cloud.wiring.functions["AuthAdmin"]
    assert admin.events == {}
