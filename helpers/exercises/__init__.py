"""What the lessons ask and check, one file per lesson that asks, on one mechanism.

`exercise` is the mechanism: an exercise is data, and a wrong answer is explained by one wrong idea and one factor.
`calls` runs a student's function safely, `panel` shows what was found; `problems`, `ideas`, `loop` are lesson 7's.
"""
