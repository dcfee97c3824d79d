# What the libraries are generated and tested with; sourced by sdk/generate and tests/parts/sdk.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../../tests/parts/common.sh"

# Sets `python` to an environment with what Python needs, and `modules` to a folder whose
# node_modules has what TypeScript needs.
sdk_tools() {
  need node nodejs
  need npm npm
  python_with sdk/support/requirements.txt
  modules_of sdk/typescript
}
