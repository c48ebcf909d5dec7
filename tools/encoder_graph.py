"""The ONNX graph of MiniLM-L6, built operator by operator from its weights: no torch, no exporter, no surprises.

A BERT encoder as in Devlin et al. (2019): six layers of twelve heads, post-norm. Two things differ from the original:
the word table is kept as int8 with one scale a row, and the answer is the mean over the words of chosen layers
("layer_0" is what the embeddings give, "layer_6" the last layer), not the hidden states. The marks of begin and end
are left out of the mean: that is worth 0.3 points at 10 examples an intent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper  # type: ignore[import-not-found,unused-ignore]  # only in tools

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Weights = Mapping[str, Matrix]

HEADS = 12
WIDTH = 384
LAYERS = 6
LONGEST = 128
"""Tokens a text may have: what the model was trained with."""

OPSET = 20
"""The first set of operators with Gelu; LayerNormalization is older."""

_EPSILON = 1e-12
_MASKED = -10000.0
_MARKS = 102  # up to here, tokens are no words: padding, unknown, begin, end


def encoder_graph(weights: Weights, layers: Sequence[int], ease: Weights | None = None) -> Any:  # noqa: ANN401  # onnx.ModelProto; onnx may be absent
    """Return the model with one output (texts, 384) for each of `layers`, 0 to 6: the mean over the text's tokens.

    `ease` has, for linear layers by name, what each column of their input is divided by (and their weights multiplied
    by): the same function, with inputs that lose less when they are rounded to 8 bits (Xiao et al. 2023, SmoothQuant).
    """
    return _built(weights, layers, ease or {}).model({f"layer_{layer}": WIDTH for layer in layers})


def watched_graph(weights: Weights) -> tuple[Any, dict[str, str]]:
    """Return the model with the inputs of all linear layers as outputs, and the name of that output for each layer."""
    graph = _built(weights, (), {})
    return graph.model(dict.fromkeys(graph.inputs.values())), graph.inputs


def _built(weights: Weights, layers: Sequence[int], ease: Weights) -> _Graph:
    graph = _Graph(weights, ease)
    hidden = graph.embeddings()
    graph.attend_where()
    for layer in range(LAYERS + 1):
        if layer:
            hidden = graph.layer(hidden, f"encoder.layer.{layer - 1}")
        if layer in layers:
            graph.pooled(hidden, f"layer_{layer}")
    return graph


def weights_of(model: Any) -> dict[str, Matrix]:  # noqa: ANN401  # onnx.ModelProto; onnx may be absent
    """Return the weights that `encoder_graph` was given, as near as rounding to 8 bits leaves them.

    The places and the kind of token were added up: the kind comes back as zeros, and places beyond LONGEST too.
    """
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    places = np.zeros((512, WIDTH), dtype=np.float32)
    places[:LONGEST] = constants["places"]
    weights: dict[str, Matrix] = {
        "embeddings.word_embeddings.weight": constants["words"] * constants["word_scales"],
        "embeddings.position_embeddings.weight": places,
        "embeddings.token_type_embeddings.weight": np.zeros((2, WIDTH), dtype=np.float32),
    }
    for name, values in constants.items():
        layer, _, kind = name.rpartition(".")
        if kind == "bias" or (kind == "weight" and layer.endswith("LayerNorm")):
            weights[name] = values
        elif kind == "weight_quantized":
            middle = constants[f"{layer}.weight_zero_point"].astype(np.float32)
            eased = (values.astype(np.float32) - middle) * constants[f"{layer}.weight_scale"]
            weights[f"{layer}.weight"] = (eased * constants[f"{layer}.ease"][:, None]).T
    for layer in range(LAYERS):
        _split(weights, f"encoder.layer.{layer}.attention.self")
    return weights


def _split(weights: dict[str, Matrix], name: str) -> None:
    """Take query, key and value apart, and the scale of the attention out of the query."""
    for kind in ("weight", "bias"):
        for part, values in zip(_QKV, np.split(weights.pop(f"{name}.{kind}"), 3), strict=True):
            scale = (WIDTH // HEADS) ** 0.5 if part == "query" else 1.0
            weights[f"{name}.{part}.{kind}"] = (values * scale).astype(np.float32)


class _Graph:
    """The graph as far as it has been built."""

    def __init__(self, weights: Weights, ease: Weights) -> None:
        self._weights, self._ease = weights, ease
        self.inputs: dict[str, str] = {}
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def embeddings(self) -> str:
        """Add the rows of word and place; return the name of the hidden states (texts, tokens, 384)."""
        table = self._weights["embeddings.word_embeddings.weight"]
        scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
        rows = np.rint(table / np.maximum(scales, np.float32(1e-12))).astype(np.int8)
        places = self._weights["embeddings.position_embeddings.weight"][:LONGEST]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        whole = self._add("Gather", self._constant("words", rows), "input_ids")
        words = self._add("Mul", self._add("Cast", whole, to=TensorProto.FLOAT), self._scales(scales))
        count = self._add("Slice", self._add("Shape", "input_ids"), *self._numbers("one_two", [1], [2]))
        start, axis = self._numbers("from_start", [0], [0])
        at = self._add("Slice", self._constant("places", places + kind), start, count, axis)
        return self._normed(self._add("Add", words, at), "embeddings.LayerNorm")

    def attend_where(self) -> None:
        """Turn the mask into what is added to attention, and into the share each token has in the mean."""
        mask = self._add("Cast", "attention_mask", to=TensorProto.FLOAT)
        row = self._add("Unsqueeze", mask, *self._numbers("heads_and_rows", [1, 2]))
        away = self._add("Sub", self._constant("one", np.float32(1)), row)
        self._add("Mul", away, self._constant("masked", np.float32(_MASKED)), to="bias")
        word = self._add("Greater", "input_ids", self._constant("marks", np.int64(_MARKS)))
        words = self._add("Mul", mask, self._add("Cast", word, to=TensorProto.FLOAT))
        total = self._add("ReduceSum", words, *self._numbers("tokens", [1]), keepdims=1)
        share = self._add("Div", words, self._add("Max", total, self._constant("least", np.float32(1))))
        self._add("Unsqueeze", share, *self._numbers("before_tokens", [1]), to="share")

    def layer(self, hidden: str, name: str) -> str:
        """Add one transformer layer; return the name of its hidden states."""
        joined = self._attention(hidden, f"{name}.attention.self")
        seen = self._linear(joined, f"{name}.attention.output.dense")
        hidden = self._normed(self._add("Add", seen, hidden), f"{name}.attention.output.LayerNorm")
        wide = self._add("Gelu", self._linear(hidden, f"{name}.intermediate.dense"))
        thought = self._linear(wide, f"{name}.output.dense")
        return self._normed(self._add("Add", thought, hidden), f"{name}.output.LayerNorm")

    def pooled(self, hidden: str, name: str) -> None:
        """Add the mean over tokens as an output."""
        mean = self._add("MatMul", "share", hidden)
        self._add("Squeeze", mean, *self._numbers("token_axis", [1]), to=name)

    def model(self, widths: Mapping[str, int | None]) -> Any:  # noqa: ANN401  # onnx.ModelProto
        """Return the whole as a model; `widths` names the outputs with their columns, None for hidden states."""
        shape = ["texts", "tokens"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")
        ]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["texts", width] if width else None)
            for name, width in widths.items()
        ]
        graph = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)

    def _attention(self, hidden: str, name: str) -> str:
        """Scaled dot-product attention; the scale is already in the weights of the query."""
        scale = np.float32((WIDTH // HEADS) ** -0.5)
        parts = [(self._weights[f"{name}.{part}.weight"], self._weights[f"{name}.{part}.bias"]) for part in _QKV]
        weight = np.concatenate([parts[0][0] * scale, parts[1][0], parts[2][0]]).T
        bias = np.concatenate([parts[0][1] * scale, parts[1][1], parts[2][1]])
        both = self._affine(hidden, name, weight, bias)
        split = self._add("Reshape", both, *self._numbers("split_heads", [0, 0, 3, HEADS, WIDTH // HEADS]))
        apart = self._add("Transpose", split, perm=[2, 0, 3, 1, 4])
        query, key, value = (
            self._add("Gather", apart, self._constant(f"part_{at}", np.int64(at)), axis=0) for at in range(3)
        )
        likeness = self._add("MatMul", query, self._add("Transpose", key, perm=[0, 1, 3, 2]))
        weights = self._add("Softmax", self._add("Add", likeness, "bias"), axis=-1)
        joined = self._add("Transpose", self._add("MatMul", weights, value), perm=[0, 2, 1, 3])
        return self._add("Reshape", joined, *self._numbers("join_heads", [0, 0, WIDTH]))

    def _linear(self, hidden: str, name: str) -> str:
        return self._affine(hidden, name, self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"])

    def _affine(self, hidden: str, name: str, weight: Matrix, bias: Matrix) -> str:
        self.inputs[name] = hidden
        if name in self._ease:
            ease = self._ease[name]
            hidden = self._add("Mul", hidden, self._constant(f"{name}.ease", 1 / ease))
            weight = weight * ease[:, None]
        product = self._add("MatMul", hidden, self._constant(f"{name}.weight", weight))
        return self._add("Add", product, self._constant(f"{name}.bias", bias))

    def _normed(self, hidden: str, name: str) -> str:
        scale = self._constant(f"{name}.weight", self._weights[f"{name}.weight"])
        bias = self._constant(f"{name}.bias", self._weights[f"{name}.bias"])
        return self._add("LayerNormalization", hidden, scale, bias, epsilon=_EPSILON)

    def _scales(self, scales: Matrix) -> str:
        return self._add("Gather", self._constant("word_scales", scales), "input_ids")

    def _numbers(self, name: str, *values: Sequence[int]) -> list[str]:
        return [self._constant(f"{name}_{at}", np.array(value, dtype=np.int64)) for at, value in enumerate(values)]

    def _constant(self, name: str, value: Any) -> str:  # noqa: ANN401  # any numpy array or number
        array = np.ascontiguousarray(value) if np.ndim(value) else np.asarray(value)
        self._constants.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def _add(self, kind: str, *inputs: str, to: str | int | None = None, **attributes: Any) -> str:  # noqa: ANN401  # what the operator takes
        if isinstance(to, int):
            attributes["to"] = to
        output = to if isinstance(to, str) else f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output


_QKV = ("query", "key", "value")
