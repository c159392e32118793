"""A real nginx for tests, with the template of deploy/ on a free port."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Template

import requests

from assistant.launcher import free_port

TEMPLATE = Path(__file__).parents[1] / "deploy" / "nginx" / "seatwise.conf.template"
TLS = TEMPLATE.with_name("tls.conf")
_DEBIAN = "/usr/sbin/nginx"  # not always on PATH
_TIMEOUT = 10.0  # seconds
_MAIN = """
daemon off;
user root;  # used only if tests run as root, whose folders are not accessible to others
worker_processes 2;
pid {folder}/pid;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/seatwise.conf;
}}
"""


class _Braced(Template):
    """Substitutes ``${NAME}`` but not ``$name``, which is an nginx variable."""

    pattern = r"\$(?:(?P<escaped>(?!))|(?P<named>(?!))|\{(?P<braced>[A-Z_]+)\}|(?P<invalid>(?!)))"


def rendered(**values: str) -> str:
    """The template of deploy/ with its variables substituted, as in the official nginx image."""
    return _Braced(TEMPLATE.read_text(encoding="utf-8")).substitute(values)


@contextmanager
def nginx(upstreams: Sequence[str], folder: Path, tls_port: int | None = None) -> Iterator[str]:
    """Run nginx during the block; yields its address, which ends in a slash.

    Args:
        upstreams: host and port of each replica.
        folder: its working folder, with its log in ``log`` and its certificates in ``certificates``.
        tls_port: port for tls.conf of deploy/; no TLS without it.
    """
    port = free_port()
    servers = " ".join(f"server {upstream} max_fails=2 fail_timeout=5s;" for upstream in upstreams)
    content = rendered(NGINX_PORT=f"127.0.0.1:{port}", NGINX_SERVERS=servers, NGINX_RESOLVER="127.0.0.1")
    (folder / "seatwise.conf").write_text(content, encoding="utf-8")
    (folder / "seatwise").mkdir(exist_ok=True)
    if tls_port:
        tls = TLS.read_text(encoding="utf-8").replace("listen 8443", f"listen 127.0.0.1:{tls_port}")
        (folder / "seatwise" / "tls.conf").write_text(tls, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), encoding="utf-8")
    program = shutil.which("nginx") or _DEBIAN
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait_for(address, process, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(_TIMEOUT)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"{address}health", timeout=1, allow_redirects=False)
        except requests.RequestException:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"nginx did not start: {log.read_text(encoding='utf-8')}")
