#!/bin/sh
# Prints "ready" and ignores TERM for ever.
trap '' TERM
echo ready
while :; do sleep 1; done
