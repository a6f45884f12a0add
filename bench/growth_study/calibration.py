"""How much slower this machine's processors get when all of them are busy: virtual ones share cores and caches."""
import functools
import os
import statistics
import subprocess
import sys

PROGRAM = """
import time, zlib
data = b"".join(str(i * 2654435761 % 9973).encode() for i in range(400000))
begin = time.process_time()
for _ in range(3): zlib.compress(data, 6)
print(time.process_time() - begin)
"""


def seconds(count):
    """CPU seconds of a fixed piece of work, when so many processes do it at once."""
    started = [subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return statistics.mean(float(p.communicate()[0]) for p in started)


@functools.cache
def sharing():
    alone = min(seconds(1) for _ in range(3))
    return statistics.median(seconds(os.cpu_count()) for _ in range(3)) / alone
