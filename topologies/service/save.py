"""Stores `NUMBER PRICE` lines in Redis and answers with each line that is stored; waits for a server that is away."""

import os
import socket
import sys
import time


class Store:
    def __init__(self, path):
        self.path = path
        self.replies = None

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.path)
        self.connection, self.replies = connection, connection.makefile("rb")

    def set(self, key, value):
        """Again until it is answered: to set it twice does no harm."""
        words = [word.encode() for word in ("HSET", "prices", key, value)]
        command = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        while True:
            try:
                if self.replies is None:
                    self.connect()
                self.connection.sendall(command)
                if self.replies.readline().startswith(b":"):
                    return
            except OSError:
                pass
            self.replies = None
            time.sleep(0.05)


store = Store(os.environ["STORE"] + "/redis.sock")
for line in sys.stdin:
    order, price = line.split()
    store.set(order, price)
    print(order, price, flush=True)
