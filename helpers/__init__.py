"""The small module that the lessons import: mathematics, data, checks and pictures of softmax and cross entropy."""
