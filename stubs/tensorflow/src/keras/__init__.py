"""The names of Keras that Rasa 3.6.21 reads while it is imported; see the package ``tensorflow`` beside it."""

from tensorflow import _absent, _module

Model = _absent("Model")
_module("keras.utils")
_module("keras.utils.tf_utils")
_module("keras.utils.control_flow_util", "smart_cond")
