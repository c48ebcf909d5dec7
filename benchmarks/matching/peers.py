"""Other intent matchers, each as a function that learns phrases and returns a reader of texts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Reader = Callable[[Sequence[str]], tuple[list[str], list[float]]]
    Peer = Callable[[Sequence[str], Sequence[str]], Reader]


def rapidfuzz_best(texts: Sequence[str], labels: Sequence[str]) -> Reader:
    """RapidFuzz: the label of the phrase with the greatest token set ratio."""
    learned = [text.lower() for text in texts]

    def read(asked: Sequence[str]) -> tuple[list[str], list[float]]:
        found = [process.extractOne(text.lower(), learned, scorer=fuzz.token_set_ratio) for text in asked]
        return [labels[place] for _, _, place in found], [score / 100 for _, score, _ in found]

    return read


def tfidf_logistic(texts: Sequence[str], labels: Sequence[str]) -> Reader:
    """scikit-learn: logistic regression on TF-IDF of words, word pairs and letter n-grams."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415  # a peer's own

    model = LogisticRegression(C=30, max_iter=200)
    return _scikit(model, texts, labels)


def tfidf_svm(texts: Sequence[str], labels: Sequence[str]) -> Reader:
    """scikit-learn: linear support vector machine on the same features."""
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415  # a peer's own

    return _scikit(LinearSVC(), texts, labels)


def fasttext_supervised(texts: Sequence[str], labels: Sequence[str]) -> Reader:
    """fastText, supervised: word pairs and letter n-grams; settings chosen on `val`."""
    import fasttext  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415  # a peer's own

    names = sorted(set(labels))
    numbers = {name: number for number, name in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "phrases.txt"
        lines = (f"__label__{numbers[label]} {_line(text)}\n" for text, label in zip(texts, labels, strict=True))
        file.write_text("".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(file), epoch=100, lr=1.0, wordNgrams=2, minn=3, maxn=5, dim=100, bucket=200_000, thread=1, verbose=0
        )

    def read(asked: Sequence[str]) -> tuple[list[str], list[float]]:
        found = [model.f.predict(f"{_line(text)}\n", 1, 0.0, "strict")[0] for text in asked]
        return [names[int(label.removeprefix("__label__"))] for _, label in found], [share for share, _ in found]

    return read


PEERS: dict[str, Peer] = {
    "RapidFuzz best match": rapidfuzz_best,
    "fastText supervised": fasttext_supervised,
    "scikit-learn TF-IDF + LinearSVC": tfidf_svm,
    "scikit-learn TF-IDF + LogReg": tfidf_logistic,
}
"""By the name they have in the table."""


def _scikit(model: object, texts: Sequence[str], labels: Sequence[str]) -> Reader:
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415  # a peer's own
    from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415  # a peer's own

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    whole = make_pipeline(make_union(words, letters), model).fit(texts, labels)

    def read(asked: Sequence[str]) -> tuple[list[str], list[float]]:
        scores = whole.decision_function(asked)
        return [str(whole.classes_[place]) for place in scores.argmax(axis=1)], np.max(scores, axis=1).tolist()

    return read


def _line(text: str) -> str:
    return " ".join(text.lower().split())
