"""Trained weights to what ships: an int8 ONNX graph, the tokenizer, and the small tables of the decoder as JSON.

Run as ``python -m app.training.export --state FILE --encoder DIR --out app/annotate/weights/reader-v1``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn

from app.training.examples import LINKS, TAGS, width
from app.training.network import BUCKETS, LINK, Network


class Graph(nn.Module):
    """What runs: tag scores of every head side by side, and every link's asking and answering vectors."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, shape: Tensor, quote: Tensor) -> tuple[Tensor, Tensor]:
        """Return tag scores (batch, length, tags) and vectors (batch, length, 2 LINK a link)."""
        x = self.network.encode(ids, shape, quote, None)
        tags = torch.cat([self.network.taggers[h](x) for h in TAGS], dim=-1)
        vectors = torch.cat([v for n in LINKS for v in self.network.links[n].project(x)], dim=-1)
        return tags, vectors


def load_network(path: Path) -> Network:
    """Return the network with trained weights, ready to run."""
    network = Network()
    network.load_state_dict(load_file(str(path)), strict=False)
    return network.eval()


def export_graph(network: Network, path: Path) -> None:
    """Write the float graph as ONNX, opset 17, length free."""
    example = tuple(torch.ones(1, 64, dtype=torch.int32) for _ in range(3))
    axes = {name: {0: "batch", 1: "length"} for name in ("ids", "shape", "quote", "tags", "vectors")}
    with torch.no_grad():
        torch.onnx.export(
            Graph(network),
            example,
            str(path),
            dynamo=False,
            opset_version=17,
            dynamic_axes=axes,
            input_names=["ids", "shape", "quote"],
            output_names=["tags", "vectors"],
        )


def decoder_tables(network: Network) -> dict[str, object]:
    """Return the tables that decoding reads beside the graph."""
    return {
        "tags": {h: {"labels": list(TAGS[h]), "width": width(h)} for h in TAGS},
        "links": {
            n: {"distance": network.links[n].distance.tolist(), "none": network.links[n].none.item()} for n in LINKS
        },
        "link_width": LINK,
        "buckets": BUCKETS,
        "crf": {"step": network.crf.step.tolist(), "begin": network.crf.begin.tolist()},
    }


def main() -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep 32-bit floats (for comparison)")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    network = load_network(arguments.state)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        export_graph(network, raw)
        target = arguments.out / "encoder.onnx"
        if arguments.float:
            shutil.copy(raw, target)
        else:
            quantize_dynamic(
                raw,
                target,
                per_channel=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            )
    tokenizer = json.loads((arguments.encoder / "tokenizer.json").read_text())
    tokenizer["truncation"] = tokenizer["padding"] = None
    (arguments.out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (arguments.out / "decoder.json").write_text(json.dumps(decoder_tables(network), indent=1) + "\n")
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
