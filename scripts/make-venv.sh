#!/usr/bin/env bash
# Make a virtual environment: make-venv.sh FOLDER
#
# Debian ships Python without the module that makes environments: as root it is installed by apt,
# otherwise its package is named.
set -euo pipefail
cd "$(dirname "$0")/.."

folder="${1:?usage: make-venv.sh FOLDER}"
python="$(scripts/find-python.sh)"

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  package="python$version-venv"
  if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing $package (this Python cannot make environments yet)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -y -qq --no-install-recommends "$package" </dev/null >/dev/null
  else
    cat >&2 <<MESSAGE
$python cannot make virtual environments: its modules venv and ensurepip are missing.
  Debian, Ubuntu:      sudo apt-get install $package
  Or use another one:  make demo PYTHON=/path/to/python3
MESSAGE
    exit 1
  fi
fi

echo "Making $folder with $("$python" --version) ($python)"
"$python" -m venv --clear "$folder"
