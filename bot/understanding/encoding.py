"""Sentences as vectors of meaning: a small transformer, run by onnxruntime on one thread, without network or torch.

The encoder that comes with the line (`encoder/`) was made by `tools/build_encoder.py`; its manifest has the sha256 of
each file. Any folder with one `.onnx` file and a `tokenizer.json` is an encoder too. The crisis check needs none.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # onnxruntime ships no types
from tokenizers import Tokenizer

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

BUILT_IN = Path(__file__).parent / "encoder"
"""The encoder that comes with the line."""

LONGEST = 128
"""Tokens that are read of a text; the rest is cut off."""

_BATCH = 16
_PORTION = 1024  # a text cut into tokens takes far more memory than its row
_STATES = 3  # axes of hidden states that are not pooled yet: texts, tokens, width


class Encoder(Protocol):
    """Turns texts into rows of numbers that are near each other when the texts mean the same.

    Attributes:
        name: says which encoder it is, in caches and reports; another name means other numbers.
        dimensions: columns of a row.
        blocks: columns of each part of a row (one for each layer); each part has length 1. They add up to `dimensions`.
        languages: the languages it was made for; none means all.

    """

    name: str
    dimensions: int
    blocks: tuple[int, ...]
    languages: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        """Return the words it knows as a whole, in lower case; a word among them is not misspelt."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""


class OnnxEncoder:
    """An encoder from a folder: `tokenizer.json`, one `.onnx` file and, when it is ours, `manifest.json`.

    Outputs of two axes are taken as they are; of three, the mean over the tokens is. All are scaled to length 1.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the folder; `threads` share the work on one batch.

        Raises:
            SettingsError: it is not an encoder, or a file is not what its manifest says; names the file.

        """
        self.folder = folder
        model, tokenizer = _files(folder)
        self._tokenizer = _tokenizer(tokenizer)
        self._session = _session(model, threads)
        self._inputs = tuple(put.name for put in self._session.get_inputs())
        strange = set(self._inputs) - {"input_ids", "attention_mask", "token_type_ids"}
        if strange:
            message = f"{model} wants the input {min(strange)}; an encoder takes input_ids and attention_mask"
            raise SettingsError(message)
        self.blocks = tuple(block.shape[1] for block in self._run([self._tokenizer.encode("a").ids]))
        self.dimensions = sum(self.blocks)
        self.languages = _languages(folder / "manifest.json")
        self.name = f"{folder.name}-{_sha256(model)[:12]}"

    @property
    def words(self) -> frozenset[str]:
        """Return the words it knows as a whole; they take 7 MB, so they are not kept for those who do not ask."""
        return frozenset(_whole(token) for token in self._tokenizer.get_vocab()) - {""}

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions); each block of a row has length 1."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _PORTION):
            self._fill(rows[start : start + _PORTION], texts[start : start + _PORTION])
        return rows

    def _fill(self, rows: Matrix, texts: Sequence[str]) -> None:
        """Fill `rows` with those of `texts`, in batches of nearly the same length, so that little is padded."""
        ids = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            rows[batch] = np.concatenate(self._run([ids[at] for at in batch]), axis=1)

    def _run(self, ids: Sequence[Sequence[int]]) -> list[Matrix]:
        """Return the blocks of texts that were cut into tokens."""
        mask = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
        tokens = np.zeros_like(mask)
        for row, own in enumerate(ids):
            tokens[row, : len(own)], mask[row, : len(own)] = own, 1
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(mask)}
        outputs = self._session.run(None, {name: given[name] for name in self._inputs})
        if np.ndim(outputs[0]) == _STATES:
            outputs = outputs[:1]  # the hidden states; what comes behind them is made of the first token alone
        return [_unit(_mean(output, mask)) for output in outputs]


def load_encoder(setting: str | None, *, built_in: Path = BUILT_IN) -> Encoder | None:
    """Return the encoder that the setting ENCODER names, or None for words alone.

    `setting` is "none", a folder, or "default" (also when it is None or empty): the one that comes with the line.
    If that one is missing or damaged, the line goes on with words alone and warns; `built_in` is for tests.

    Raises:
        SettingsError: the folder named by the setting cannot be used.

    """
    if setting == "none":
        return None
    if setting and setting != "default":
        return OnnxEncoder(Path(setting))
    try:
        return OnnxEncoder(built_in)
    except SettingsError as error:
        message = f"the line understands by words alone, and worse, because its encoder cannot be used: {error}"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
        return None


def _files(folder: Path) -> tuple[Path, Path]:
    """Return the model and the tokenizer of a folder, both checked against its manifest if there is one."""
    if not folder.is_dir():
        message = f"ENCODER: {folder} is not a folder; expected: none, default, or a folder with an ONNX encoder"
        raise SettingsError(message)
    models, tokenizer = sorted(folder.glob("*.onnx")), folder / "tokenizer.json"
    if len(models) != 1 or not tokenizer.is_file():
        message = f"ENCODER: {folder} must hold exactly one .onnx file and tokenizer.json"
        raise SettingsError(message)
    if (folder / "manifest.json").is_file():
        _check(folder, _sums(folder / "manifest.json"))
    return models[0], tokenizer


def _sums(manifest: Path) -> dict[str, str]:
    try:
        sums: dict[str, str] = dict(json.loads(manifest.read_text(encoding="utf-8"))["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        message = f"{manifest} is damaged: it does not name the sha256 of each file"
        raise SettingsError(message) from error
    return sums


def _languages(manifest: Path) -> frozenset[str]:
    return (
        frozenset(json.loads(manifest.read_text(encoding="utf-8")).get("languages", ()))
        if manifest.is_file()
        else frozenset()
    )


def _check(folder: Path, sums: dict[str, str]) -> None:
    for name, expected in sums.items():
        path = folder / name
        found = _sha256(path) if path.is_file() else "nothing"
        if found != expected:
            message = f"{path} is not the file that its manifest.json names: sha256 {expected} expected, {found} found"
            raise SettingsError(message)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing narrower
        message = f"{path} is not a tokenizer of the tokenizers library: {error}"
        raise SettingsError(message) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _session(path: Path, threads: int) -> Any:  # noqa: ANN401  # onnxruntime.InferenceSession; onnxruntime ships no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # both keep memory for each length of text
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common base
        message = f"{path} is not a model that onnxruntime can run: {error}"
        raise SettingsError(message) from error


def _whole(token: str) -> str:
    """Return the word that a token is, if it is one: not a piece (BERT's "##s"), mark or number."""
    word = token.removeprefix("\N{LOWER ONE EIGHTH BLOCK}")  # how SentencePiece marks the begin of a word
    return word.lower() if word.isalpha() else ""


def _mean(output: Matrix, mask: NDArray[np.int64]) -> Matrix:
    """Return the mean over the tokens that are there; what has two axes was pooled in the model."""
    if output.ndim != _STATES:
        return output
    share = (mask / mask.sum(axis=1, keepdims=True)).astype(np.float32)
    mean: Matrix = np.einsum("tkw,tk->tw", output, share)
    return mean


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12))
    return unit.astype(np.float32)
