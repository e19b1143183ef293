#!/bin/sh
# Prints "ready" and dies of SIGSEGV.
ulimit -c 0
echo ready
kill -SEGV $$
