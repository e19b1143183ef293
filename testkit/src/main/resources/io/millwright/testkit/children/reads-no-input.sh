#!/bin/sh
# Prints "ready" and never reads what is on its standard input.
echo ready
exec sleep 3600
