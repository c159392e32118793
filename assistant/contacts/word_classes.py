"""Writes words.txt: English words in classes by meaning, from the sentence encoder's vectors of single words.

Run it again only if the encoder changes: ``python -m assistant.contacts.word_classes``, then ``make contacts``.
"""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans

from assistant.contacts.lexicon import CLASSES
from assistant.nlu.encoder import encoder
from assistant.nlu.spelling import commonest

_WORDS = 15_000  # the commonest, beside those that the encoder knows whole
_CLASSES, _GROUPS = 1_000, 200


def written(words: list[str]) -> str:
    """The words, a class a line, and a group of classes a paragraph."""
    vectors = encoder().encode_all(words)
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    classes = MiniBatchKMeans(_CLASSES, random_state=0, n_init=3, batch_size=4096).fit(vectors)
    groups = AgglomerativeClustering(_GROUPS).fit_predict(classes.cluster_centers_)
    paragraphs = []
    for group in range(_GROUPS):
        lines = [
            " ".join(word for word, its in zip(words, classes.labels_, strict=True) if its == number)
            for number in np.flatnonzero(groups == group)
        ]
        paragraphs.append("\n".join(sorted(filter(None, lines))))
    return "\n\n".join(sorted(paragraphs)) + "\n"


if __name__ == "__main__":
    whole = {word for word in encoder().vocabulary if word.isascii() and word.isalpha() and len(word) > 1}
    CLASSES.write_text(written(sorted(whole | commonest(_WORDS))), encoding="utf-8")
