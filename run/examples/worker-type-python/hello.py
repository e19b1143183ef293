"""Says hello once a second until it is told to stop."""
import itertools
import sys
import time

who = sys.argv[1] if len(sys.argv) > 1 else "world"
for number in itertools.count(1):
    print(f"hello {who}, {number}")
    time.sleep(1)
