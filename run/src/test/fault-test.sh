#!/bin/sh
# Makes each fault for real under a node with real workers, from an unpacked distribution:
#   fault-test.sh DISTRIBUTION
# A fault is injected, what a user sees is stated, the fault is taken away, and nothing is lost: workers, exits, numbered log
# lines. docs/states.md has the list. Prints one line a check; exits 1 if one failed. Nothing it started is left behind.
# It calls itself with a second word, full-disk or few-watches, in a namespace with a small disk or limits of its own.
set -u
unset CDPATH MILLWRIGHT_DIR MILLWRIGHT_URL NOTIFY_SOCKET

[ $# -ge 1 ] || { echo "usage: $0 DISTRIBUTION" >&2; exit 2; }
here=$(cd -P "$(dirname "$0")" && pwd -P) || exit 1
home=$(cd -P "$1" && pwd -P) || exit 1
mw=$home/bin/millwright
temp=$(mktemp -d "${TMPDIR:-/tmp}/mwfXXXXXX") || exit 1
temp=$(cd -P "$temp" && pwd -P)
place=$temp
nodes=
failed=0
checks=0
# shellcheck source=run/src/test/checks.sh
. "$here/checks.sh"

clean_up() {
    for node in $nodes; do
        [ ! -s "$node/run/pid" ] || "$mw" stop --kill "$node" >/dev/null 2>&1
    done
    [ -z "$halted" ] || kill -CONT "$halted" 2>/dev/null
    chmod -R u+w "$temp"
    rm -rf "$temp" 2>/dev/null
}
halted=
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

end() {
    echo "$checks checks, $failed failed"
    exit "$((failed > 0))"
}

# begin NAME [OWNER]: a node with a worker that numbers its lines, and one that is restarted; sets $node and $pid
begin() {
    node=$place/$1
    mkdir "$node"
    cat >"$node/node.json" <<'END'
{"version": 2, "workers": [
  {"type": "guest", "id": "lines", "executable": "/bin/sh",
   "arguments": ["-c", "i=0; while [ ! -e end ]; do i=$((i + 1)); echo line $i; sleep 0.02; done; echo last; exec sleep 1000"]},
  {"type": "guest", "id": "again", "executable": "/bin/sleep", "arguments": ["1000"],
   "options": {"restart": {"policy": "always", "delay": "100ms", "max": "2s"}}}]}
END
    [ -z "${2:-}" ] || chown "$2" "$node"
    nodes="$nodes $node"
    expect "$1: a node" 0 "is ready" -- "$mw" start "$node"
    pid=$(cat "$node/run/pid")
    eventually "$1: its worker prints" grep -q 'line 5$' "$node/log/workers/lines.log"
}

ask() { timeout 60 "$mw" -d "$node" "$@"; }
pid_of() { ask worker:info --json "$1" | sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' | head -n 1; }
is_another() { [ "$(pid_of "$1")" != "$2" ] && ask worker:list | grep -q "^$1 *guest *started"; }
why() { ask worker:why "$1" | grep -E -e "$2"; }
why_not() { ! why "$@"; }

# Every line that was printed is in the log file, or counted there as lost.
all_lines_are_there() {
    touch "$node/end"
    eventually "$1: the last line" grep -q ' last$' "$node/log/workers/lines.log"
    expect "$1: no line is missing that is not said to be lost" 0 -- awk '
        / line [0-9]+$/ {
            if ($NF != before + 1 + lost) { print "after " before " and " lost " lost: " $0; bad = 1 }
            before = $NF; lost = 0
        }
        / lines?, [0-9]+ bytes lost/ { for (i = 2; i <= NF; i++) if ($i ~ /^lines?,$/) lost += $(i - 1) }
        END { exit bad }' "$node/log/workers/lines.log"
}

well_again() {
    eventually "$1: nothing is wrong any more" ask node:doctor
    all_lines_are_there "$1"
    expect "$1: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
}

# --- no space: the node's disk is full while it runs, and has room again -----------------------------------------------------
if [ "${2:-}" = full-disk ]; then
    place=$temp/disk
    mkdir "$place" && mount -t tmpfs -o size=6m tmpfs "$place" || exit 1
    begin full
    again=$(pid_of again)
    dd if=/dev/zero of="$place/fill" bs=4k 2>/dev/null
    eventually "lines that cannot be written are said to be lost, and why" why lines "of its log file are lost.*No space left"
    kill -KILL "$again"
    eventually "a worker that dies meanwhile comes back" is_another again "$again"
    expect "a configuration that cannot be saved is refused" 1 "No space left" -- ask worker:start kept guest --save -- sleep 1000
    expect "and is not there by half" 1 "kept" -- ask worker:info kept
    expect "a stop stops" 0 "stopped" -- ask worker:stop again
    expect "doctor says what could not be kept" 1 "state/.* could not be written.*No space left" -- ask node:doctor
    rm "$place/fill"
    eventually "lines are written again, and the gap is in the file" grep -q ' lost' "$node/log/workers/lines.log"
    expect "with room it is saved" 0 "started" -- ask worker:start kept guest --save -- sleep 1000
    expect "and deleted" 0 -- ask worker:delete kept
    all_lines_are_there full
    expect "full: restart" 0 "ready again" -- timeout 60 "$mw" restart "$node"
    expect "the death on a full disk is in the history" 0 "again *guest *$again .*KILL" -- ask worker:history
    expect "the stop on a full disk is remembered" 0 "again *guest *inactive .*stopped by .*holds until" -- ask worker:list --all
    expect "full: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
    end
fi

# --- too few watches of inotify, for a node in a namespace that has a limit of its own -----------------------------------------
if [ "${2:-}" = few-watches ]; then
    echo "${4:-8}" >"/proc/sys/user/max_inotify_$3" || exit 1
    node=$temp/watches
    mkdir -p "$node/site/a" "$node/site/b" "$node/site/c" "$node/site/d" "$node/site/e"
    echo '{"version": 2, "workers": [{"type": "guest", "id": "w", "executable": "/bin/sleep", "arguments": ["1000"],
        "options": {"watch": {"directories": ["site"]}}}]}' >"$node/node.json"
    nodes=$node
    expect "too few $3: a node starts" 0 "is ready" -- "$mw" start "$node"
    eventually "it says that files are not watched, and which limit it is" why w "not watched.*fs.inotify.max_user_$3"
    expect "doctor says so" 1 "^error: worker w" -- ask node:doctor
    echo 1000 >"/proc/sys/user/max_inotify_$3"
    touch "$node/node.json"
    eventually "with more of them they are watched" why_not w "not watched"
    expect "too few $3: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
    end
fi

# --- two nodes at once: one of them runs, each other says why not -------------------------------------------------------------
mkdir "$temp/once"
echo '{"version": 2}' >"$temp/once/node.json"
nodes="$nodes $temp/once"
# How many of them say it.
said() { grep -l -e "$1" "$temp"/once.[1-5] | wc -l | tr -d ' '; }
all_said() { [ "$(said 'already runs')" -eq 4 ] && grep -q 'is ready' "$temp"/once.[1-5]; }
for how in start run; do
    jobs=
    for i in 1 2 3 4 5; do
        "$mw" "$how" "$temp/once" >"$temp/once.$i" 2>&1 &
        jobs="$jobs $!"
    done
    eventually "$how: of five one runs, and the others say which" all_said
    expect "$how: and it is well" 0 "ready" -- "$mw" status "$temp/once"
    expect "$how: stop of it" 0 "has stopped" -- "$mw" stop "$temp/once"
    # shellcheck disable=SC2086 # words are wanted
    wait $jobs
done

# --- out of file descriptors ------------------------------------------------------------------------------------------------------
if command -v prlimit >/dev/null; then
    begin files
    again=$(pid_of again)
    before=$(prlimit --pid "$pid" --nofile --output SOFT --noheadings | tr -d ' ')
    # A start needs four, and a command one of them.
    for warm in worker:list node:doctor; do ask "$warm" >/dev/null; done
    # shellcheck disable=SC2012 # names are numbers
    leave() {
        prlimit --pid "$pid" --nofile="$(ls "/proc/$pid/fd" | sort -n | awk -v room="$1" '
            { while (next_one < $1 && room > 0) { next_one++; room-- } if (next_one == $1 && room > 0) next_one++ }
            END { print next_one + room }'):"
    }
    leave 3
    expect "a start is refused with the limit" 1 "Too many open files; .*ulimit -n" -- ask worker:start more guest -- sleep 1000
    expect "nothing was started by half" 0 "more *guest *failed" -- ask worker:list --all
    expect "doctor names it" 1 "^error: open files" -- ask node:doctor
    leave 0
    expect "a command is refused with the limit" 1 "as many open files as it may have.*ulimit -n|does not answer" -- ask worker:list
    kill -KILL "$again"
    eventually "what cannot be done for the dead one is in the log" \
        grep -E "cannot look for processes|worker again: not started .*limit of open files" "$node/log/node.log"
    prlimit --pid "$pid" --nofile="$before:"
    eventually "with room it comes back" is_another again "$again"
    expect "its death is in the history" 0 "again *guest *$again " -- ask worker:history
    expect "the log is not flooded" 0 '^[01]$' -- sh -c 'grep -c "cannot look for processes" "$1" || true' sh "$node/log/node.log"
    expect "and the refused one starts" 0 "started" -- ask worker:start more
    expect "its stop" 0 -- ask worker:stop more
    well_again files
fi

# --- a worker that is halted ---------------------------------------------------------------------------------------------------------
begin halted
halted=$(pid_of lines)
kill -STOP "$halted"
eventually "a halted worker is said to be halted" why lines "process $halted is halted"
expect "doctor says so" 0 "process $halted is halted" -- ask node:doctor
kill -CONT "$halted"
eventually "and is not any more" why_not lines "halted"
halted=
well_again halted

# --- native workers that do everything wrong ------------------------------------------------------------------------------------------
if command -v python3 >/dev/null; then
    begin natives
    again=$(pid_of again)
    lines=$(pid_of lines)
    # native CODE PATTERN DOES [ARGUMENT]: a start of one that does it
    native() {
        code=$1
        pattern=$2
        does=$3
        shift 2
        expect "a native worker that $does" "$code" "$pattern" -- ask worker:start "$does" process start.timeout=4s \
            stop.timeout=2s restart=never -- python3 "$here/native/worker-that.py" "$@"
    }
    says() { ask worker:log "$1" | grep -F -e "$2"; }
    is_gone() { for one; do [ ! -d "/proc/$one" ] || grep -q '^State:.Z' "/proc/$one/status" || return 1; done; }
    reason() { eventually "$1: $2" why "$1" "$2"; }

    native 1 "ended before it was ready \(it had not joined\): exit code 0" exits
    native 1 "not ready within 4 s \(start.timeout\): it has not joined" hangs
    native 1 "not ready within 4 s \(start.timeout\): it has joined and does not say that it is ready" joins-and-hangs
    native 1 "it had not joined.*" sends-garbage
    expect "the log says what it sent" 0 "does not speak RawSocket" -- cat "$node/log/node.log"
    native 1 "it had joined.*" sends-garbage-later
    eventually "and this, too" grep -E "'sends-garbage-later'.*was ended: " "$node/log/node.log"
    native 1 "it had not joined" has-a-foreign-token lines
    expect "a token is good for its worker alone" 0 "as another: .*authentication_failed" -- ask worker:log has-a-foreign-token
    expect "a token that is none is good for nobody" 0 "a wrong one: .*authentication_failed" -- ask worker:log has-a-foreign-token
    native 0 "started" uses-its-token-twice
    expect "a token is good once" 0 "again: .*authentication_failed" -- ask worker:log uses-its-token-twice
    native 0 "started" goes-elsewhere lines
    expect "none of the names of others is its" 0 "others: \['wamp.error.not_authorized'\]$" -- ask worker:log goes-elsewhere
    expect "its own are" 0 "own: \['ok'\]$" -- ask worker:log goes-elsewhere
    native 0 "started" writes-anything
    eventually "forged records are text" says writes-anything 'forged by hand"}'
    expect "and no records" 0 "^0$" -- sh -c '"$@" | grep -c forged || true' sh "$mw" -d "$node" worker:log --level error writes-anything
    native 0 "started" closes-its-input
    eventually "its input is its own affair" says closes-its-input "is closed"
    native 0 "started" joins-by-a-child
    child=$(pgrep -P "$(pid_of joins-by-a-child)")
    expect "its child is ended with it" 0 "requested" -- ask worker:stop joins-by-a-child
    eventually "and gone" is_gone "$child"
    native 0 "started" floods
    native 0 "started" asks-and-does-not-listen
    reason asks-and-does-not-listen "control channel lost .*reads too slowly"
    expect "meanwhile the node answers" 0 "ready" -- ask node:status
    expect "one that floods is stopped" 0 "requested" -- ask worker:stop floods
    expect "one that does not listen is stopped" 0 "requested" -- ask worker:stop asks-and-does-not-listen
    halted=$(pid_of goes-elsewhere)
    kill -STOP "$halted"
    reason goes-elsewhere "process $halted is halted"
    expect "a halted one is stopped" 0 "requested" -- ask worker:stop goes-elsewhere
    halted=
    expect "the others are as they were" 0 "^$again $lines$" -- echo "$(pid_of again) $(pid_of lines)"
    native 0 "started" stays
    all=$(ask worker:list | awk '$4 + 0 > 0 { print $4 }')
    kill -KILL "$pid"
    # shellcheck disable=SC2086
    eventually "a node that is killed takes all of them with it" is_gone $all
    expect "natives: the next life" 0 "is ready" -- timeout 60 "$mw" start "$node"
    expect "natives: nothing is wrong" 0 -- ask node:doctor
    expect "natives: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
else
    echo "skipped: native workers that do everything wrong, for there is no python3"
fi

# --- the node's own log is removed ------------------------------------------------------------------------------------------------------
begin nodelog
rm "$node/log/node.log"
expect "nodelog: a worker is restarted" 0 "again" -- ask worker:restart again
eventually "a removed log is opened anew, and no line is lost" grep -q "worker again: started" "$node/log/node.log"
expect "it says why it begins there" 0 "was removed or renamed" -- cat "$node/log/node.log"
mv "$node/log/node.log" "$node/log/node.log.moved"
: >"$node/log/node.log"
expect "doctor is content with a log that was moved by a rotator" 0 "nothing is wrong" -- ask node:doctor
expect "nodelog: and again" 0 "again" -- ask worker:restart again
eventually "lines go to the file of that name" grep -q "worker again: started" "$node/log/node.log"
rm "$node/log/node.log"
mkfifo "$node/log/node.log"
expect "a pipe in its place: the node goes on" 0 "again" -- ask worker:restart again
expect "doctor names it" 1 "^error: log/node.log" -- ask node:doctor
rm "$node/log/node.log"
eventually "nodelog: well again" ask node:doctor
expect "the log is there again" 0 "was removed or renamed" -- cat "$node/log/node.log"
all_lines_are_there nodelog
expect "nodelog: restart" 0 "ready again" -- timeout 60 "$mw" restart "$node"
# The log is written a moment later.
eventually "the next life has a log" grep -q "the node is ready" "$node/log/node.log"
eventually "nodelog: nothing is wrong any more" ask node:doctor
expect "nodelog: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"

# --- no permission: a log folder that is closed to the node's user, and open again ---------------------------------------------------
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    chmod 755 "$temp"
    printf '#!/bin/sh\nexec setpriv --reuid 65001 --regid 65001 --clear-groups env HOME=/ "%s" "$@"\n' "$mw" >"$temp/mw"
    chmod 755 "$temp/mw"
    mw=$temp/mw
    begin closed 65001:65001
    chown 0:0 "$node/log/workers"
    chmod 755 "$node/log/workers"
    mv "$node/log/workers/lines.log" "$temp/first.log"
    eventually "lines that may not be written are said to be lost, and why" why lines "of its log file are lost.*ermission denied"
    expect "doctor says so" 0 "worker lines" -- ask node:doctor
    chown 65001:65001 "$node/log/workers"
    eventually "closed: they are written again" test -s "$node/log/workers/lines.log"
    cat "$node/log/workers/lines.log" >>"$temp/first.log"
    expect "and the gap is in the file" 0 "lines?, [0-9]+ bytes lost" -- cat "$temp/first.log"
    expect "closed: stop" 0 "has stopped" -- timeout 60 "$mw" stop "$node"
    mw=$home/bin/millwright
fi

# --- no memory: for the node's own JVM, for a worker ------------------------------------------------------------------------------------
begin memory
expect "memory: stop" 0 -- "$mw" stop "$node"
for limit in 300000 1000000 2000000; do
    # shellcheck disable=SC2016
    expect "a start with $limit KiB of addresses says what is missing" 1 "does not get the memory.*ulimit -v" -- \
        sh -c 'ulimit -v "$1"; exec timeout 60 "$2" start "$3"' sh "$limit" "$mw" "$node"
done
rm -f "$node/log/workers/lines.log"
expect "memory: a start without the limit" 0 "is ready" -- "$mw" start "$node"
# shellcheck disable=SC2016
expect "a worker with less memory than it wants" 0 "started" -- ask worker:start eater guest limits.as=100MiB -- \
    perl -e '$x = "x" x 5e8; sleep 1000'
eventually "fails, and its own words say why" why eater "memory"
expect "the others are as they were" 0 "again *guest *started" -- ask worker:list
well_again memory

# The node's own disk, and nobody else's.
if unshare -rm sh -c 'mount -t tmpfs tmpfs /mnt' 2>/dev/null; then
    unshare -rm sh "$here/fault-test.sh" "$1" full-disk || failed=$((failed + 1))
else
    echo "skipped: a full disk, for no disk can be mounted here"
fi
# The limits of a user namespace.
if unshare -rU sh -c 'echo 1000 >/proc/sys/user/max_inotify_watches' 2>/dev/null; then
    unshare -rU sh "$here/fault-test.sh" "$1" few-watches watches 8 || failed=$((failed + 1))
    unshare -rU sh "$here/fault-test.sh" "$1" few-watches instances 1 || failed=$((failed + 1))
else
    echo "skipped: too few watches, for there are no limits of a user namespace here"
fi
end
