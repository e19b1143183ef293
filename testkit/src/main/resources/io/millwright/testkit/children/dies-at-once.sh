#!/bin/sh
# Ends at once, silently, with the code of the first argument (default 3).
exit "${1:-3}"
