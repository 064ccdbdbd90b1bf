"""Fine-tune the network: several corpora in one schedule, one or more single-thread processes, averaged weights.

Run as ``python -m app.training.learn --data ../shared/data --out build/weights``. Resumable: a finished epoch is
kept and a new start goes on after it. CPU and GPU give the same recipe; seeds are fixed.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch import multiprocessing as mp
from torch.nn import functional as F  # noqa: N812

from app.annotate.pieces import load_tokenizer
from app.evaluation.corpora import read_lines, read_worldwide
from app.training.examples import (
    IGNORED,
    LINKS,
    TAGS,
    Example,
    cut_window,
    epoch_windows,
    label_silver_antecedents,
    name_example,
    read_attributions,
)
from app.training.network import Network, compress

LINK_WEIGHT = {
    "source": 0.3,
    "content": 0.3,
    "antecedent": 0.25,
    "title_person": 0.1,
    "title_organization": 0.15,
    "stance_holder": 0.15,
}
TAG_WEIGHT = {"attribution": 1.0, "name": 0.6, "actor": 0.5, "title": 0.4, "stance": 0.5}
SPAN_WEIGHT = 0.3  # of the CRF beside the cross entropy of attribution tags


def losses(network: Network, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return every head's mean loss over the labels that the batch has for it."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = network.encode(batch["ids"], batch["shape"], batch["quote"], batch.get("mask"))
    x = x.float()
    out: dict[str, Tensor] = {}
    for head in TAGS:
        gold = batch.get("tag." + head)
        if gold is None:
            continue
        rows = (gold != IGNORED).any(1)
        if not rows.any():
            continue
        scores = network.taggers[head](x[rows])
        out["tag." + head] = F.cross_entropy(scores.flatten(0, 1), gold[rows].flatten(), ignore_index=IGNORED)
        if head == "attribution":
            out["crf"] = network.crf.loss(*compress(scores, gold[rows]))
    for name in LINKS:
        gold = batch.get("link." + name)
        if gold is None or not (gold != IGNORED).any():
            continue
        scores = network.links[name].scores(x)
        keep = gold != IGNORED
        out["link." + name] = F.cross_entropy(mask_padding(scores, batch)[keep], gold[keep])
    if "asks" in batch and (batch["asks"] != 0).any():
        found = antecedent_loss(network, x, batch)
        if found is not None:
            out["link.antecedent"] = found
    return out


def mask_padding(scores: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Return link scores with padding ruled out as an answer."""
    mask = batch.get("mask")
    return scores if mask is None else scores + mask[:, 0]


def antecedent_loss(network: Network, x: Tensor, batch: dict[str, Tensor]) -> Tensor | None:
    """Return the marginal loss over all right antecedents in the window (cluster -1 asks for none)."""
    asks, clusters = batch["asks"], batch["clusters"]
    right = (asks.unsqueeze(2) == clusters.unsqueeze(1)) & (asks.unsqueeze(2) > 0)
    eye = torch.eye(asks.shape[1], dtype=torch.bool)
    right = right & ~eye
    right[:, :, 0] = asks == -1
    answerable = right.any(2)
    if not answerable.any():
        return None
    scores = mask_padding(network.links["antecedent"].scores(x), batch)[answerable]
    scores = scores.masked_fill(eye.expand_as(right)[answerable], -1e9)
    good = scores.masked_fill(~right[answerable], -1e9)
    return (torch.logsumexp(scores, 1) - torch.logsumexp(good, 1)).mean()


def total(parts: dict[str, Tensor]) -> Tensor:
    """Return the weighted sum of the heads' losses."""
    weight = {"crf": SPAN_WEIGHT}
    weight |= {"tag." + h: w for h, w in TAG_WEIGHT.items()} | {"link." + n: w for n, w in LINK_WEIGHT.items()}
    return torch.stack([weight[k] * v for k, v in parts.items()]).sum()


def collate(windows: list[dict[str, Any]]) -> dict[str, Tensor]:
    """Return windows stacked; labels that a window lacks are ignored."""
    keys = {k for w in windows for k in w if k not in {"length", "weight"}}
    longest = max(w["length"] for w in windows)
    longest = min(256, (longest + 15) // 16 * 16)
    out: dict[str, Tensor] = {}
    for key in keys:
        fill = IGNORED if key.startswith(("tag.", "link.")) else 0
        rows = [w[key][:longest] if key in w else np.full(longest, fill, dtype=np.int64) for w in windows]
        out[key] = torch.from_numpy(np.stack(rows))
    lengths = torch.tensor([w["length"] for w in windows])
    if int(lengths.min()) < longest:
        padding = torch.arange(longest)[None, :] >= lengths[:, None]
        out["mask"] = torch.zeros(len(windows), 1, 1, longest).masked_fill(padding[:, None, None, :], -1e9)
    return out


def groups(network: Network, rate: float, decay: float) -> list[dict[str, Any]]:
    """Return parameter groups: heads at 1e-3 of scale, the encoder at ``rate`` times ``decay`` a layer down."""
    depth = len(network.layers)
    out: list[dict[str, Any]] = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("layers."):
            lr = rate * decay ** (depth - 1 - int(name.split(".")[1]))
        elif name.split(".")[0] in {"word", "position", "kind", "norm", "shape_in", "quote_in"}:
            lr = rate * decay**depth
        else:
            lr = rate * 10 / 3
        weight_decay = 0.01 if parameter.ndim > 1 else 0.0
        out.append({"params": [parameter], "lr": lr, "peak": lr, "weight_decay": weight_decay})
    return out


def read_examples(arguments: argparse.Namespace) -> list[Example]:
    """Return all training examples of the corpora, in a fixed order."""
    data = Path(arguments.data)
    tokenizer = load_tokenizer(Path(arguments.encoder) / "tokenizer.json")
    silver = {r["id"]: r for r in read_lines(data / "polnear" / "train.corenlp.jsonl")}
    examples = list(read_attributions(tokenizer, data / "polnear" / "train.jsonl"))
    for example in examples:
        record = silver.get(example.id.removeprefix("polnear/"))
        if record is not None:
            label_silver_antecedents(example, record)
    rng = random.Random(5)
    examples += [name_example(tokenizer, s, rng) for s in read_worldwide(data / "worldwide" / "train.jsonl")]
    if arguments.stories:
        from app.training.stories import read_stories  # noqa: PLC0415

        examples += list(read_stories(tokenizer, Path(arguments.stories), data, repeat=arguments.repeat))
    return examples


def run(rank: int, arguments: argparse.Namespace) -> None:
    """Train in one process of the group."""
    torch.set_num_threads(1)
    torch.manual_seed(arguments.seed + rank)
    world = arguments.processes
    if world > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(arguments.port))
        dist.init_process_group("gloo", rank=rank, world_size=world)
    examples = read_examples(arguments)
    network = Network()
    network.load_encoder(Path(arguments.encoder) / "model.safetensors")
    if arguments.start:
        network.load_state_dict(load_file(arguments.start), strict=False)
    if arguments.freeze:
        network.word.requires_grad_(requires_grad=False)
        network.position.requires_grad_(requires_grad=False)
    if world > 1:
        for parameter in network.parameters():
            dist.broadcast(parameter.data, 0)
    average = copy.deepcopy(network) if rank == 0 else None
    optimizer = torch.optim.AdamW(groups(network, arguments.rate, 0.9), betas=(0.9, 0.98), eps=1e-6)
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    steps_each = len(epoch_windows(examples, random.Random(0))) // arguments.batch
    steps, step, first = steps_each * arguments.epochs, 0, 0
    while (out / f"state-{first}.safetensors").exists():
        first += 1
    if first:
        network.load_state_dict(load_file(out / f"live-{first - 1}.safetensors"))
        if average is not None:
            average.load_state_dict(load_file(out / f"state-{first - 1}.safetensors"))
        optimizer.load_state_dict(torch.load(out / "optimizer.pt", weights_only=True))
        step = steps_each * first
    network.train()
    for epoch in range(first, arguments.stop or arguments.epochs):
        windows = epoch_windows(examples, random.Random(arguments.seed * 1000 + epoch))
        began, seen, log = time.monotonic(), 0, dict[str, float]()
        step = steps_each * epoch
        # Where the offsets fall decides how many windows an epoch has: now and then it is some fewer.
        for number in range(min(steps_each, len(windows) // arguments.batch)):
            share = windows[number * arguments.batch : (number + 1) * arguments.batch][rank::world]
            batch = collate([cut_window(examples[e], s) for e, s in share])
            warm = max(1, int(steps * 0.06))
            scale = min((step + 1) / warm, max(0.02, (steps - step) / (steps - warm)))
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * scale
            parts = losses(network, batch)
            optimizer.zero_grad(set_to_none=True)
            total(parts).backward()
            synchronize(network, world)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step, seen = step + 1, seen + 1
            if average is not None:
                keep = min(arguments.average, (step + 1) / (step + 10))
                with torch.no_grad():
                    for kept, new in zip(average.parameters(), network.parameters(), strict=True):
                        kept.lerp_(new, 1 - keep)
                for k, v in parts.items():
                    log[k] = 0.98 * log.get(k, v.item()) + 0.02 * v.item()
                if seen % 50 == 0:
                    pace = (time.monotonic() - began) / seen
                    left = pace * (steps - step) / 60
                    shown = " ".join(f"{k.split('.')[-1]} {v:.3f}" for k, v in sorted(log.items()))
                    print(
                        f"epoch {epoch} step {seen}/{steps_each} {pace:.2f} s/step, {left:.0f} min left: {shown}",
                        flush=True,
                    )
        if average is not None:
            save_file(network.state_dict(), out / f"live-{epoch}.safetensors")
            torch.save(optimizer.state_dict(), out / "optimizer.pt")
            save_file(average.state_dict(), out / f"state-{epoch}.safetensors")
            (out / "settings.json").write_text(json.dumps(vars(arguments), indent=1))
        if world > 1:
            dist.barrier()


def synchronize(network: Network, world: int) -> None:
    """Average the gradients over the processes; a head that a process did not use counts as zero."""
    if world == 1:
        return
    grads = []
    for parameter in network.parameters():
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        grads.append(parameter.grad)
    flat = torch.cat([g.view(-1) for g in grads])
    dist.all_reduce(flat)
    flat /= world
    place = 0
    for g in grads:
        g.copy_(flat[place : place + g.numel()].view_as(g))
        place += g.numel()


def keep_memory() -> None:
    """Ask the C library to keep freed memory for the next step: returning it costs a quarter of the time on a CPU."""
    for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_"):
        os.environ.setdefault(name, str(1 << 30))


def main() -> None:
    """Read the arguments and train."""
    keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="../shared/data", help="folder of the corpora")
    parser.add_argument("--encoder", required=True, help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--out", default="build/weights", help="folder for the weights of each epoch")
    parser.add_argument("--stories", default="", help="file of annotated training stories")
    parser.add_argument("--start", default="", help="weights to start from instead of the bare encoder")
    parser.add_argument(
        "--freeze", action="store_true", help="leave the tables of word pieces and positions as they are"
    )
    parser.add_argument("--repeat", type=int, default=1, help="times each annotated story is seen an epoch")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--stop", type=int, default=0, help="end after so many epochs of the schedule (0: all)")
    parser.add_argument("--batch", type=int, default=16, help="windows a step, over all processes")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the encoder's top layer")
    parser.add_argument("--average", type=float, default=0.998, help="decay of the averaged weights")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=29511)
    arguments = parser.parse_args()
    if arguments.processes > 1:
        mp.spawn(run, args=(arguments,), nprocs=arguments.processes)
    else:
        run(0, arguments)


if __name__ == "__main__":
    main()
