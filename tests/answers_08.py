"""Right and wrong answers to the exercise of lesson 8."""

import numpy as np

from answers import right, wrong
from helpers.softmax import sigmoid, softmax

QUESTIONS = "questions_gradient"


def off(Z, Y):
    return sigmoid(Z) - Y


def one_by_one(Z, Y):
    G = np.zeros(Z.shape)
    for k, (z, y) in enumerate(zip(Z, Y, strict=True)):
        for j in range(len(z)):
            G[k, j] = 1 / (1 + np.exp(-z[j])) - y[j]
    return G / len(Z)


def through_a(Z, Y):
    P = 1 / (1 + np.exp(-Z))
    return ((1 - Y) / (1 - P) - Y / P) * P * (1 - P) / Z.shape[0]


def in_two_terms(Z, Y):
    return ((1 - Y) * sigmoid(Z) - Y * sigmoid(-Z)) / len(Z)


right(QUESTIONS, q_line=lambda Z, Y: off(Z, Y) / len(Z), q_loop=one_by_one, q_chain=through_a, q_terms=in_two_terms)
wrong(QUESTIONS, "-one", q_sign=lambda Z, Y: -off(Z, Y) / len(Z))
wrong(QUESTIONS, "N", q_sum=off)
wrong(QUESTIONS, "1/m", q_mean_of_all=lambda Z, Y: off(Z, Y) / Z.size)
wrong(QUESTIONS, "N/m", q_divided_by_m=lambda Z, Y: off(Z, Y) / Z.shape[1])
wrong(QUESTIONS, "softmax", q_softmax=lambda Z, Y: (softmax(Z) - Y) / len(Z), q_softmax_sum=lambda Z, Y: softmax(Z) - Y)
wrong(QUESTIONS, "no sigmoid", q_scores=lambda Z, Y: (Z - Y) / len(Z))
wrong(QUESTIONS, "no y", q_without_y=lambda Z, Y: sigmoid(Z) / len(Z))
wrong(
    QUESTIONS,
    "a (1 - a)",
    q_squared_error=lambda Z, Y: off(Z, Y) * sigmoid(Z) * (1 - sigmoid(Z)) / len(Z),
    q_square_without_half=lambda Z, Y: 2 * off(Z, Y) * sigmoid(Z) * (1 - sigmoid(Z)) / len(Z),
)
wrong(QUESTIONS, "stops at dL/da", q_stops=lambda Z, Y: ((1 - Y) / sigmoid(-Z) - Y / sigmoid(Z)) / len(Z))
wrong(
    QUESTIONS,
    "yes alone",
    q_masked=lambda Z, Y: off(Z, Y) * Y / len(Z),
    q_one_term=lambda Z, Y: -Y * (1 - sigmoid(Z)) / len(Z),
)
wrong(QUESTIONS, "categorical", q_equation_8=lambda Z, Y: (Y.sum(axis=1, keepdims=True) * softmax(Z) - Y) / len(Z))
wrong(
    QUESTIONS,
    "shape",
    q_summed=lambda Z, Y: off(Z, Y).sum(axis=1) / len(Z),
    q_mean=lambda Z, Y: off(Z, Y).mean(axis=0),
    q_number=lambda Z, Y: off(Z, Y).mean(),
    q_transposed=lambda Z, Y: off(Z, Y).T / len(Z),
)
