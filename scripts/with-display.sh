#!/usr/bin/env bash
# Run a command with a virtual display, so that no window of a test reaches the user's screen.
# macOS has no such thing: there the command runs as it is.
set -euo pipefail

if command -v xvfb-run >/dev/null; then
  exec xvfb-run --auto-servernum --server-args="-screen 0 1600x1200x24 +extension GLX" "$@"
fi
exec "$@"
