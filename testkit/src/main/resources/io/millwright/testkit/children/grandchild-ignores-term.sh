#!/bin/sh
# Starts a child that ignores TERM, prints "grandchild PID" and "ready", and ends on TERM itself.
sh -c 'trap "" TERM; while :; do sleep 1; done' &
echo "grandchild $!"
echo ready
wait
