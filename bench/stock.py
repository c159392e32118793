"""Stock Rasa on our content: the default pipeline and policies of ``rasa init``, and the REST channel.

Our components cannot be imported there; both sides use our actions.
"""

from __future__ import annotations

from pathlib import Path

CREDENTIALS = "rest:\n"
ENDPOINTS = "action_endpoint:\n  url: ${ACTION_ENDPOINT_URL}\n"

_CONFIG = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: {epochs}
    constrain_similarities: true
    retrieval_intent: faq  # without it our action would not find the topic
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: {epochs}
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""


def write_config(folder: Path, epochs: int) -> Path:
    """The default configuration of Rasa 3.6.21 with this many epochs instead of 100."""
    path = folder / f"config-{epochs}.yml"
    path.write_text(_CONFIG.format(epochs=epochs), encoding="utf-8")
    return path
