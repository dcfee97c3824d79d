# Functions that the parts and .ci/run share; sourced at the top of each.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools=${LATCHHOOK_TOOLS_DIR:-$HOME/.cache/latchhook/tools}
# Outside the checkout, so that a fresh clone does not build everything again.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${LATCHHOOK_TARGET_DIR:-$HOME/.cache/latchhook/target}}

# Cargo identifies a source file by its path in the workspace and its modification time. Checkouts
# that share a target folder would reuse each other's builds, so a switch touches the files.
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2>/dev/null || true)" != "$PWD" ]; then
  # Sources from an archive have no history; they were unpacked just now.
  [ ! -e .git ] || git ls-files -z --cached --others --exclude-standard | xargs -0 touch -c
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$PWD" >"$CARGO_TARGET_DIR/checkout"
fi

# CI builds what is committed; a developer's Cargo.lock may be behind a dependency just added.
locked=${CI:+--locked}

# What is built, always: Cargo builds a crate again for each selection of packages and features.
everything=(${locked:+"$locked"} --workspace --all-features)

# Builds `latchhook` and the functions of Lambda, and exports the path of the first.
build_programs() {
  cargo build --quiet "${everything[@]}" --bins
  export LATCHHOOK_BIN=$CARGO_TARGET_DIR/debug/latchhook
}

# Sets `tests_of` to the options that choose the integration tests of the package in that folder.
choose_tests_of() {
  local file
  tests_of=()
  for file in "$1"/tests/*.rs "$1"/tests/*/main.rs; do
    [ -e "$file" ] || continue
    file=${file%/main.rs}
    tests_of+=(--test "$(basename "$file" .rs)")
  done
}

# python_with REQUIREMENTS [PYTHON]: sets `python` to a virtual environment with exactly those
# packages, which is created once for each list and version of Python.
python_with() {
  local requirements=$1 base=${2-python3} sum
  sum=$({ "$base" --version && cat "$requirements"; } | cksum | tr -d ' ')
  python=$tools/python-$sum/bin/python
  if [ ! -e "$tools/python-$sum/ready" ]; then
    echo "installing $requirements into $tools/python-$sum"
    rm -rf "$tools/python-$sum"
    "$base" -m venv "$tools/python-$sum"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    touch "$tools/python-$sum/ready"
  fi
}

# need COMMAND PACKAGE: installs a package of Debian that a fresh machine may lack.
need() {
  command -v "$1" >/dev/null && return
  echo "installing $2"
  [ -n "${updated-}" ] || apt-get update -qq
  updated=1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

# Sets `modules` to a folder whose node_modules has exactly what the lock file in a folder names, which
# is created once for each lock file.
modules_of() {
  modules=$tools/$(basename "$1")-$(cksum <"$1/package-lock.json" | tr -d ' ')
  if [ ! -e "$modules/ready" ]; then
    echo "installing $1/package-lock.json into $modules"
    rm -rf "$modules"
    mkdir -p "$modules"
    cp "$1/package.json" "$1/package-lock.json" "$modules"
    npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund --silent
    touch "$modules/ready"
  fi
}
