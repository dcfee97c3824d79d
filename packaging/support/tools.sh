# What the scripts of this folder share; sourced at the top of each.
# shellcheck shell=bash disable=SC2034 # what is set is for those who source this
. "$(dirname "${BASH_SOURCE[0]}")/../../tests/parts/common.sh"

cargo_cyclonedx=0.5.9
cargo_deb=3.8.0

# What is released, and what its files are called.
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
declare -A debian_name=([x86_64]=amd64 [aarch64]=arm64)

# Folder for what is made.
dist=${LATCHHOOK_DIST_DIR:-dist}

# Modes of folders that are packed are the same whoever packs them.
umask 022

# The time of everything that is packed: that of the commit, so that a second build has the same bytes.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

# cargo_tool NAME VERSION: installs a subcommand of Cargo once, and puts it on the path.
cargo_tool() {
  local root=$tools/$1-$2
  if [ ! -x "$root/bin/$1" ]; then
    echo "installing $1 $2 into $root"
    cargo install "$1" --quiet --locked --version "$2" --root "$root" --target-dir "$root/build"
    rm -rf "$root/build"
  fi
  export PATH=$root/bin:$PATH
}

# binary_of ARCHITECTURE: the path of the program that packaging/binaries has built.
binary_of() {
  echo "$CARGO_TARGET_DIR/$1-unknown-linux-musl/release/latchhook"
}

# licences_of ARCHITECTURE: the path of the licences beside that program.
licences_of() {
  echo "$CARGO_TARGET_DIR/$1-unknown-linux-musl/release/THIRD-PARTY.txt"
}

# pack FILE FOLDER...: an archive whose bytes depend on nothing but what is in the folders.
pack() {
  tar --create --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --directory "$2" "${@:3}" | gzip --no-name --best >"$1"
}
