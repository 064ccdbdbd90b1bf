"""Shipped weights back to a state that training can go on from: 8-bit numbers times their scales.

Run as ``python -m app.training.restore --weights app/annotate/weights/reader-v1 --out build/start.safetensors``. The
state runs as the shipped graph does, but for what its activations lose; frozen tables come out of the next export as
they went in.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import save_file
from torch import Tensor

from app.training.examples import LINKS, TAGS
from app.training.network import LAYERS, Network


def matrix_names() -> list[str]:
    """Return the names of all weights of linear layers in the order in which the graph multiplies by them."""
    names = [f"layers.{n}.{part}.weight" for n in range(LAYERS) for part in ("qkv", "out", "up", "down")]
    names += [f"taggers.{head}.{n}.weight" for head in TAGS for n in (0, 3)]
    return names + [f"links.{link}.{part}.weight" for link in LINKS for part in ("ask", "map", "answer")]


def restore_state(folder: Path) -> dict[str, Tensor]:
    """Return the state of the network whose exported graph and decoder tables lie in ``folder``.

    Raises: ValueError when the graph does not hold what the network has.
    """
    graph = onnx.load(str(folder / "encoder.onnx")).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    state = {n.removeprefix("network."): a for n, a in arrays.items() if n.startswith("network.") and a.dtype.kind == "f"}
    state = {n: a for n, a in state.items() if not n.endswith("_scale")}
    matrices = iter(matrix_names())
    for name in arrays:
        if not name.endswith("_quantized"):
            continue
        stem = name.removesuffix("_quantized")
        scale, zero = arrays[stem + "_scale"], arrays[stem + "_zero_point"]
        number = (arrays[name].astype(np.float32) - zero.astype(np.float32)) * scale
        if stem.startswith("network."):
            state[stem.removeprefix("network.")] = number
        else:
            state[next(matrices)] = number.T
    tables = json.loads((folder / "decoder.json").read_text(encoding="utf-8"))
    for link, table in tables["links"].items():
        state[f"links.{link}.distance"] = np.array(table["distance"], dtype=np.float32)
        state[f"links.{link}.none"] = np.array([table["none"]], dtype=np.float32)
    for part, values in tables["crf"].items():
        state[f"crf.{part}"] = np.array(values, dtype=np.float32)
    expected = {n: tuple(v.shape) for n, v in Network().state_dict().items()}
    if expected != {n: a.shape for n, a in state.items()}:
        wrong = sorted(n for n in expected.keys() | state.keys() if n not in state or expected.get(n) != state[n].shape)
        msg = f"the graph differs from the network at {', '.join(wrong)}"
        raise ValueError(msg)
    return {n: torch.from_numpy(np.array(a, dtype=np.float32)) for n, a in state.items()}


def main() -> None:
    """Read the arguments and restore."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="folder with encoder.onnx and decoder.json")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(restore_state(arguments.weights), arguments.out)


if __name__ == "__main__":
    main()
