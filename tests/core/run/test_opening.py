"""A document from anywhere is opened at once, or refused in a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from toygrad.core import NetworkSpec, Session
from toygrad.core.run import ready_document
from toygrad.datasets import Dataset


def trained(dataset: Dataset) -> Session:
    session = Session(NetworkSpec(), dataset)
    session.advance(40)
    session.set_parameters({"layer1.bias": np.full(4, 0.25)})
    session.advance(30)
    return session


def test_a_document_without_its_end_is_trained_again_to_the_bit(two_classes: Dataset) -> None:
    session = trained(two_classes)
    document = session.document()
    for kept in (document.checkpoints, document.checkpoints[:2], ()):
        other = Session(NetworkSpec(), two_classes)
        other.open(ready_document(replace(document, checkpoints=kept)))
        assert (other.step, other.version) == (session.step, session.version)
        for name, array in session.parameters().items():
            np.testing.assert_array_equal(other.parameters()[name], array)


def test_an_end_that_is_never_reached_is_given_up(two_classes: Dataset) -> None:
    endless = replace(trained(two_classes).document(), checkpoints=(), end=10**15)
    with pytest.raises(ValueError, match="takes too long"):
        ready_document(endless, seconds=0.05)
