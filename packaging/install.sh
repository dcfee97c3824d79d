#!/bin/sh
# Installs `latchhook` on Linux or macOS: fetches the archive of a release, checks it, and puts the program in place.
#
#   sh install.sh
#
#   LATCHHOOK_PREFIX     where to: PREFIX/bin/latchhook. Without it /usr/local for root, else ~/.local
#   LATCHHOOK_RELEASE    from where: the address of the folder with the release's files, or its path on this
#                        machine
#
# The copy that is published with a release knows that release's address and the checksums of its archives,
# so whoever trusts this file trusts what it installs. It changes nothing but the one file.
set -eu

release=${LATCHHOOK_RELEASE:-'@RELEASE@'}
# One line for each archive, as sha256sum prints them.
checksums='@CHECKSUMS@'

fail() {
  printf 'install.sh: %s\n' "$1" >&2
  exit 1
}

# Prints the name that archives have for this machine.
machine() {
  case $(uname -m) in
    x86_64 | amd64) architecture=x86_64 ;;
    aarch64 | arm64) architecture=aarch64 ;;
    *) architecture=$(uname -m) ;;
  esac
  case $(uname -s) in
    Darwin) echo "$architecture-macos" ;;
    *) echo "$architecture-$(uname -s | tr '[:upper:]' '[:lower:]')" ;;
  esac
}

# fetch ADDRESS FILE. Plain HTTP is for trying this on one machine only.
fetch() {
  case $1 in
    /*)
      cp "$1" "$2" || fail "$1 could not be read"
      return
      ;;
    https://* | http://127.0.0.1[:/]*) ;;
    *) fail "$1 is neither an https:// address nor a path that begins with /" ;;
  esac
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --proto '=https,http' --proto-redir '=https' \
      --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --output-document="$2" "$1"
  else
    fail 'neither curl nor wget is installed'
  fi || fail "$1 could not be fetched"
}

# sum FILE: its SHA-256 in hexadecimal.
sum() {
  if command -v sha256sum >/dev/null; then
    set -- sha256sum "$1"
  elif command -v shasum >/dev/null; then
    set -- shasum -a 256 "$1"
  elif command -v openssl >/dev/null; then
    set -- openssl dgst -sha256 -r "$1"
  else
    fail 'neither sha256sum, shasum nor openssl is installed'
  fi
  "$@" | cut -d ' ' -f 1
}

# All of it is a function, so that half a script does nothing.
main() {
  machine=$(machine)
  [ "${release#@}" = "$release" ] || fail 'this copy is not of a release; LATCHHOOK_RELEASE says which to install'
  known=$(printf '%s\n' "$checksums" | grep -- "-$machine\.tar\.gz\$") ||
    fail "this release has no program for $machine; README.md says how to build it"
  expected=${known%% *}
  archive=${known##* }
  if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
  prefix=${LATCHHOOK_PREFIX:-$prefix}

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Not every shell does that when it is interrupted.
  trap 'exit 1' HUP INT TERM
  fetch "${release%/}/$archive" "$work/$archive"
  found=$(sum "$work/$archive")
  [ "$found" = "$expected" ] || fail "$archive is not what was released: its SHA-256 is $found, not $expected"
  tar -xzf "$work/$archive" -C "$work"

  mkdir -p "$prefix/bin"
  # Beside its place first: a program that runs can't be written to, but it can be replaced.
  cp "$work/${archive%.tar.gz}/latchhook" "$prefix/bin/.latchhook.new"
  chmod 755 "$prefix/bin/.latchhook.new"
  mv "$prefix/bin/.latchhook.new" "$prefix/bin/latchhook"
  printf '%s is at %s\n' "$("$prefix/bin/latchhook" --version)" "$prefix/bin/latchhook"
  case :$PATH: in
    *":$prefix/bin:"*) ;;
    *) printf '%s is not in PATH: add it\n' "$prefix/bin" ;;
  esac
}

main
