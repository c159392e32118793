"""The manifests of deploy/kubernetes are valid, harden every container, and fit each other and the application."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
SCHEMAS = Path(find_spec("kubernetes_validate").origin).parent / "kubernetes-json-schema" / "v1.28.0-local-strict"

Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    files = [path for path in sorted(FOLDER.glob("*.yml")) if path.name != "kustomization.yml"]
    return [manifest for path in files for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def the(kind: str, name: str = "seatwise") -> Manifest:
    [found] = [one for one in manifests() if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def kustomization() -> Manifest:
    return yaml.safe_load((FOLDER / "kustomization.yml").read_text(encoding="utf-8"))


DEPLOYMENT = the("Deployment")["spec"]
PODS = {"assistant": DEPLOYMENT["template"]}
CONTAINERS = {container["name"]: container for pod in PODS.values() for container in pod["spec"]["containers"]}
[ASSISTANT] = PODS["assistant"]["spec"]["containers"]


def selects(selector: dict[str, str], pod: Manifest) -> bool:
    return selector.items() <= pod["metadata"]["labels"].items()


def complaints(manifest: Manifest) -> list[str]:
    """What the schemas of Kubernetes find wrong with a manifest, unknown fields included."""
    version = manifest["apiVersion"].replace(".k8s.io", "").replace("/", "-")
    schema = json.loads((SCHEMAS / f"{manifest['kind'].lower()}-{version}.json").read_text(encoding="utf-8"))
    resolver = jsonschema.RefResolver(f"{SCHEMAS.as_uri()}/", schema)
    return [error.message for error in jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(manifest)]


@pytest.mark.parametrize(
    "manifest", manifests(), ids=lambda manifest: f"{manifest['kind']}-{manifest['metadata']['name']}"
)
def test_a_manifest_is_what_kubernetes_takes(manifest: Manifest) -> None:
    assert complaints(manifest) == []


def test_a_misspelt_field_would_be_seen() -> None:
    manifest = the("PodDisruptionBudget")
    manifest["spec"]["minAvailabel"] = 1
    assert complaints(manifest)


def test_everything_but_the_example_of_a_secret_is_applied() -> None:
    files = {path.name for path in FOLDER.glob("*.yml")}
    assert set(kustomization()["resources"]) == files - {"kustomization.yml", "secret.example.yml"}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_can_gain_nothing_and_change_nothing(name: str) -> None:
    container = CONTAINERS[name]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["image"] == "seatwise"
    assert container["resources"]["limits"].keys() == {"cpu", "memory"}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} <= {"/tmp", "/data"}


@pytest.mark.parametrize("name", PODS)
def test_pod_runs_unprivileged_without_cluster_access(name: str) -> None:
    pod = PODS[name]["spec"]
    context = pod["securityContext"]
    assert (context["runAsNonRoot"], context["runAsUser"], context["runAsGroup"]) == (True, 10001, 10001)
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert all(set(volume) == {"name", "emptyDir"} for volume in pod["volumes"])


def test_a_pod_is_restarted_for_its_own_faults_alone() -> None:
    assert ASSISTANT["livenessProbe"]["httpGet"]["path"] == "/health"
    assert ASSISTANT["startupProbe"]["httpGet"]["path"] == "/health"
    assert ASSISTANT["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_a_pod_that_goes_has_time_to_be_forgotten_and_to_finish() -> None:
    [_, seconds] = ASSISTANT["lifecycle"]["preStop"]["exec"]["command"]
    assert PODS["assistant"]["spec"]["terminationGracePeriodSeconds"] >= int(seconds) + 20 + 5


def test_there_are_always_two_to_serve() -> None:
    assert DEPLOYMENT["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in DEPLOYMENT
    assert the("HorizontalPodAutoscaler")["spec"]["minReplicas"] == 2
    assert the("PodDisruptionBudget")["spec"]["minAvailable"] == 1


def test_selectors_find_the_assistant() -> None:
    selectors = [
        DEPLOYMENT["selector"]["matchLabels"],
        the("Service")["spec"]["selector"],
        the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        the("NetworkPolicy", "seatwise-assistant")["spec"]["podSelector"]["matchLabels"],
        *(spread["labelSelector"]["matchLabels"] for spread in PODS["assistant"]["spec"]["topologySpreadConstraints"]),
    ]
    assert all(selects(selector, PODS["assistant"]) for selector in selectors)


def test_nothing_is_reached_that_no_policy_names() -> None:
    everything = the("NetworkPolicy")["spec"]
    assert all(selects(everything["podSelector"]["matchLabels"], pod) for pod in PODS.values())
    assert (everything["policyTypes"], "ingress" in everything) == (["Ingress", "Egress"], False)
    assert all(rule["to"] and rule["ports"] for rule in everything["egress"])
    assert all(rule["from"] and rule["ports"] for rule in the("NetworkPolicy", "seatwise-assistant")["spec"]["ingress"])


def test_what_is_for_operators_has_no_way_in_from_outside() -> None:
    [rule] = the("Ingress")["spec"]["rules"]
    paths = {path["path"]: path["pathType"] for path in rule["http"]["paths"]}
    assert paths["/"] == "Exact"
    assert not {"/health", "/ready", "/metrics"} & paths.keys()


def test_one_port_is_meant_throughout() -> None:
    [port] = ASSISTANT["ports"]
    assert port == {"name": "http", "containerPort": 5005}
    assert {ASSISTANT[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")} == {
        "http"
    }
    assert the("Service")["spec"]["ports"][0]["targetPort"] == "http"


def test_the_example_of_a_secret_holds_no_secret() -> None:
    assert all(value.startswith("<") or "<password>" in value for value in the("Secret")["stringData"].values())


def test_what_is_secret_stands_in_no_open_setting() -> None:
    [settings] = kustomization()["configMapGenerator"]
    names = {literal.partition("=")[0] for literal in settings["literals"]}
    assert not names & the("Secret")["stringData"].keys()
