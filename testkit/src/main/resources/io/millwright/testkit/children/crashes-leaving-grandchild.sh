#!/bin/sh
# Starts a child, prints "grandchild PID" and dies with code 1, leaving it behind in its group.
sleep 3600 &
echo "grandchild $!"
exit 1
