"""The names of TensorFlow that Rasa 3.6.21 reads while it is imported, and nothing behind them.

Rasa imports its TensorFlow components even where a pipeline uses none. Importing works with this; using one of them
(DIETClassifier, ResponseSelector, TEDPolicy, UnexpecTEDIntentPolicy, ConveRT and transformer featurizers) says what is
missing. To use them, install tensorflow==2.12.0 in place of this package.
"""

import sys
from types import ModuleType
from typing import Any

__version__ = "2.12.0"

_MISSING = (
    "this needs TensorFlow, which is not installed: DIETClassifier, ResponseSelector, TEDPolicy and "
    "UnexpecTEDIntentPolicy do; install tensorflow==2.12.0 to use them"
)


class _Absent:
    """A class that can be named and derived from, and not be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(_MISSING)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__()


def _absent(name: str) -> type:
    return type(name, (_Absent,), {"__module__": "tensorflow"})


def _module(name: str, *classes: str) -> ModuleType:
    module = ModuleType(name)
    for class_name in classes:
        setattr(module, class_name, _absent(class_name))
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)
    return module


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise RuntimeError(f"tensorflow.{name}: {_MISSING}")


for _name in ("Tensor", "SparseTensor", "RaggedTensor", "TensorShape", "TensorSpec", "Variable"):
    globals()[_name] = _absent(_name)

_module("tensorflow.types")
_module("tensorflow.types.experimental", "TensorLike")
_module("tensorflow.python")
_module("tensorflow.python.eager")
_module("tensorflow.python.eager.wrap_function", "WrappedFunction")
_module("tensorflow.keras", "Model")
_module("tensorflow.keras.backend")
_module("tensorflow.keras.callbacks", "Callback")
_module("tensorflow.keras.layers", "Layer", "Dense", "Dropout", "AbstractRNNCell")
_module("tensorflow.keras.metrics", "Metric")
_module("tensorflow.keras.utils", "Sequence")
