"""Settings are read from the environment; invalid ones give a one-line error."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from advisor.errors import SeatwiseError
from assistant.settings import Settings

KEY = "whsec_" + "a" * 32
HOOKS = {"SEATWISE_WEBHOOK_SECRET": KEY}


def read(**environment: str) -> Settings:
    return Settings.from_environment(environment)


def test_empty_variable_is_treated_as_unset() -> None:
    assert read(PORT="", SEATWISE_HOST="", SEATWISE_KEEP_DAYS="") == Settings()
    assert (Settings().port, Settings().host) == (5005, "127.0.0.1")


def test_settings_have_their_types() -> None:
    settings = read(PORT="80", SEATWISE_ORIGINS="https://a.example HTTPS://B.example", SEATWISE_ERASURES="/data/erased")
    assert settings.port == 80
    assert settings.origins == {"https://a.example", "https://b.example"}
    assert settings.erasures == Path("/data/erased")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        *(("PORT", value, "a number from 1 to 65535") for value in ("many", "0", "65536", "-1", "8_0", "٣")),
        *(("SEATWISE_PROXIES", value, "a number from 0") for value in ("-1", "one")),
        *(("SEATWISE_TURNS", value, "a number of turns from 2") for value in ("0", "1", "many", "-3", "2.5")),
        *(("SEATWISE_KEEP_DAYS", value, "or 0 to keep everything") for value in ("-1", "a month", "1.5")),
        *(("SEATWISE_MESSAGES_A_MINUTE", value, "a number from 1") for value in ("0", "-1", "many", "1.5", "٣")),
        *(
            ("SEATWISE_ORIGINS", value, "origins such as https://www.firm.example")
            for value in ("*", "firm.example", "https://firm.example/", "https://a.example,https://b.example")
        ),
        ("ACTION_ENDPOINT_URL", "localhost:5055", "an address such as http://127.0.0.1:5055/webhook"),
    ],
)
def test_invalid_setting_error_names_value_and_allowed_values(name: str, value: str, says: str) -> None:
    with pytest.raises(SeatwiseError, match=f"^{name} must be .*{says}.*, and is ") as rejected:
        read(**{name: value})
    assert str(rejected.value).endswith(repr(value))
    assert "\n" not in str(rejected.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SEATWISE_SECRET", " ", "keys of at least 32 bytes"),
        ("SEATWISE_SECRET", "hunter2", "keys of at least 32 bytes"),
        ("SEATWISE_SECRET", f"{'a' * 32} hunter2", "keys of at least 32 bytes"),
        ("SEATWISE_DATABASE_URL", "hunter2", "the address of a database"),
        ("SEATWISE_DATABASE_URL", "mysql://user:hunter2@firm.example/x", "the address of a database"),
        ("SEATWISE_WEBHOOK_SECRET", "whsec_hunter2", "24 bytes or more"),
        ("SEATWISE_WEBHOOK_SECRET", "whsec_c2hvcnQ=", "24 bytes or more"),
        ("SEATWISE_WEBHOOK_SECRET", "ünsigned", "24 bytes or more"),
        *(
            ("SEATWISE_WEBHOOK_URL", value, "an https address")
            for value in (
                "firm.example/hook",
                "ftp://firm.example",
                "http://firm.example",
                "http://user:hunter2@192.0.2.7/hook",
                "https://[hunter2",
                "https://firm.example:hunter2/hook",
            )
        ),
    ],
)
def test_secret_values_are_not_shown_in_errors(name: str, value: str, says: str) -> None:
    with pytest.raises(SeatwiseError, match=f"^{name} must be .*{says}") as rejected:
        read(**{**HOOKS, name: value})
    assert "\n" not in str(rejected.value)
    assert "hunter2" not in "".join(traceback.format_exception(rejected.value))


@pytest.mark.parametrize("url", ["http://localhost:1/hook", "http://127.0.0.1:1/hook", "http://[::1]:1/hook"])
def test_loopback_webhook_may_use_http(url: str) -> None:
    assert read(SEATWISE_WEBHOOK_URL=url, **HOOKS).webhook_url == url


def test_webhook_without_secret_error_says_how_to_create_one() -> None:
    with pytest.raises(SeatwiseError, match="needs SEATWISE_WEBHOOK_SECRET.*openssl rand -base64 32"):
        read(SEATWISE_WEBHOOK_URL="https://firm.example/hooks")


def test_shared_database_requires_a_shared_secret() -> None:
    shared = {"SEATWISE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    with pytest.raises(SeatwiseError, match="SEATWISE_SECRET must be set"):
        read(**shared).check_shared_secret()
    read(**shared, SEATWISE_SECRET="a" * 32).check_shared_secret()
    Settings().check_shared_secret()


HTTP = {"SEATWISE_SLACK_SIGNING_SECRET": "secret"}
SOCKET = {"SEATWISE_SLACK_APP_TOKEN": "xapp-1"}
ONE = {"SEATWISE_SLACK_BOT_TOKEN": "xoxb-1"}
SEVERAL = {"SEATWISE_SLACK_CLIENT_ID": "1.2", "SEATWISE_SLACK_CLIENT_SECRET": "secret"}


@pytest.mark.parametrize("how", [HTTP, SOCKET, {**HTTP, **SOCKET}])
@pytest.mark.parametrize("where", [ONE, SEVERAL])
def test_slack_is_served_with_one_way_in_and_one_way_out(how: dict[str, str], where: dict[str, str]) -> None:
    assert read(**how, **where).serves_slack
    assert not read().serves_slack


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (HTTP, "SEATWISE_SLACK_BOT_TOKEN (or SEATWISE_SLACK_CLIENT_ID and SEATWISE_SLACK_CLIENT_SECRET"),
        (ONE, "SEATWISE_SLACK_SIGNING_SECRET (or SEATWISE_SLACK_APP_TOKEN"),
        (SEVERAL, "SEATWISE_SLACK_SIGNING_SECRET (or SEATWISE_SLACK_APP_TOKEN"),
        ({**HTTP, "SEATWISE_SLACK_CLIENT_ID": "1.2"}, "SEATWISE_SLACK_CLIENT_SECRET"),
        ({**SOCKET, "SEATWISE_SLACK_CLIENT_SECRET": "secret"}, "SEATWISE_SLACK_CLIENT_ID"),
        ({"SEATWISE_SLACK_LEADS_CHANNEL": "C0LEADS"}, "for Socket Mode) and SEATWISE_SLACK_BOT_TOKEN"),
    ],
)
def test_slack_that_is_set_up_in_part_names_what_is_missing(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SeatwiseError, match="^Slack also needs ") as rejected:
        read(**given)
    assert missing in str(rejected.value) and "\n" not in str(rejected.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SEATWISE_SLACK_BOT_TOKEN", "xapp-hunter2"),
        ("SEATWISE_SLACK_APP_TOKEN", "xoxb-hunter2"),
        ("SEATWISE_SLACK_LEADS_CHANNEL", "#leads"),
        ("SEATWISE_SLACK_API_URL", "http://slack.example/api/"),
    ],
)
def test_slack_settings_that_cannot_be_right_are_refused(name: str, value: str) -> None:
    with pytest.raises(SeatwiseError, match=f"^{name} must be ") as rejected:
        read(**{**HTTP, **ONE, name: value})
    assert "hunter2" not in str(rejected.value)


def test_leads_channel_of_several_workspaces_names_its_own() -> None:
    with pytest.raises(SeatwiseError, match="^SEATWISE_SLACK_LEADS_CHANNEL must name the workspace too"):
        read(**HTTP, **SEVERAL, SEATWISE_SLACK_LEADS_CHANNEL="C0LEADS")
    assert read(**HTTP, **SEVERAL, SEATWISE_SLACK_LEADS_CHANNEL="T0FIRM/C0LEADS").takes_leads
    assert read(**HTTP, **ONE, SEATWISE_SLACK_LEADS_CHANNEL="C0LEADS").takes_leads


def test_token_of_one_workspace_and_installs_in_several_exclude_each_other() -> None:
    with pytest.raises(SeatwiseError, match="unset one of them"):
        read(**HTTP, **ONE, **SEVERAL)


def test_secret_is_read_from_environment_or_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{'f' * 32}\n", encoding="utf-8")
    assert read(SEATWISE_SECRET="e" * 32).secret == "e" * 32
    assert read(SEATWISE_SECRET_FILE=str(file)).secret == "f" * 32
    assert read(SEATWISE_SECRET="", SEATWISE_SECRET_FILE=str(file)).secret == "f" * 32


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"SEATWISE_SECRET": "hunter2", "SEATWISE_SECRET_FILE": "/run/secrets/key"}, "are both set"),
        ({"SEATWISE_SECRET_FILE": "/nowhere/key"}, "the file of SEATWISE_SECRET_FILE cannot be read: No such file"),
    ],
)
def test_invalid_secret_file_is_rejected_with_one_line_error(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SeatwiseError, match=says) as rejected:
        read(**environment)
    assert "\n" not in str(rejected.value) and "hunter2" not in str(rejected.value)
