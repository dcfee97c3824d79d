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
  git ls-files -z --cached --others --exclude-standard | xargs -0 touch -c
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$PWD" >"$CARGO_TARGET_DIR/checkout"
fi

# CI builds what is committed; a developer's Cargo.lock may be behind a dependency just added.
locked=${CI:+--locked}

# Builds `latchhook` as it is released, and exports its path.
build_latchhook() {
  cargo build --quiet ${locked:+"$locked"} --package latchhook --features otlp
  export LATCHHOOK_BIN=$CARGO_TARGET_DIR/debug/latchhook
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
