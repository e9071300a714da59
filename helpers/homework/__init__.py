"""Checks of the homework: passed, not attempted, or wrong and why. No formula of a gradient is in here.

`limits` runs a student's function safely, `problems` measures slopes by centred differences, `answers` reads what
comes back, `ideas` are the wrong ideas that have a name, `diagnosis` finds what a wrong answer has to do with the
measured slope, `slopes` and `descent` check one call and the whole loop, `panel` shows the result, `checks` holds the
five exercises.
"""

from helpers.homework.checks import (
    check_batch_gradients,
    check_bias_gradient,
    check_sgd,
    check_sgd_step,
    check_weight_gradient,
)

__all__ = ["check_batch_gradients", "check_bias_gradient", "check_sgd", "check_sgd_step", "check_weight_gradient"]
