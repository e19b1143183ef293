# A chatty worker: a line a second, a word on standard error now and then.
n=0
while :; do
    n=$((n + 1))
    echo "tick $n"
    [ $((n % 10)) -ne 0 ] || echo "that makes $n" >&2
    sleep 1
done
