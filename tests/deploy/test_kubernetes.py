"""The manifests of deploy/kubernetes are valid, harden every container, and are consistent with the application."""

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


def schema_errors(manifest: Manifest) -> list[str]:
    """Schema violations of a manifest, including unknown fields."""
    version = manifest["apiVersion"].replace(".k8s.io", "").replace("/", "-")
    schema = json.loads((SCHEMAS / f"{manifest['kind'].lower()}-{version}.json").read_text(encoding="utf-8"))
    resolver = jsonschema.RefResolver(f"{SCHEMAS.as_uri()}/", schema)
    return [error.message for error in jsonschema.Draft7Validator(schema, resolver=resolver).iter_errors(manifest)]


@pytest.mark.parametrize(
    "manifest", manifests(), ids=lambda manifest: f"{manifest['kind']}-{manifest['metadata']['name']}"
)
def test_manifest_is_valid(manifest: Manifest) -> None:
    assert schema_errors(manifest) == []


def test_misspelled_field_is_detected() -> None:
    manifest = the("PodDisruptionBudget")
    manifest["spec"]["minAvailabel"] = 1
    assert schema_errors(manifest)


def test_all_manifests_but_the_example_secret_are_applied() -> None:
    files = {path.name for path in FOLDER.glob("*.yml")}
    assert set(kustomization()["resources"]) == files - {"kustomization.yml", "secret.example.yml"}


@pytest.mark.parametrize("name", CONTAINERS)
def test_container_is_read_only_and_without_privileges(name: str) -> None:
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


def test_probes_restart_a_pod_only_for_its_own_faults() -> None:
    assert ASSISTANT["livenessProbe"]["httpGet"]["path"] == "/health"
    assert ASSISTANT["startupProbe"]["httpGet"]["path"] == "/health"
    assert ASSISTANT["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_grace_period_covers_deregistration_and_shutdown() -> None:
    [_, seconds] = ASSISTANT["lifecycle"]["preStop"]["exec"]["command"]
    assert PODS["assistant"]["spec"]["terminationGracePeriodSeconds"] >= int(seconds) + 20 + 5


def test_at_least_two_replicas_are_configured() -> None:
    assert DEPLOYMENT["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in DEPLOYMENT
    assert the("HorizontalPodAutoscaler")["spec"]["minReplicas"] == 2
    assert the("PodDisruptionBudget")["spec"]["minAvailable"] == 1


def test_selectors_match_the_assistant() -> None:
    selectors = [
        DEPLOYMENT["selector"]["matchLabels"],
        the("Service")["spec"]["selector"],
        the("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        the("NetworkPolicy", "seatwise-assistant")["spec"]["podSelector"]["matchLabels"],
        *(spread["labelSelector"]["matchLabels"] for spread in PODS["assistant"]["spec"]["topologySpreadConstraints"]),
    ]
    assert all(selects(selector, PODS["assistant"]) for selector in selectors)


def test_network_policies_deny_by_default() -> None:
    everything = the("NetworkPolicy")["spec"]
    assert all(selects(everything["podSelector"]["matchLabels"], pod) for pod in PODS.values())
    assert (everything["policyTypes"], "ingress" in everything) == (["Ingress", "Egress"], False)
    assert all(rule["to"] and rule["ports"] for rule in everything["egress"])
    assert all(rule["from"] and rule["ports"] for rule in the("NetworkPolicy", "seatwise-assistant")["spec"]["ingress"])


def test_ingress_does_not_expose_operator_endpoints() -> None:
    [rule] = the("Ingress")["spec"]["rules"]
    paths = {path["path"]: path["pathType"] for path in rule["http"]["paths"]}
    assert paths["/"] == "Exact"
    assert not {"/health", "/ready", "/metrics"} & paths.keys()


def test_ports_are_consistent() -> None:
    [port] = ASSISTANT["ports"]
    assert port == {"name": "http", "containerPort": 5005}
    assert {ASSISTANT[probe]["httpGet"]["port"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")} == {
        "http"
    }
    assert the("Service")["spec"]["ports"][0]["targetPort"] == "http"


def test_example_secret_contains_placeholders_only() -> None:
    assert all(value.startswith("<") or "<password>" in value for value in the("Secret")["stringData"].values())


def test_config_map_contains_no_secrets() -> None:
    [settings] = kustomization()["configMapGenerator"]
    names = {literal.partition("=")[0] for literal in settings["literals"]}
    assert not names & the("Secret")["stringData"].keys()
