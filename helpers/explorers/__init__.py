"""The interactive pictures of the lessons, a file each. A lesson calls them like functions: `explorers.softmax()`."""
# ruff: noqa: F401

from helpers.explorers.cross_entropy import CrossEntropy as cross_entropy
from helpers.explorers.decision_boundaries import DecisionBoundaries as decision_boundaries
from helpers.explorers.digits import Digits as digits
from helpers.explorers.faulty_gradient import FaultyGradient as faulty_gradient
from helpers.explorers.graph import Graph as graph
from helpers.explorers.jacobian import Jacobian as jacobian
from helpers.explorers.loss_surface import LossSurface as loss_surface
from helpers.explorers.problem_types import ProblemTypes as problem_types
from helpers.explorers.replay import Replay as replay
from helpers.explorers.softmax import Softmax as softmax
from helpers.explorers.training_player import TrainingPlayer as training_player
from helpers.explorers.two_parameters import TwoParameters as two_parameters
