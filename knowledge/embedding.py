"""all-MiniLM-L6-v2 (or another sentence model of that shape) as an embedding function of Chroma, without network.

Chroma's own ONNX function downloads its model and pads every text to 256 tokens; this one opens the files it is
given and pads to the longest text of a batch, which is several times quicker for spoken sentences.
"""

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from chromadb import Documents, EmbeddingFunction, Embeddings
from chromadb.api.types import Space
from chromadb.utils.embedding_functions import register_embedding_function
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from knowledge.errors import IndexUnavailable
from knowledge.generations import model_fingerprint

MAX_TOKENS = 256
Vectors = NDArray[np.float32]


class Embedding(EmbeddingFunction[Documents]):
    """What the index needs of an embedding function beyond what Chroma does."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Changes whenever the vectors would."""

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a row."""

    def __call__(self, input: Documents) -> Embeddings:
        return list(self.embed(input))

    def default_space(self) -> Space:
        return "cosine"


class OnnxEmbedding(Embedding):
    """Unit vectors, mean-pooled over the tokens of each text. The model is opened at first use."""

    def __init__(self, folder: Path | str, *, threads: int = 0, batch_size: int = 16) -> None:
        self.folder = Path(folder)
        self.threads = threads
        self.batch_size = batch_size

    @cached_property
    def fingerprint(self) -> str:
        return model_fingerprint(self.folder)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a row. Texts of similar length share a batch, so that little is spent on padding."""
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i]))
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            vectors[batch] = self._forward([encodings[i] for i in batch])
        return vectors

    @cached_property
    def dimensions(self) -> int:
        return int(self._session.get_outputs()[0].shape[-1])

    def _forward(self, batch: Sequence[Encoding]) -> Vectors:
        longest = max(len(encoding) for encoding in batch)
        tokens = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, encoding in enumerate(batch):
            tokens[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        inputs = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        hidden = np.asarray(self._session.run(None, {k: inputs[k] for k in self._input_names})[0])
        summed = (hidden * mask[:, :, None]).sum(axis=1)
        norms = np.linalg.norm(summed, axis=1, keepdims=True)
        unit: Vectors = (summed / np.maximum(norms, 1e-12)).astype(np.float32)
        return unit

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_file(str(self._file("tokenizer.json")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_length=MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others want the cores too
        return onnxruntime.InferenceSession(
            str(self._file("model.onnx")), sess_options=options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _input_names(self) -> list[str]:
        return [i.name for i in self._session.get_inputs()]

    def _file(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise IndexUnavailable(f"{path}: no such file\n  fix: soundcheck models pull embedding")
        return path

    @staticmethod
    def name() -> str:
        return "soundcheck-onnx"

    def get_config(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "threads": self.threads, "batch_size": self.batch_size}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> "OnnxEmbedding":
        return OnnxEmbedding(config["folder"], threads=config["threads"], batch_size=config["batch_size"])


register_embedding_function(OnnxEmbedding)  # type: ignore[no-untyped-call]  # chromadb leaves it untyped
