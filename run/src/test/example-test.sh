#!/bin/sh
# Does what the README of an example says, command by command, with a distribution:
#   example-test.sh DISTRIBUTION EXAMPLE
# Every ```sh block of the README is run in the example's folder, with the distribution on the PATH and DIR a new node
# directory; in between it is checked that the worker lives on. Exits 1 at the first thing that is not so.
set -u
unset CDPATH MILLWRIGHT_DIR NOTIFY_SOCKET

[ $# -eq 2 ] || { echo "usage: $0 DISTRIBUTION EXAMPLE" >&2; exit 2; }
home=$(cd -P -- "$1" && pwd -P) || exit 1
example=$(cd -P -- "$2" && pwd -P) || exit 1
command -v python3 >/dev/null || { echo "example-test: skipped, there is no python3" >&2; exit 0; }

# Short: a socket's path must fit.
temp=$(mktemp -d "${TMPDIR:-/tmp}/mwXXXXXX") || exit 1
temp=$(cd -P "$temp" && pwd -P)
DIR=$temp/node
watchdog=
block=
old=
new=

clean_up() {
    [ -z "$block" ] || kill "$block" 2>/dev/null
    [ -z "$watchdog" ] || kill "$watchdog" 2>/dev/null
    [ ! -s "$DIR/run/pid" ] || "$home/bin/millwright" stop "$DIR" >/dev/null 2>&1
    rm -rf "$temp"
}
trap clean_up EXIT
trap 'echo "example-test: FAILED: ended by a signal or after ten minutes; see above for the last step" >&2; exit 1' INT TERM HUP

fail() {
    echo "example-test: FAILED: $*" >&2
    [ ! -f "$DIR/log/node.log" ] || tail -n 40 "$DIR/log/node.log" >&2
    exit 1
}

# mvn as the README says, but quiet, and offline if that will do.
mkdir "$temp/bin"
mvn=$(command -v mvn) || fail "there is no mvn on the PATH"
cat >"$temp/bin/mvn" <<END
#!/bin/sh
"$mvn" -B -q -o -Daether.offline.protocols=file "\$@" >"$temp/mvn.log" 2>&1 ||
    exec "$mvn" -B -q "\$@"
END
chmod +x "$temp/bin/mvn"
PATH=$temp/bin:$home/bin:$PATH
export PATH DIR

# --- the blocks of the README, one file each ----------------------------------------------------------------------------
awk -v to="$temp/block" '
    /^```sh$/ { inside = 1; count++; next }
    /^```$/ { inside = 0 }
    inside { print > (to count) }
    END { print count + 0 }' "$example/README.md" >"$temp/count"
count=$(cat "$temp/count")
[ "$count" -ge 2 ] || fail "the README has only $count blocks of commands"
type=${example##*worker-type-}

# What the README takes for granted.
if grep -q MODULES "$temp"/block*; then
    MODULES=
    for folder in $(printf '%s' "${NODE_PATH:-}" | tr ':' ' '); do
        [ ! -d "$folder/autobahn" ] || MODULES=$folder
    done
    if [ -z "$MODULES" ] || ! command -v node >/dev/null; then
        echo "example-test: skipped $example: there is no node, or no autobahn in NODE_PATH" >&2
        exit 0
    fi
    export MODULES
fi
runs=
if ! grep -q 'millwright.* start' "$temp"/block*; then
    millwright init "$DIR" >/dev/null || fail "no node directory could be made"
    millwright start "$DIR" || fail "the node could not be started"
    runs=yes
fi

pid_of() {
    millwright -d "$DIR" worker:info --json "$1" | sed -n 's/.*"pid" *: *\([0-9][0-9]*\).*/\1/p' | head -n 1
}

cd "$example" || exit 1
rm -rf target
# The loops of the README wait as long as it takes; a test must not.
(sleep 600 & trap 'kill $!; exit' TERM; wait $!; kill -TERM $$) >/dev/null 2>&1 &
watchdog=$!
number=0
while [ "$number" -lt "$count" ]; do
    number=$((number + 1))
    before=
    if grep -q '^rm .*deploy' "$temp/block$number"; then
        before=$(pid_of greeter)
        [ -n "$before" ] || fail "the worker has no process"
    fi
    if grep -q 'worker:restart' "$temp/block$number"; then
        old=$(pid_of greeter)
    fi
    sed 's/^/+ /' "$temp/block$number"
    # In the background, for a signal's trap does not wait for a "wait".
    sh -eu "$temp/block$number" </dev/null &
    block=$!
    wait "$block" || fail "these commands of the README, exit code $?"
    block=
    if [ -n "$before" ]; then
        [ "$(pid_of greeter)" = "$before" ] && kill -0 "$before" || fail "the worker did not live on without its type"
        echo "ok      process $before lives on without its type"
    fi
    if grep -q 'worker:restart' "$temp/block$number"; then
        new=$(pid_of greeter)
        [ -n "$new" ] && [ "$new" != "$old" ] || fail "process $old was not replaced"
        echo "ok      process $new took the place of $old"
    fi
done
[ -z "$runs" ] || millwright stop "$DIR" || fail "the node could not be stopped"
[ ! -s "$DIR/run/pid" ] || fail "the node still runs"
[ -z "$new" ] || ! kill -0 "$new" 2>/dev/null || fail "process $new is left"
case $(unzip -p "target/worker-type-$type.jar" META-INF/MANIFEST.MF | tr -d '\r\n ') in
    *Provide-Capability:*io.millwright.worker.type\;worker.type="$type"*) echo "ok      the bundle provides the capability" ;;
    *) fail "the bundle does not say which worker type it provides" ;;
esac
echo "example-test: the README of $(basename "$example") is right"
