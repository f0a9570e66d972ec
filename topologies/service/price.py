"""A filter: an order's number on each line of its input, `NUMBER PRICE` as the line of answer."""

import sys

for line in sys.stdin:
    order = int(line)
    print(order, 100 + order * order % 900, flush=True)
