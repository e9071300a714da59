"""The interactive pictures of the lessons, a file each: every function builds one displayable explorer."""

from helpers.explorers.decision_boundaries import decision_boundaries
from helpers.explorers.loss_surface import loss_surface
from helpers.explorers.softmax import softmax

__all__ = ["decision_boundaries", "loss_surface", "softmax"]
