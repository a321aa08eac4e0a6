#!/usr/bin/env bash
# What no Python package brings: install-system-packages.sh [viewer] [test]
#
# Each thing is looked for by the library or command itself, not by its package, whose name differs
# between releases. What is missing is installed by apt when we are root, and named otherwise.
# macOS ships all of it.
set -euo pipefail

[[ "$(uname -s)" == Linux ]] || exit 0

# library or command | package (Debian, Ubuntu) | needed or wished for
viewer="
libEGL.so.1|libegl1|needed
libGL.so.1|libgl1|needed
libxkbcommon.so.0|libxkbcommon0|needed
libdbus-1.so.3|libdbus-1-3|needed
libfontconfig.so.1|libfontconfig1|needed
libglib-2.0.so.0|libglib2.0-0|needed
libX11.so.6|libx11-6|needed
libXcursor.so.1|libxcursor1|wished
libxcb-cursor.so.0|libxcb-cursor0|wished
libxkbcommon-x11.so.0|libxkbcommon-x11-0|wished
libxcb-icccm.so.4|libxcb-icccm4|wished
libxcb-image.so.0|libxcb-image0|wished
libxcb-keysyms.so.1|libxcb-keysyms1|wished
libxcb-render-util.so.0|libxcb-render-util0|wished
libxcb-shape.so.0|libxcb-shape0|wished
libxcb-xinerama.so.0|libxcb-xinerama0|wished
libxcb-xkb.so.1|libxcb-xkb1|wished
swrast_dri.so|libgl1-mesa-dri|wished
DejaVuSans.ttf|fonts-dejavu-core|wished
"
test="
xvfb-run|xvfb|needed
xauth|xauth|needed
desktop-file-validate|desktop-file-utils|wished
appstreamcli|appstream|wished
"

present() {
  case "$1" in
    *_dri.so) compgen -G "/usr/lib/*/dri/$1" >/dev/null || compgen -G "/usr/lib*/dri/$1" >/dev/null ;;
    *.so.*) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F "$1 " >/dev/null ;;
    *.ttf) [[ -n "$(find /usr/share/fonts /usr/local/share/fonts -name "$1" 2>/dev/null || true)" ]] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing=()
needed=()
for group in "$@"; do
  while IFS='|' read -r thing package importance; do
    [[ -n "$thing" ]] || continue
    if ! present "$thing"; then
      missing+=("$package")
      [[ "$importance" == wished ]] || needed+=("$thing")
    fi
  done <<<"${!group}"
done

[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
  echo "Installing by apt: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null
  apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
  exit 0
fi

cat >&2 <<MESSAGE
These system packages are missing, and only an administrator can install them:
  sudo apt-get install ${missing[*]}
(Debian and Ubuntu names; other systems have the same libraries under names of their own.)
MESSAGE
if [[ ${#needed[@]} -gt 0 ]]; then
  echo "Without ${needed[*]} it cannot go on. To try all the same: MEDVLP_SKIP_SYSTEM_PACKAGES=1" >&2
  [[ -n "${MEDVLP_SKIP_SYSTEM_PACKAGES:-}" ]] || exit 1
fi
