# What the libraries are generated and tested with; sourced by sdk/generate and tests/parts/sdk.
# shellcheck shell=bash
. "$(dirname "${BASH_SOURCE[0]}")/../../tests/parts/common.sh"

# Sets `python` to an environment with what Python needs, `modules` to a folder whose node_modules has what
# TypeScript needs, and `jars` to one with what Java needs; Go and its generator are found by PATH.
sdk_tools() {
  need node nodejs
  need npm npm
  need javac default-jdk-headless
  need mvn maven
  go_tools
  jars_of sdk/support sdk/java
  python_with sdk/support/requirements.txt
  modules_of sdk/typescript
}

go_tools() {
  local generator=github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 bin
  # The version that the generator needs.
  if ! go version 2>/dev/null | grep -Eq ' go1\.(2[5-9]|[3-9][0-9])'; then
    python_with sdk/support/go.txt
    PATH=$("$python" -c 'import go, os; print(os.path.dirname(go.__file__))')/bin:$PATH
  fi
  export GOTOOLCHAIN=local
  bin=$tools/go-$(printf '%s' "$generator" | cksum | tr -d ' ')
  if [ ! -x "$bin/oapi-codegen" ]; then
    echo "installing $generator into $bin"
    GOBIN=$bin go install "$generator"
  fi
  PATH=$bin:$PATH
}

# Sets `jars` to a folder that has, under the name of each of those folders, the jars that its pom.xml names.
jars_of() {
  local folder plugin=org.apache.maven.plugins:maven-dependency-plugin:3.9.0
  jars=$tools/java-$(for folder in "$@"; do cat "$folder/pom.xml"; done | cksum | tr -d ' ')
  [ ! -e "$jars/ready" ] || return 0
  rm -rf "$jars"
  for folder in "$@"; do
    echo "installing $folder/pom.xml into $jars"
    mvn --batch-mode --quiet -Dstyle.color=never --file "$folder/pom.xml" "$plugin:copy-dependencies" \
      -DincludeScope=runtime -DoutputDirectory="$jars/$(basename "$folder")"
  done
  touch "$jars/ready"
}
