import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.understanding.blend import blocks_of
from bot.understanding.encoding import BUILT_IN, Encoder, OnnxEncoder, load_encoder
from bot.understanding.spoken import SpokenEncoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Give the one that comes with the line."""
    return OnnxEncoder(BUILT_IN)


def test_same_meaning_is_near(encoder: Encoder) -> None:
    """Two ways to say one thing are nearer in meaning than two things said alike, Spanish read as it is in the line."""
    texts = ["how do i clear my record", "quiero limpiar mis antecedentes", "how do i clear my throat"]
    last = blocks_of(SpokenEncoder(encoder).encode(texts), encoder.blocks)[-1]
    assert last[0] @ last[1] > last[0] @ last[2] + 0.2


def test_rows_have_the_shape_that_is_promised(encoder: Encoder) -> None:
    """Each text gets one row, in order, whose blocks have length 1."""
    texts = ["a", "where can i vote " * 60, "¿puedo votar?", "where"]
    rows = encoder.encode(texts)
    assert rows.shape == (4, encoder.dimensions)
    assert rows.dtype == np.float32
    for block in blocks_of(rows, encoder.blocks):
        assert np.allclose(np.linalg.norm(block, axis=1), 1, atol=1e-4)
    alone = encoder.encode([texts[2]])
    assert float(alone[0] @ rows[2]) == pytest.approx(len(encoder.blocks), abs=0.1)


@pytest.mark.parametrize("text", ["", " ", "🙃", "\x00", "!?"])
def test_any_text_has_a_row(encoder: Encoder, text: str) -> None:
    """What has no words has numbers too, all of them finite."""
    assert np.isfinite(encoder.encode([text])).all()


def test_no_text_has_no_row(encoder: Encoder) -> None:
    """Nothing in, nothing out."""
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_knows_whole_words(encoder: Encoder) -> None:
    """Its words are words: no pieces, marks or numbers."""
    assert {"prison", "vote", "release"} <= encoder.words
    assert not {"##s", "[CLS]", "1990", ""} & encoder.words


def test_none_is_words_alone() -> None:
    """ENCODER=none loads nothing."""
    assert load_encoder("none") is None


@pytest.mark.parametrize("setting", [None, "", "default"])
def test_default_is_the_one_that_comes_with_the_line(setting: str | None) -> None:
    """Without a setting, the built-in encoder is used."""
    assert isinstance(load_encoder(setting), OnnxEncoder)


def test_a_folder_of_another_encoder_is_used(tmp_path: Path, encoder: Encoder) -> None:
    """A folder with a model and a tokenizer is enough; it needs no manifest."""
    _copy(tmp_path, "minilm.onnx", "minilm.words", "tokenizer.json")
    other = load_encoder(str(tmp_path))
    assert other is not None
    assert np.allclose(other.encode(["can i vote"]), encoder.encode(["can i vote"]))


def test_a_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    """A folder that was named and cannot be used stops the start, and says what it needs."""
    with pytest.raises(SettingsError, match="is not a folder"):
        load_encoder(str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=r"exactly one \.onnx file and tokenizer\.json"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize(("broken", "said"), [("minilm.onnx", "not a model"), ("tokenizer.json", "not a tokenizer")])
def test_a_file_that_is_none_is_an_error(tmp_path: Path, broken: str, said: str) -> None:
    """A file of another kind is named."""
    _copy(tmp_path, "minilm.onnx", "minilm.words", "tokenizer.json")
    (tmp_path / broken).unlink()
    (tmp_path / broken).write_text("{}")
    with pytest.raises(SettingsError, match=f"{broken} is {said}"):
        load_encoder(str(tmp_path))


def test_a_damaged_file_falls_back_loudly(tmp_path: Path) -> None:
    """When the built-in encoder is not what its manifest says, the line goes on with words alone and warns."""
    _copy(tmp_path, "minilm.onnx", "minilm.words", "manifest.json")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.warns(RuntimeWarning, match=r"tokenizer\.json is not the file"):
        assert load_encoder(None, built_in=tmp_path) is None


def test_a_missing_folder_falls_back_loudly(tmp_path: Path) -> None:
    """The same when it is not there at all."""
    with pytest.warns(RuntimeWarning, match="by words alone"):
        assert load_encoder(None, built_in=tmp_path / "missing") is None


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"sha256": {"minilm.onnx": 1}}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, manifest: str) -> None:
    """A manifest that cannot be read is a damaged encoder, not a crash."""
    _copy(tmp_path, "minilm.onnx", "minilm.words", "tokenizer.json")
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(SettingsError, match=r"manifest\.json"):
        load_encoder(str(tmp_path))


def test_the_manifest_says_where_it_is_from() -> None:
    """The built-in encoder comes with its source, its licence and a notice."""
    manifest = json.loads((BUILT_IN / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["licence"] == "Apache-2.0"
    assert manifest["source"] in (BUILT_IN / "NOTICE").read_text(encoding="utf-8")
    assert set(manifest["sha256"]) == {"minilm.onnx", "minilm.words", "tokenizer.json"}


def _copy(folder: Path, *names: str) -> None:
    for name in names:
        shutil.copy(BUILT_IN / name, folder / name)
