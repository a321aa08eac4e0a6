#!/usr/bin/env bash
# Make an environment with PyQt6 on top of another one: make-pyqt6-venv.sh BASE FOLDER
#
# Everything but the Qt binding comes from BASE, so that only PyQt6 is downloaded (about 90 MB).
set -euo pipefail
cd "$(dirname "$0")/.."

base="${1:?usage: make-pyqt6-venv.sh BASE FOLDER}"
folder="${2:?usage: make-pyqt6-venv.sh BASE FOLDER}"

site_packages() { "$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }

"$base/bin/python" -m venv --clear --without-pip "$folder"
# A .pth file and not PYTHONPATH: the editable install of BASE is itself a .pth file.
echo "import site; site.addsitedir('$(site_packages "$base")')" >"$(site_packages "$folder")/base.pth"
"$base/bin/python" -m pip --disable-pip-version-check --no-input --python "$folder/bin/python" \
  install --quiet -c constraints.txt PyQt6
