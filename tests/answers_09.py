"""Right and wrong answers to the exercise of lesson 9."""

from decimal import Decimal, localcontext

import numpy as np

from answers import right, wrong
from helpers.cross_entropy import one_hot, softmax_crossentropy, softmax_crossentropy_grad
from helpers.softmax import softmax, softmax_jacobian

ACCURATE = "accurate"


def loss_of(z, label):
    """The largest class is left out of the sum, and log1p puts it back."""
    e = np.exp(z - z.max())
    e[z.argmax()] = 0
    return z.max() - z[label] + np.log1p(e.sum())


def gradient_of(z, label):
    """No entry subtracts."""
    g = softmax(z)
    g[label] = 0
    g[label] = -g.sum()
    return g


def ratio(z, label, shift):
    e = np.exp(z - shift)
    rest = np.delete(e, label).sum()
    gradient = e / e.sum()
    gradient[label] = -rest / e.sum()
    return np.log1p(rest / e[label]), gradient


right(ACCURATE, largest_left_out=lambda z, label: (loss_of(z, label), gradient_of(z, label)))


@right(ACCURATE)
def right_class_apart(z, label):
    z = z - z.max()
    others, e_y = np.exp(np.delete(z, label)).sum(), np.exp(z[label])
    gradient = np.exp(z) / (others + e_y)
    gradient[label] = -others / (others + e_y)
    return np.log1p(np.expm1(z[label]) + others) - z[label], gradient


@right(ACCURATE)
def logaddexp(z, label):
    others = np.logaddexp.reduce(np.delete(z, label))
    p = np.exp(z - np.logaddexp(others, z[label]))
    p[label] = -np.exp(others - np.logaddexp(others, z[label]))
    return np.logaddexp(0, others - z[label]), p.tolist()


@right(ACCURATE)
def two_cases(z, label):
    r = np.exp(np.delete(z, label) - z[label]).sum()
    loss = np.log1p(r) if r < 1 else softmax_crossentropy(z, one_hot(label, len(z)))
    return loss, gradient_of(z, label)


@right(ACCURATE)
def many_digits(z, label):
    with localcontext(prec=200):
        e = [Decimal(float(z_k)).exp() for z_k in z]
        return float(-(e[label] / sum(e)).ln()), [float(e[k] / sum(e) - (k == label)) for k in range(len(z))]


def plain(z, label):
    y = one_hot(label, len(z))
    return softmax_crossentropy(z, y), softmax_crossentropy_grad(z, y)


def long_way(z, label):
    a = softmax(z)
    return loss_of(z, label), -1 / a[label] * softmax_jacobian(z)[label]


def with_loss(loss):
    return lambda z, label: (loss(z, label), gradient_of(z, label))


def with_gradient(gradient):
    return lambda z, label: (loss_of(z, label), gradient(z, label))


wrong(
    ACCURATE,
    "1 + r",
    plain=plain,
    plain_loss=with_loss(lambda z, label: plain(z, label)[0]),
    largest_added_again=with_loss(lambda z, label: z.max() + np.log(np.exp(z - z.max()).sum()) - z[label]),
    largest_added_to_log1p=with_loss(lambda z, label: z.max() + loss_of(z, z.argmax()) - z[label]),
)
wrong(ACCURATE, "cancels", plain_gradient=with_gradient(lambda z, label: plain(z, label)[1]))
wrong(ACCURATE, "log of softmax", log_of_softmax=with_loss(lambda z, label: -np.log(softmax(z)[label])))
wrong(ACCURATE, "1 - q", one_minus=with_loss(lambda z, label: -np.log1p(gradient_of(z, label)[label])))
wrong(ACCURATE, "unfused", unfused=long_way)
wrong(
    ACCURATE,
    "overflow",
    shifted_by_the_right=lambda z, label: ratio(z, label, z[label]),
    not_shifted=lambda z, label: ratio(z, label, 0),
    shifted_by_the_largest=lambda z, label: ratio(z, label, z.max()),
)
wrong(
    ACCURATE,
    "whose 1",
    one_and_others=with_loss(
        lambda z, label: np.log1p(np.exp(np.delete(z, label) - z.max()).sum()) - z[label] + z.max()
    ),
    counted_twice=with_loss(lambda z, label: np.log1p(np.exp(z - z.max()).sum()) - z[label] + z.max()),
)
wrong(
    ACCURATE,
    "epsilon",
    small_added=with_loss(lambda z, label: -np.log(softmax(z)[label] + 1e-12)),
    clipped=with_loss(lambda z, label: -np.log(np.clip(softmax(z)[label], 1e-15, 1 - 1e-15))),
)
wrong(ACCURATE, "sign of y", no_y=with_gradient(lambda z, label: softmax(z)))
wrong(ACCURATE, "sign of y", sign_of_y=with_gradient(lambda z, label: abs(gradient_of(z, label))))
wrong(
    ACCURATE,
    "-1",
    log_likelihood=with_loss(lambda z, label: -loss_of(z, label)),
    uphill=with_gradient(lambda z, label: -gradient_of(z, label)),
)
wrong(ACCURATE, "finite", float32=lambda z, label: with_loss(loss_of)(z.astype(np.float32), label))
wrong(ACCURATE, "count", loss_alone=loss_of)
