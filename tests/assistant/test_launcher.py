"""The launcher on a project whose ``rasa`` and ``rasa_sdk`` are small stand-ins that fail on demand.

Every test that uses ``assistant_url`` covers the real assistant.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from advisor.errors import SeatwiseError
from assistant import launcher
from assistant.launcher import free_port, serving
from assistant.processes import LaunchError, Server
from assistant.stores.privacy import TABLES
from assistant.training import TrainingError, content_digest, readable_log, trained_model

ROOT = Path(__file__).parents[2]

RASA = """
import os, pathlib, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        away = "SAYS" in os.environ and "model" in os.environ["SAYS"] and self.path == "/ready"
        self.send_response(503 if away else 200)
        self.end_headers()
        self.wfile.write(b'{"model":"away"}' if away else b"")

def option(name):
    return sys.argv[sys.argv.index(name) + 1]

pathlib.Path(f"pid-{os.getpid()}").touch()
if "train" in sys.argv:
    if pathlib.Path("data/wrong.yml").exists():
        sys.exit("YamlException: data/wrong.yml is no YAML")
    pathlib.Path(option("--out"), option("--fixed-model-name") + ".tar.gz").write_text("a model")
else:
    print(os.environ.get("SAYS", ""), flush=True)
    if "run" in sys.argv and "DIES" in os.environ:
        sys.exit(3)
    HTTPServer(("127.0.0.1", int(option("--port"))), Answer).serve_forever()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with all files that the launcher requires."""
    for package in ("rasa", "rasa_sdk"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "__main__.py").write_text(RASA)
    for folder in ("data", "actions", "advisor", "assistant/nlu"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "requirements.lock", "data/faq.yml"):
        (tmp_path / name).write_text(name)
    for package in ("advisor", "assistant"):
        for path in (ROOT / package).glob("*.py"):
            shutil.copy(path, tmp_path / package)
    shutil.copy(ROOT / "assistant/nlu/spelling.py", tmp_path / "assistant/nlu")
    for folder in ("contacts", "stores", "turns", "server", "channels"):
        shutil.copytree(ROOT / "assistant" / folder, tmp_path / "assistant" / folder)
    return tmp_path


@pytest.fixture
def said() -> list[str]:
    return []


def is_answered(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def processes(project: Path) -> list[int]:
    """The running fake processes of this project."""
    return [pid for pid in (int(path.name[4:]) for path in project.glob("pid-*")) if is_running(pid)]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def until(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return happened()


def command(project: Path, *arguments: str, port: int, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *options, "-m", "assistant", *arguments],
        cwd=project,
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_unchanged_content_is_not_retrained(project: Path, said: list[str]) -> None:
    first = trained_model(project, said.append)
    assert trained_model(project, said.append) == first
    assert len(said) == 1
    assert said[0].startswith("Training")


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/faq.yml", "data/new.yml", "assistant/nlu/new.py"])
def test_changed_content_replaces_the_model(project: Path, said: list[str], name: str) -> None:
    old = trained_model(project, said.append)
    (project / name).write_text("changed")
    new = trained_model(project, said.append)
    assert [path.name for path in sorted((project / "models").glob("*.tar.gz*"))] == [new.name, f"{new.name}.sha256"]
    assert new != old


def test_manually_added_model_is_kept(project: Path, said: list[str]) -> None:
    (project / "models").mkdir()
    (project / "models" / "mine.tar.gz").touch()
    trained_model(project, said.append)
    assert (project / "models" / "mine.tar.gz").exists()


def test_unrelated_files_do_not_trigger_training(project: Path) -> None:
    before = content_digest(project)
    for name in ("README.md", "endpoints.yml", "actions/new.py", "data/.faq.yml.swp"):
        (project / name).write_text("changed")
    assert content_digest(project) == before


def test_moving_text_between_files_is_a_change(project: Path) -> None:
    before = content_digest(project)
    (project / "data/faq.yml").rename(project / "data/other.yml")
    assert content_digest(project) != before


@pytest.mark.parametrize("harm", [lambda model: model.write_text("half"), lambda model: record_of(model).unlink()])
def test_corrupt_model_is_retrained_with_a_message(
    project: Path, said: list[str], harm: Callable[[Path], object]
) -> None:
    model = trained_model(project, said.append)
    harm(model)
    said.clear()
    assert trained_model(project, said.append).read_text() == "a model"
    assert len(said) == 2
    assert "corrupt" in said[0]


def record_of(model: Path) -> Path:
    return model.with_name(f"{model.name}.sha256")


def test_failed_training_shows_the_reason_and_leaves_no_files(project: Path, said: list[str]) -> None:
    (project / "data/wrong.yml").touch()
    with pytest.raises(TrainingError, match="data/wrong.yml is no YAML"):
        trained_model(project, said.append)
    assert [path.name for path in (project / "models").iterdir()] == [".lock"]


def test_long_log_is_truncated_without_colors_and_deprecations(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lines = ["/a/b.py:3: DeprecationWarning: old", "  import old", "\x1b[91mreason\x1b[0m", "2", "3", "4", "5", "end"]
    log.write_text("\n".join(lines))
    assert readable_log(log, first=2, last=2).splitlines() == ["reason", "2", "…", "5", "end"]
    assert readable_log(log).splitlines() == ["reason", "2", "3", "4", "5", "end"]


def test_processes_run_only_during_the_block(project: Path) -> None:
    with serving(root=project) as url:
        assert is_answered(url)
        assert len(processes(project)) == 1
    assert not is_answered(url)
    assert not processes(project)


def test_two_instances_run_side_by_side(project: Path) -> None:
    with serving(root=project) as one, serving(root=project) as other:
        assert one != other
        assert is_answered(one)
        assert is_answered(other)


def test_crash_is_reported_with_its_log_and_leaves_no_processes(project: Path) -> None:
    with (
        pytest.raises(LaunchError, match=r"(?s)^The assistant exited unexpectedly \(exit code 3\).*no more memory"),
        serving(root=project, environment={"DIES": "1", "SAYS": "no more memory"}),
    ):
        pass
    assert not processes(project)


def test_assistant_without_a_model_fails_to_start(project: Path) -> None:
    with (
        pytest.raises(LaunchError, match="could not load its model"),
        serving(root=project, environment={"SAYS": "Could not load model due to ..."}),
    ):
        pass
    assert not processes(project)


def test_port_in_use_is_reported_before_training(project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LaunchError, match=f"port {port} is in use; .* PORT={port + 1}"):
            launcher.run({"PORT": str(port)}, project)
    assert not (project / "models").exists()


def test_invalid_setting_is_reported_before_training(project: Path) -> None:
    with pytest.raises(SeatwiseError, match="PORT must be a number from 1 to 65535, and is 'http'"):
        launcher.run({"PORT": "http"}, project)
    assert not (project / "models").exists()


def test_half_a_set_of_slack_settings_is_reported_before_training(project: Path) -> None:
    with pytest.raises(SeatwiseError) as rejected:
        launcher.run({"PORT": str(free_port()), "SEATWISE_SLACK_APP_TOKEN": "xapp-1"}, project)
    assert str(rejected.value) == (
        "Slack also needs SEATWISE_SLACK_BOT_TOKEN (or SEATWISE_SLACK_CLIENT_ID and SEATWISE_SLACK_CLIENT_SECRET for"
        " several workspaces); docs/slack.md says where they come from"
    )
    assert not (project / "models").exists()


@pytest.mark.parametrize("name", ["config.yml", "endpoints.yml", "credentials.yml", "actions", "data"])
def test_missing_file_is_named_in_the_error(project: Path, name: str) -> None:
    (project / name).rename(project / "gone")
    with pytest.raises(LaunchError, match=f"^{name} is missing"):
        launcher.train(project)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_prints_one_address_and_stops_on_a_signal(project: Path, number: signal.Signals) -> None:
    port = free_port()
    with command(project, "run", port=port) as started:
        assert until(lambda: len(processes(project)) == 1 and is_answered(f"http://localhost:{port}/"))
        time.sleep(0.3)
        started.send_signal(number)
        out, err = started.communicate(timeout=20)
    assert (started.returncode, err) == (0, "")
    assert [line for line in out.splitlines() if "http" in line] == [
        f"Seatwise answers at http://localhost:{port}/ (Ctrl-C stops it)"
    ]
    assert not processes(project)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"APP_TOKEN": "xapp-1", "BOT_TOKEN": "xoxb-1"}, "in Slack, by Socket Mode"),
        (
            {"SIGNING_SECRET": "s", "BOT_TOKEN": "xoxb-1"},
            "in Slack, by https://chat.firm.example/webhooks/slack/events",
        ),
    ],
)
def test_run_says_how_slack_reaches_it(
    project: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], says: str
) -> None:
    monkeypatch.setenv("SEATWISE_PUBLIC_URL", "https://chat.firm.example")
    for name, value in settings.items():
        monkeypatch.setenv(f"SEATWISE_SLACK_{name}", value)
    port = free_port()
    with command(project, "run", port=port) as started:
        assert started.stdout
        line = next(line for line in iter(started.stdout.readline, "") if "answers at" in line)
        started.send_signal(signal.SIGTERM)
    assert line == f"Seatwise answers at http://localhost:{port}/ and {says} (Ctrl-C stops it)\n"


def test_files_are_private_even_if_an_older_version_left_them_readable(project: Path) -> None:
    for name in ("seatwise.db", "seatwise.db-wal"):
        (project / name).touch(mode=0o644)
    port = free_port()
    with command(project, "run", port=port) as started:
        assert until(lambda: len(processes(project)) == 1 and is_answered(f"http://localhost:{port}/"))
        started.send_signal(signal.SIGINT)
        started.communicate(timeout=20)
    written = [*project.glob("seatwise.db*"), project / ".secret", project / "logs", *project.glob("logs/*")]
    written += project.glob("pid-*")  # written by the process itself
    assert len(written) >= 6
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_crashed_process_is_restarted(project: Path) -> None:
    port = free_port()
    with command(project, "run", port=port) as started:
        assert started.stdout
        assert any("Seatwise answers at" in line for line in iter(started.stdout.readline, ""))
        before = processes(project)
        os.kill(max(before), signal.SIGKILL)
        assert until(lambda: len(processes(project)) == 1 and not {*processes(project)} & {*before})
        assert until(lambda: is_answered(f"http://localhost:{port}/"))
        time.sleep(0.3)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=20)
    assert (started.returncode, err) == (0, "")
    assert "exited unexpectedly (exit code -9)" in out
    assert "Restarting" in out
    assert not processes(project)


def test_repeated_crashes_stop_the_launcher(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashes = 0

    def crash(assistant: Server) -> None:
        nonlocal crashes
        crashes += 1
        assistant.process.kill()
        assistant.process.wait()
        assistant.check()

    monkeypatch.setattr(launcher, "_watch", crash)
    with pytest.raises(LaunchError, match="exited unexpectedly"):
        launcher.run({"PORT": str(free_port())}, project)
    assert crashes == 5
    assert not processes(project)


def test_crashes_far_apart_are_always_restarted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_CRASH_WINDOW", 0.0)
    crashes = 0

    def crash(assistant: Server) -> None:
        nonlocal crashes
        crashes += 1
        if crashes > 6:
            raise KeyboardInterrupt
        raise LaunchError("The assistant exited unexpectedly")

    monkeypatch.setattr(launcher, "_watch", crash)
    launcher.run({"PORT": str(free_port())}, project)
    assert crashes == 7


def test_log_left_readable_by_an_older_version_is_made_private(project: Path) -> None:
    (project / "logs").mkdir()
    port = free_port()
    log = project / "logs" / f"assistant-{port}.log"
    log.touch(mode=0o644)
    with serving(port, root=project):
        assert log.stat().st_mode & 0o077 == 0


def test_model_trained_as_root_for_an_image_is_world_readable(project: Path) -> None:
    with command(project, "train", port=free_port()) as started:
        started.communicate(timeout=20)
    assert started.returncode == 0
    made = [project / "models", *project.glob("models/*.tar.gz*")]
    assert len(made) == 3
    assert [path.name for path in made if path.stat().st_mode & 0o044 != 0o044] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed process")
def test_killed_launcher_leaves_no_processes(project: Path) -> None:
    port = free_port()
    with command(project, "run", port=port) as started:
        assert until(lambda: len(processes(project)) == 1 and is_answered(f"http://localhost:{port}/"))
        started.kill()
    assert until(lambda: not processes(project))


def test_missing_packages_give_one_line_error(project: Path) -> None:
    with command(project, "run", port=free_port(), options=("-S",)) as started:
        out, err = started.communicate(timeout=20)
    assert (started.returncode, out) == (1, "")
    assert "requests" in err
    assert "make run" in err
    assert err.count("\n") == 1


def test_unknown_command_prints_usage(project: Path) -> None:
    with command(project, "walk", port=free_port()) as started:
        _, err = started.communicate(timeout=20)
    assert started.returncode == 2
    assert err.startswith("usage: python -m assistant run | train | export CONVERSATION | ")
    assert err.count("\n") == 1


def test_export_erase_and_forget_commands_print_receipts(project: Path) -> None:
    said = []
    for arguments in (("export", "a"), ("erase", "a"), ("forget", "90")):
        with command(project, *arguments, port=free_port()) as started:
            out, err = started.communicate(timeout=60)
        assert (started.returncode, err) == (0, "")
        said.append(json.loads(out))
    kinds = tuple(TABLES)
    assert said[0] == {"conversation": "a", **{kind: [] for kind in kinds}}
    assert said[1] == {**dict.fromkeys(kinds, 0), "scrubbed": True}
    assert said[2] == {"conversations": 0, **dict.fromkeys(kinds, 0), "scrubbed": True}
