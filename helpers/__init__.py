"""The small module that the lessons import: mathematics, data, checks and pictures of softmax and cross entropy."""

import os

# Matrices as small as ours gain nothing from several BLAS threads, and waiting threads slow the explorers down.
# It works only before numpy is imported, which is why the lessons import `helpers` first.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
