#!/usr/bin/env bash
# Collect the texts of the viewer, merge them into the Qt Linguist files and compile these:
# update-translations.sh
# New texts are marked unfinished: translate them (pyside6-linguist FILE.ts) and run this again.
set -euo pipefail
cd "$(dirname "$0")/.."

bin="${VENV:-.venv}/bin"
folder=resources/medvlp_resources/translations
sources="$(mktemp --suffix=.py)"
trap 'rm -f "$sources"' EXIT

"$bin/python" scripts/collect_strings.py "$sources" "$folder/templates.json"
for language in de es; do
  "$bin/pyside6-lupdate" "$sources" -ts "$folder/medvlp_$language.ts" \
    -source-language en -target-language "$language" -no-obsolete -locations none
  "$bin/pyside6-lrelease" "$folder/medvlp_$language.ts" -qm "$folder/medvlp_$language.qm"
done
