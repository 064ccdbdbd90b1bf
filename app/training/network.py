"""The network: one small encoder over word pieces, tag heads and link heads on top of it.

Source: the encoder is all-MiniLM-L6-v2 (Apache-2.0), 6 layers of width 384; links are biaffine (Dozat and Manning,
ICLR 2017); tag sequences of attributions are trained with a linear-chain CRF beside the cross entropy.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from app.annotate.pieces import QUOTE_STATES, SHAPES
from app.training.examples import IGNORED, LINKS, TAGS, width

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, VOCABULARY = 384, 6, 12, 1536, 512, 30522
FEATURE, TAGGER, LINK = 16, 256, 128
BUCKETS = 10  # log2 distance buckets a direction


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the layer's output; ``mask`` is added to the attention scores."""
        batch, length, _ = x.shape
        qkv = self.qkv(x).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        scores = qkv[0] @ qkv[1].transpose(-1, -2) * (1 / math.sqrt(HIDDEN // HEADS))
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        y = scores.softmax(-1).to(scores.dtype) @ qkv[2]
        y = self.out(y.transpose(1, 2).reshape(batch, length, HIDDEN))
        x = self.norm1(x + self.drop(y))
        y = self.down(F.gelu(self.up(x)))
        return self.norm2(x + self.drop(y))


class Link(nn.Module):
    """A biaffine from asking pieces to answering pieces, with a bias by log-bucketed distance."""

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.ask = nn.Linear(size, LINK)
        self.answer = nn.Linear(size, LINK)
        self.map = nn.Linear(LINK, LINK)
        self.distance = nn.Parameter(torch.zeros(2 * BUCKETS + 1))
        self.none = nn.Parameter(torch.zeros(1))
        self.drop = nn.Dropout(dropout)

    def project(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return the asking and answering vectors, LINK wide each; their dot product is the score."""
        ask = self.map(self.drop(F.gelu(self.ask(x)))) * (1 / math.sqrt(LINK))
        return ask, self.drop(F.gelu(self.answer(x)))

    def scores(self, x: Tensor) -> Tensor:
        """Return scores of shape (batch, asking piece, answering piece); column 0 is "none"."""
        ask, answer = self.project(x)
        scores = ask @ answer.transpose(1, 2) + self.distance[distance_buckets(x.shape[1])]
        none = (ask * answer[:, :1]).sum(-1, keepdim=True) + self.none
        return torch.cat([none, scores[:, :, 1:]], dim=2)


def distance_buckets(length: int) -> Tensor:
    """Return the bucket of every (asking, answering) pair of ``length`` pieces."""
    place = torch.arange(length)
    gap = place[None, :] - place[:, None]
    size = torch.clamp(torch.floor(torch.log2(gap.abs().clamp(min=1).float())) + 1, max=BUCKETS).long()
    return torch.where(gap == 0, torch.zeros_like(size), size) * gap.sign() + BUCKETS


class Network(nn.Module):
    """Encoder, tag heads and link heads."""

    def __init__(self, dropout: float = 0.1, link_dropout: float = 0.2) -> None:
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, HIDDEN)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.shape_in = nn.Embedding(len(SHAPES), HIDDEN)
        self.quote_in = nn.Embedding(len(QUOTE_STATES), HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.shape_out = nn.Embedding(len(SHAPES), FEATURE)
        self.quote_out = nn.Embedding(len(QUOTE_STATES), FEATURE)
        size = HIDDEN + 2 * FEATURE
        self.taggers = nn.ModuleDict(
            {
                h: nn.Sequential(nn.Linear(size, TAGGER), nn.GELU(), nn.Dropout(dropout), nn.Linear(TAGGER, width(h)))
                for h in TAGS
            },
        )
        self.links = nn.ModuleDict({name: Link(size, link_dropout) for name in LINKS})
        self.crf = CRF(width("attribution"))
        self.drop = nn.Dropout(dropout)
        for table in (self.shape_in, self.quote_in):
            nn.init.normal_(table.weight, std=0.02)

    def encode(self, ids: Tensor, shape: Tensor, quote: Tensor, mask: Tensor | None) -> Tensor:
        """Return the encoder's output beside the two features, (batch, length, HIDDEN + 2 FEATURE)."""
        x = self.word(ids) + self.position.weight[: ids.shape[1]] + self.kind
        x = self.drop(self.norm(x + self.shape_in(shape) + self.quote_in(quote)))
        for layer in self.layers:
            x = layer(x, mask)
        return torch.cat([self.drop(x), self.shape_out(shape), self.quote_out(quote)], dim=-1)

    def load_encoder(self, path: Path) -> None:
        """Take the encoder's weights from a safetensors file with BERT's names."""
        w = load_file(str(path))
        w = {k.removeprefix("bert."): v for k, v in w.items()}
        with torch.no_grad():
            self.word.weight.copy_(w["embeddings.word_embeddings.weight"])
            self.position.weight.copy_(w["embeddings.position_embeddings.weight"])
            self.kind.copy_(w["embeddings.token_type_embeddings.weight"][0])
            self.norm.weight.copy_(w["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(w["embeddings.LayerNorm.bias"])
            for number, layer in enumerate(self.layers):
                at = f"encoder.layer.{number}."
                for part in ("weight", "bias"):
                    names = (at + f"attention.self.{n}." + part for n in ("query", "key", "value"))
                    getattr(layer.qkv, part).copy_(torch.cat([w[n] for n in names]))
                    getattr(layer.out, part).copy_(w[at + "attention.output.dense." + part])
                    getattr(layer.norm1, part).copy_(w[at + "attention.output.LayerNorm." + part])
                    getattr(layer.up, part).copy_(w[at + "intermediate.dense." + part])
                    getattr(layer.down, part).copy_(w[at + "output.dense." + part])
                    getattr(layer.norm2, part).copy_(w[at + "output.LayerNorm." + part])


class CRF(nn.Module):
    """A linear-chain CRF over the tags of whole words."""

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.step = nn.Parameter(torch.zeros(tags, tags))
        self.begin = nn.Parameter(torch.zeros(tags))

    def loss(self, scores: Tensor, gold: Tensor, real: Tensor) -> Tensor:
        """Return the mean negative log-likelihood a word. ``scores`` is (batch, words, tags)."""
        batch, length, _ = scores.shape
        alpha = self.begin + scores[:, 0]
        rows = torch.arange(batch)
        right = alpha[rows, gold[:, 0]]
        for t in range(1, length):
            on = real[:, t]
            new = torch.logsumexp(alpha.unsqueeze(2) + self.step, dim=1) + scores[:, t]
            alpha = torch.where(on.unsqueeze(1), new, alpha)
            gain = self.step[gold[:, t - 1], gold[:, t]] + scores[rows, t, gold[:, t]]
            right = right + gain * on
        return (torch.logsumexp(alpha, dim=1) - right).sum() / real.sum()


def compress(scores: Tensor, gold: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return scores and gold of labelled positions only, left-aligned, and which places are real."""
    real = gold != IGNORED
    counts = real.sum(1)
    longest = int(counts.max())
    order = torch.argsort((~real).long(), dim=1, stable=True)[:, :longest]
    picked = torch.gather(scores, 1, order.unsqueeze(2).expand(-1, -1, scores.shape[2]))
    tags = torch.gather(gold, 1, order).clamp(min=0)
    return picked, tags, torch.arange(longest)[None, :] < counts[:, None]
