"""Both Docker Compose files harden every container and expose nothing but nginx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.nginx import TEMPLATE

FOLDER = Path(__file__).parents[2] / "deploy"
FILES = {
    name: yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    for name in ("compose.yml", "compose.replicas.yml")
}
CONTAINERS = [(file, name) for file, content in FILES.items() for name in content["services"]]
REPLICAS = [(file, name) for file, name in CONTAINERS if name.startswith("seatwise")]
SECRETS = ["SEATWISE_SECRET", "POSTGRES_PASSWORD"]


def service(file: str, name: str) -> dict[str, Any]:
    return FILES[file]["services"][name]


@pytest.mark.parametrize(("file", "name"), CONTAINERS)
def test_container_is_read_only_and_without_privileges(file: str, name: str) -> None:
    container = service(file, name)
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc"} & container.keys()
    assert container["restart"] == "unless-stopped"
    assert (
        container["cpus"]
        and container["mem_limit"]
        and container["pids_limit"]
        and container["logging"]["options"]["max-size"]
    )
    assert not any("docker.sock" in volume for volume in container["volumes"])


@pytest.mark.parametrize(("file", "name"), CONTAINERS)
def test_containers_do_not_run_as_root(file: str, name: str) -> None:
    container = service(file, name)
    assert container.get("user", "").split(":")[0] not in ("0", "root")
    assert "user" in container or container["image"] == "seatwise"  # its Dockerfile sets the user


@pytest.mark.parametrize(("file", "name"), CONTAINERS)
def test_only_nginx_is_exposed_and_only_on_loopback_by_default(file: str, name: str) -> None:
    ports = service(file, name).get("ports", [])
    assert ports == (["${NGINX_PUBLISHED:-127.0.0.1:8080}:8080"] if name == "nginx" else [])


@pytest.mark.parametrize(("file", "name"), CONTAINERS)
def test_third_party_images_pin_a_version_without_a_registry(file: str, name: str) -> None:
    assert re.fullmatch(r"seatwise|\$\{[A-Z]+_IMAGE:-[a-z]+:[\d.]+\}", service(file, name)["image"])


@pytest.mark.parametrize(("file", "name"), CONTAINERS)
def test_dependencies_wait_for_a_healthy_service(file: str, name: str) -> None:
    waited_for = service(file, name).get("depends_on", {})
    assert all(how == {"condition": "service_healthy"} for how in waited_for.values())
    assert all("healthcheck" in service(file, other) or other.startswith("seatwise") for other in waited_for)


@pytest.mark.parametrize(("file", "name"), REPLICAS)
def test_replica_has_a_grace_period_and_writable_mounts(file: str, name: str) -> None:
    replica = service(file, name)
    assert int(replica["stop_grace_period"].removesuffix("s")) >= 25
    assert replica["volumes"] == ["data:/data"]
    assert [mount.partition(":")[0] for mount in replica["tmpfs"]] == ["/tmp"]
    assert replica["environment"]["SEATWISE_PROXIES"] == "${SEATWISE_PROXIES:-1}"


@pytest.mark.parametrize("file", FILES)
def test_secrets_come_from_the_environment_and_missing_ones_give_a_hint(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    given = {name: re.findall(rf"{name}: (.+)", text) for name in SECRETS}
    assert given["SEATWISE_SECRET"]
    assert all(re.fullmatch(r"\$\{[A-Z_]+:\?put .+\}", value) for values in given.values() for value in values)


@pytest.mark.parametrize("file", FILES)
def test_compose_provides_every_nginx_variable_and_one_server_per_replica(file: str) -> None:
    environment = service(file, "nginx")["environment"]
    wanted = set(re.findall(r"\$\{([A-Z_]+)\}", TEMPLATE.read_text(encoding="utf-8")))
    assert wanted == environment.keys() - {"NGINX_ENVSUBST_FILTER"}
    assert all(re.match(environment["NGINX_ENVSUBST_FILTER"].replace("$$", "$"), name) for name in wanted)
    servers = re.findall(r"server (\S+):5005 resolve", environment["NGINX_SERVERS"])
    assert servers == [name for other, name in REPLICAS if other == file]


def test_database_is_reachable_only_from_replicas() -> None:
    content = FILES["compose.replicas.yml"]
    assert content["networks"]["database"] == {"internal": True}
    assert content["services"]["database"]["networks"] == ["database"]
    assert "database" not in content["services"]["nginx"]["networks"]


def test_database_accepts_the_connections_of_two_replicas() -> None:
    [allowed] = re.findall(r"max_connections=(\d+)", " ".join(service("compose.replicas.yml", "database")["command"]))
    assert int(allowed) >= 2 * (8 + 40) + 10
