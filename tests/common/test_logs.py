"""What is logged names things by their ids."""

import pytest

from common import logs


@pytest.mark.case("F13", "C2")
def test_a_failure_is_logged_by_its_kind_and_place_and_not_by_its_words(cloud):
    try:
        raise ValueError("somebody@example.com")
    except ValueError as failure:
        logs.fault("message failed", failure, message_id="m-1")

    [line] = cloud.logbook.lines
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "somebody" not in line


@pytest.mark.parametrize("personal", ["somebody@example.com", "+79991234567", "eyJhbGciOiJFUzI1"])
def test_a_log_line_that_names_somebody_fails_its_test(cloud, personal):
    logs.logger.info("signed in", who=personal)

    with pytest.raises(AssertionError):
        cloud.logbook.check()


def test_a_metric_is_one_line_in_cloudwatchs_format(cloud, capsys):
    logs.count("OutboxSwept", 3)

    assert '"OutboxSwept":[3.0]' in capsys.readouterr().out.replace(" ", "")
