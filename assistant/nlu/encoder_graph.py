"""Builds ``encoder.onnx``: the architecture of all-MiniLM-L6-v2 without its weights (``make graph``).

The weights stay in the package that ships them, so the file is only a few kilobytes. onnx is a build-time
dependency.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

HIDDEN, HEADS, LAYERS, INTERMEDIATE, POSITIONS = 384, 12, 6, 1536, 512
EPSILON = 1e-12


class Graph:
    """Collects nodes and the shapes of the weights they use."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, onnx.TensorProto] = {}
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def weight(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        """A weight that is declared here and supplied when the graph is loaded."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="weights")
        self.weights[name] = tensor
        return name

    def numbers(self, name: str, values: list[float], kind: int = TensorProto.INT64) -> str:
        shape = [] if kind == TensorProto.FLOAT and len(values) == 1 else [len(values)]
        self.constants.append(helper.make_tensor(name, kind, shape, values))
        return name

    def linear(self, x: str, name: str, inputs: int, outputs: int) -> str:
        """A linear layer in 8-bit integers, with one scale per output; onnxruntime fuses all but the bias."""
        quantized, scale, zero = (f"{name}.{part}" for part in ("input", "input_scale", "input_zero"))
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], [quantized, scale, zero]))
        weight = self.weight(f"{name}.weight", inputs, outputs, kind=TensorProto.INT8)
        product = self.add("Cast", self.add("MatMulInteger", quantized, weight, zero), to=TensorProto.FLOAT)
        scaled = self.add("Mul", product, self.add("Mul", scale, self.weight(f"{name}.scale", outputs)))
        return self.add("Add", scaled, self.weight(f"{name}.bias", outputs))

    def norm(self, x: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight", HIDDEN), self.weight(f"{name}.bias", HIDDEN)
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)


def build() -> onnx.ModelProto:
    """BERT with six layers, mean pooling and L2 normalization, for one sentence; its input is the token embeddings.

    Its outputs are the states of the tokens after the last layer, and the sentence.

    The embedding table (47 MB) stays outside the graph, so that it can be memory-mapped.
    """
    graph = Graph()
    heads = graph.numbers("heads", [1, -1, HEADS, HIDDEN // HEADS])
    merged = graph.numbers("merged", [1, -1, HIDDEN])
    one = graph.numbers("one", [1], TensorProto.FLOAT)
    half = graph.numbers("half", [0.5], TensorProto.FLOAT)
    root = graph.numbers("root", [2**0.5], TensorProto.FLOAT)
    scale = graph.numbers("scale", [(HIDDEN // HEADS) ** 0.5], TensorProto.FLOAT)
    zero, step = (
        helper.make_tensor(name, TensorProto.INT64, [], [value]) for name, value in (("zero", 0), ("step", 1))
    )
    graph.constants += [zero, step]

    length = graph.add("Gather", graph.add("Shape", "words"), "step")
    positions = graph.add("Range", "zero", length, "step")
    places = graph.add("Gather", graph.weight("embeddings.position_embeddings.weight", POSITIONS, HIDDEN), positions)
    kind = graph.add("Gather", graph.weight("embeddings.token_type_embeddings.weight", 2, HIDDEN), "zero")
    x = graph.norm(graph.add("Add", graph.add("Add", "words", places), kind), "embeddings.LayerNorm")

    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"

        def split(part: str, order: list[int], x: str = x, name: str = name) -> str:
            projected = graph.linear(x, f"{name}.attention.self.{part}", HIDDEN, HIDDEN)
            return graph.add("Transpose", graph.add("Reshape", projected, heads), perm=order)

        scores = graph.add("MatMul", split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1]))
        weights = graph.add("Softmax", graph.add("Div", scores, scale), axis=-1)
        seen = graph.add("Transpose", graph.add("MatMul", weights, split("value", [0, 2, 1, 3])), perm=[0, 2, 1, 3])
        attended = graph.linear(graph.add("Reshape", seen, merged), f"{name}.attention.output.dense", HIDDEN, HIDDEN)
        x = graph.norm(graph.add("Add", attended, x), f"{name}.attention.output.LayerNorm")
        wide = graph.linear(x, f"{name}.intermediate.dense", HIDDEN, INTERMEDIATE)
        erf = graph.add("Add", graph.add("Erf", graph.add("Div", wide, root)), one)
        gelu = graph.add("Mul", graph.add("Mul", wide, erf), half)
        narrow = graph.linear(gelu, f"{name}.output.dense", INTERMEDIATE, HIDDEN)
        x = graph.norm(graph.add("Add", narrow, x), f"{name}.output.LayerNorm")

    graph.nodes[-1].output[0] = x = "states"
    mean = graph.add("ReduceMean", x, axes=[1], keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [mean], ["sentence"], axis=-1, p=2))

    words = helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "length", HIDDEN])
    states = helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "length", HIDDEN])
    sentence = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, [1, HIDDEN])
    initializers = [*graph.constants, *graph.weights.values()]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", [words], [states, sentence], initializers)
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    path = Path(__file__).with_name("encoder.onnx")
    path.write_bytes(build().SerializeToString())
    print(f"{path.name}: {path.stat().st_size} bytes")
