# What the parts and .ci/run share; sourced at the top of each.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools=${LATCHHOOK_TOOLS_DIR:-$HOME/.cache/latchhook/tools}
# Outside the checkout, so that a fresh clone does not build the world anew.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${LATCHHOOK_TARGET_DIR:-$HOME/.cache/latchhook/target}}

# Cargo knows a source file by its place in the workspace and its time. Two checkouts that share a
# target folder would take each other's builds for their own, so the one that comes next is newer.
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2>/dev/null || true)" != "$PWD" ]; then
  git ls-files -z --cached --others --exclude-standard | xargs -0 touch -c
  mkdir -p "$CARGO_TARGET_DIR"
  printf '%s\n' "$PWD" >"$CARGO_TARGET_DIR/checkout"
fi

# CI builds what is committed; a developer's Cargo.lock may be behind a dependency just added.
locked=${CI:+--locked}

# Builds `latchhook` and says where it is, to what runs after it.
build_latchhook() {
  cargo build --quiet ${locked:+"$locked"} --package latchhook
  export LATCHHOOK_BIN=$CARGO_TARGET_DIR/debug/latchhook
}

# python_with REQUIREMENTS [PYTHON]: sets `python` to one that has exactly those packages, in a folder
# of its own that is made once for that list and that version of Python.
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
