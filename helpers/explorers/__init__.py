"""The interactive pictures of the lessons, a file each: every function builds one displayable explorer."""

from helpers.explorers.chain_rule import chain_rule
from helpers.explorers.cross_entropy import cross_entropy
from helpers.explorers.decision_boundaries import decision_boundaries
from helpers.explorers.digits import digits
from helpers.explorers.jacobian import jacobian
from helpers.explorers.loss_surface import loss_surface
from helpers.explorers.problem_types import problem_types
from helpers.explorers.softmax import softmax
from helpers.explorers.training_player import training_player
from helpers.explorers.two_parameters import two_parameters

__all__ = [
    "chain_rule",
    "cross_entropy",
    "decision_boundaries",
    "digits",
    "jacobian",
    "loss_surface",
    "problem_types",
    "softmax",
    "training_player",
    "two_parameters",
]
