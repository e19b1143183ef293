#!/bin/sh
# Drives an unpacked distribution through its command line, from a temporary folder:
#   cli-test.sh DISTRIBUTION      a folder, a .tar.gz or a .zip
# Prints one line a check; exits 1 if one failed. Nothing it started is left behind.
set -u
unset CDPATH MILLWRIGHT_DIR MILLWRIGHT_URL NOTIFY_SOCKET

[ $# -eq 1 ] || { echo "usage: $0 DISTRIBUTION" >&2; exit 2; }
case $1 in /*) given=$1 ;; *) given=$PWD/$1 ;; esac
here=$(cd -P "$(dirname "$0")" && pwd -P) || exit 1
examples=$(cd -P "$here/../../examples" && pwd -P) || exit 1
# Short: a socket's path must fit.
temp=$(mktemp -d "${TMPDIR:-/tmp}/mwXXXXXX") || exit 1
temp=$(cd -P "$temp" && pwd -P)
nodes=
failed=0
checks=0

clean_up() {
    for node in $nodes; do
        [ ! -s "$node/run/pid" ] || "$mw" stop "$node" >/dev/null 2>&1
    done
    chmod -R u+w "$temp"
    rm -rf "$temp"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# shellcheck source=run/src/test/checks.sh
. "$here/checks.sh"

# --- the installation: read-only, reached through a link, in a path with a blank --------------------------------------
case $given in
    *.tar.gz) mkdir "$temp/un packed" && tar -xzf "$given" -C "$temp/un packed" ;;
    *.zip) mkdir "$temp/un packed" && unzip -q "$given" -d "$temp/un packed" ;;
    *) mkdir "$temp/un packed" && cp -R "$given" "$temp/un packed/" ;;
esac || exit 1
home=$(echo "$temp/un packed/"millwright-*)
before=$(cd "$home" && find . | sort)
chmod -R a-w "$home"
mkdir "$temp/bin" "$temp/work"
ln -s "$home/bin/millwright" "$temp/bin/first"
ln -s first "$temp/bin/mw"
mw=$temp/bin/mw
cd "$temp/work" || exit 1

# --- usage --------------------------------------------------------------------------------------------------------------
expect "no command is wrong usage" 2 "no command" -- "$mw"
expect "an unknown command is wrong usage" 2 "unknown command 'walk'" -- "$mw" walk
expect "an unknown option is wrong usage" 2 "no option '--fast'" -- "$mw" start --fast
expect "two directories are wrong usage" 2 "takes one" -- "$mw" check a b
expect "-d without a directory is wrong usage" 2 "needs a node directory" -- "$mw" -d
# A terminal would act on it. grep -v: no line may have the ESC.
# shellcheck disable=SC2016
expect "what was typed is shown harmless" 1 -- sh -c '"$1" "$(printf "a\\033[2J\\302\\233")" 2>&1 | grep "$(printf "[\\033\\233]")"' sh "$mw"
expect "help" 0 "worker:list" -- "$mw" help
expect "version" 0 "^Millwright [0-9]" -- "$mw" version
expect "through the PATH" 0 "^Millwright" -- env PATH="$temp/bin:$PATH" mw version

# --- a directory without a node -----------------------------------------------------------------------------------------
expect "run without configuration says init" 1 "millwright init" -- "$mw" run "$temp/work"
expect "check without configuration says init" 1 "millwright init" -- "$mw" check "$temp/work"
expect "start of what is not there says init" 1 "millwright init" -- "$mw" start "$temp/none"
expect "start without configuration fails with the reason" 1 "no configuration" -- "$mw" start "$temp/work"
rm -rf "$temp/work/log"
expect "status where no node runs" 69 -- "$mw" status "$temp/work"
expect "stop where no node runs" 69 -- "$mw" stop "$temp/work"
expect "a command where no node runs" 69 -- "$mw" -d "$temp/work" worker:list
expect "a file is no node directory" 1 "not a directory" -- "$mw" run "$temp/bin/first"

# --- init, check --------------------------------------------------------------------------------------------------------
node=$temp/work/.millwright
expect "init makes ./.millwright" 0 "created $node/node.json" -- "$mw" init
expect "init overwrites nothing" 1 "there already" -- "$mw" init
# shellcheck disable=SC2016
expect "init in a directory that is gone makes nothing" 1 "current directory is gone" -- \
    sh -c 'mkdir gone && cd gone && rmdir ../gone && "$1" init' sh "$mw"
mkdir -p "$temp/mute/log"
cp "$node/node.json" "$temp/mute/"
ln -s "$temp/none/console.log" "$temp/mute/log/console.log"
expect "a log that cannot be written is named" 1 "cannot write .*/log/console.log" -- "$mw" start "$temp/mute"
rm "$temp/mute/log/console.log"
# Opening a FIFO waits for its reader.
for log in console.log node.log; do
    mkfifo "$temp/mute/log/$log"
    expect "a FIFO for its $log is named" 1 "log/$log is a .*FIFO" -- "$mw" start "$temp/mute"
    rm "$temp/mute/log/$log"
done
expect "check finds the new node in order" 0 -- "$mw" check
expect "check wrote nothing" 0 '^node\.json$' -- ls -A "$node"
mkdir "$temp/bad"
sed 's/"executable"/"exekutable"/' "$node/node.json" >"$temp/bad/node.json"
expect "check tells what is wrong" 1 "exekutable" -- "$mw" check "$temp/bad"
mkdir -p "$temp/own/etc"
cp "$node/node.json" "$temp/own/"
echo 'shutdwn.triggers = x' >"$temp/own/etc/io.millwright.controller.cfg"
expect "check tells what is wrong with the node's own configuration" 1 "io.millwright.controller: shutdwn.triggers" -- "$mw" check "$temp/own"
mkdir "$temp/escape"
printf '{"version": 2, "workers": [{"type": "guest", "id": "a\\u001b[31m", "executable": "/bin/true"}]}' >"$temp/escape/node.json"
expect "a control character of a file is shown harmless" 1 "worker id 'a[?][[]31m' is not valid" -- "$mw" check "$temp/escape"
expect "run refuses what check refuses" 1 "exekutable" -- "$mw" run "$temp/bad"
expect "and says it once" 0 '^1$' -- sh -c '"$1" run "$2" 2>&1 | grep -c exekutable' sh "$mw" "$temp/bad"

# --- background ---------------------------------------------------------------------------------------------------------
nodes="$nodes $node"
mkfifo "$temp/held"
# Two ends of one fifo: it has a reader as long as a process holds it.
exec 8<>"$temp/held"
# shellcheck disable=SC2016
expect "start returns when the node is ready" 0 "is ready" -- \
    sh -c 'umask 000; exec 7<"$2" 8<&-; "$1" start' sh "$mw" "$temp/held"
exec 8<&-
if [ -d "/proc/$(cat "$node/run/pid")/fd" ]; then
    # shellcheck disable=SC2016
    expect "a node holds none of its caller's files" 1 -- \
        sh -c 'ls -l "/proc/$1/fd" | grep -F "$2"' sh "$(cat "$node/run/pid")" "$temp/held"
fi
expect "others may write nowhere in the node directory, whatever the mask was" 1 -- \
    sh -c 'find "$1" ! -type l ! -type s -perm -002 | grep .' sh "$node"
expect "classes of bundles come from the class path" 0 '^classpath' -- cat "$node/cache/framework.bundles"
expect "a second start is refused, naming the pid" 1 "pid $(cat "$node/run/pid")" -- "$mw" start
expect "a second run is refused, naming the pid" 1 "pid $(cat "$node/run/pid")" -- "$mw" run
expect "check beside a running node" 0 -- "$mw" check
expect "status" 0 "ready" -- "$mw" status
expect "status of a directory after an option" 0 '"state":"ready"' -- sh -c "cd / && '$mw' status --json '$node'"
expect "status with -d behind it" 0 "ready" -- sh -c "cd / && '$mw' status -d '$node'"
expect "an option that status does not have" 2 "'status' has no option '--jsno'" -- "$mw" status --jsno
expect "the default directory is found" 0 "hello" -- "$mw" worker:list
expect "the directory of the environment" 0 "hello" -- env MILLWRIGHT_DIR="$node" sh -c "cd / && '$mw' worker:list"
expect "-d" 0 "hello" -- sh -c "cd / && '$mw' -d '$node' worker:list"
expect "a command that fails" 1 "nobody" -- "$mw" worker:info nobody
# shellcheck disable=SC2016
expect "arguments arrive literally" 1 '\$HOME;\[' -- "$mw" worker:info 'a$HOME;["'
expect "a command of any scope, without it" 0 "Pax Logging" -- "$mw" lb
# A bundle is given by its name or number.
expect "a bundle is stopped by its name" 0 -- "$mw" felix:stop io.millwright.watcher.fs
expect "it is" 0 "Resolved.*file watcher" -- "$mw" lb
number=$("$mw" lb | sed -n 's/^ *\([0-9]*\)|.*file watcher.*/\1/p')
expect "and started by its number" 0 -- "$mw" felix:start "$number"
expect "it runs" 0 "Active.*file watcher" -- "$mw" lb
expect "stopped by its number" 0 -- "$mw" felix:stop "$number"
expect "and started again" 0 -- "$mw" felix:start "$number"
expect "what is no bundle" 2 "felix:stop does not take these arguments" -- "$mw" felix:stop no.such.bundle
expect "an unknown one is the node's to answer" 2 "no command 'lbb'.*nearest" -- "$mw" lbb
expect "the node's own commands are listed" 0 "^worker:why ID" -- "$mw" node:help
expect "one of them is told of" 0 "^usage: worker:router " -- "$mw" node:help worker:router
# shellcheck disable=SC2016
expect "help in the shell lists them too" 0 "^worker:why ID" -- sh -c 'echo help | "$1" shell' sh "$mw"
if command -v bash >/dev/null; then
    # shellcheck disable=SC2016
    expect "bash completes a command" 0 "^worker:why$" -- bash -c '. "$1"
        COMP_WORDS=("$2" worker:wh) COMP_LINE="$2 worker:wh" COMP_WORDBREAKS=
        COMP_POINT=${#COMP_LINE}
        _millwright
        printf "%s\n" "${COMPREPLY[@]}"' bash "$home/completion/millwright.bash" "$mw"
fi
expect "a misspelt id" 1 "did you mean 'hello'" -- "$mw" worker:info helo
expect "a worker that colours and clears its terminal" 0 -- "$mw" worker:start esc guest -- \
    printf 'a\033[2Jb\033[31mred\033[0m\r\302\233c\n'
if script -qc true /dev/null >/dev/null 2>&1; then
    eventually "its log on a terminal" sh -c "script -qc \"'$mw' worker:log esc\" /dev/null | grep -F 'a\\x1b[2Jb$(printf '\033[31mred\033[0m')\\x0d\\x9bc'"
    eventually "its log on a terminal, raw" sh -c "script -qc \"'$mw' worker:log --raw esc\" /dev/null | grep -F 'a$(printf '\033[2Jb\033[31mred')'"
fi
eventually "its log in a pipe" sh -c "'$mw' worker:log esc | grep -F 'a$(printf '\033[2Jb\033[31mred')'"
# shellcheck disable=SC2016
expect "a worker that writes a lot into small files" 0 -- "$mw" worker:start pages guest log.max.size=64KiB log.keep=5 -- \
    sh -c 'i=0; while [ $i -lt 9000 ]; do echo "line $i of many"; i=$((i + 1)); done; exec sleep 600'
eventually "its last line is found" sh -c "'$mw' worker:log pages --grep 'line 8999 ' | grep 'out  line 8999 of many'"
expect "a rotated file" 0 "pages.log.*pages.log" -- sh -c 'echo "$1"/log/workers/pages.log*' sh "$node"
expect "lines in it are found by pattern, as one document" 0 '^[{]"matches":\[[{]"entry":.*line 4000 of.*"more":false' -- \
    "$mw" worker:log pages --pattern '^line 4000 .f' --json
expect "the newest that fit" 0 "older lines fit too: --until" -- "$mw" worker:log pages --grep many -n 2
expect "nothing in a pipe if none fits" 0 '^0$' -- sh -c '"$1" worker:log pages --grep nothing | wc -c' sh "$mw"
expect "with what is around it" 0 "^> .* line 4000 " -- "$mw" worker:log pages --grep "line 4000 " --context 1 --since 1h
# shellcheck disable=SC2016
stubborn() { "$mw" worker:start stubborn guest stop.timeout=10m -- sh -c 'trap "" TERM; trap "exit 7" INT; while :; do sleep 0.1; done'; }
expect "a worker that ignores TERM" 0 "started" -- stubborn
expect "is stopped by another signal" 0 "code 7" -- "$mw" worker:stop stubborn --signal INT
expect "again" 0 "started" -- stubborn
expect "has another timeout" 0 "signal KILL" -- timeout 60 "$mw" worker:stop --timeout 200ms stubborn
expect "its history in pages" 0 "older ones: --before [0-9]" -- "$mw" worker:history stubborn -n 1
expect "as one document" 0 '"before":null[}]$' -- "$mw" worker:history stubborn -n 2 --json
expect "events from the first on" 0 "^[0-9:.]+  1  " -- "$mw" node:events --after 0
expect "events that have not been yet" 1 "no event 999999" -- "$mw" node:events --after 999999
expect "start of another worker" 0 -- "$mw" worker:start sleepy guest -- sleep 600
guest=$("$mw" worker:info --json sleepy | sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' | head -n 1)
if [ -r "/proc/$guest/status" ]; then
    # 32 and 33 belong to the C library, and may be inherited
    expect "a guest ignores no signal" 0 "SigIgn:[[:space:]]*0+(180000000)?$" -- cat "/proc/$guest/status"
fi
pid=$(cat "$node/run/pid")
expect "restart keeps the process" 0 "ready again \(pid $pid\)" -- "$mw" restart
expect "the node answers after it" 0 "hello" -- "$mw" worker:list
chmod u+w "$home/bundle"
mv "$home/bundle/2" "$home/bundle/two"
expect "a restart from an installation that is not whole is refused" 1 "cannot read $home/bundle/2: .*goes on as it was" -- "$mw" restart
expect "and the node goes on" 0 "hello" -- "$mw" worker:list
mv "$home/bundle/two" "$home/bundle/2"
chmod a-w "$home/bundle"
expect "stop returns when the node is gone" 0 "has stopped" -- "$mw" stop
# Where nobody reaps orphans a zombie stays; it is gone all the same.
expect "its process is gone" 1 -- sh -c "kill -0 $pid && ! grep -q '^State:.Z' /proc/$pid/status"
expect "its guest is gone" 1 -- kill -0 "$guest"
expect "no node runs there now" 69 -- "$mw" status
# The kind: what is opened takes the number of a standard stream that is closed.
for closed in '<&- >&-' '>&- 2>&-'; do
    expect "start with $closed" 0 -- sh -c "'$mw' start $closed"
    expect "the node is ready" 0 "ready" -- "$mw" status
    expect "stop with $closed" 0 -- sh -c "'$mw' stop $closed"
done
expect "start after stop, from a shell that ignores INT" 0 -- sh -c "trap '' INT HUP; exec '$mw' start"
if [ -r "/proc/self/status" ]; then
    # HUP 1, INT 2: the lowest two bits
    expect "the node ignores neither INT nor HUP" 0 "SigIgn:.*[048c]$" -- cat "/proc/$(cat "$node/run/pid")/status"
fi

# --- changes: planned, saved, escaped -----------------------------------------------------------------------------------
expect "a plan names what would restart" 0 "hello +guest +restart +arguments" -- "$mw" worker:plan hello -- sh -c 'exec sleep 601'
sed 's/"hello"/"hallo"/' "$node/node.json" >"$temp/draft.json"
expect "a plan of a node file" 0 "hallo +guest +start" -- "$mw" worker:plan --node "$temp/draft.json"
expect "the same file changes nothing" 0 "nothing would change" -- "$mw" worker:plan --node "$node/node.json"
expect "a dry run starts nothing" 0 "kept +guest +start" -- "$mw" worker:start kept guest --dry-run -- sleep 600
expect "a start that is saved" 0 "kept started" -- "$mw" worker:start kept guest --save -- sleep 600
expect "the node's own processors" 0 "runs on" -- "$mw" node:process cpus
# Names are expanded in these files: an unknown one stays as it is, and backslashes hand the text on.
mkdir -p "$node/etc"
# shellcheck disable=SC2016
printf '%s\n' 'executable = echo' 'arguments = ["now=${HOME}", "home=${env:HOME}", "later=$\\{HOME\\}"]' \
    >"$node/etc/io.millwright.worker.guest-literal.cfg"
# shellcheck disable=SC2016
printf '%s\n' 'executable="echo"' 'arguments=["now\=${HOME}","home\=${env:HOME}","later\=$\\{HOME\\}"]' \
    >"$node/etc/io.millwright.worker.guest-literal2.config"
for id in literal literal2; do
    eventually "$id has run" sh -c "'$mw' worker:log $id | grep later"
    expect "what becomes of \${...} in $id" 0 "now=.[{]HOME[}] home=$HOME later=.[{]HOME[}]$" -- "$mw" worker:log "$id"
done
eventually "the audit log names the file" grep -q \
    '"who":"config:io.millwright.worker.guest~literal",.*"address":".*guest-literal.cfg","operation":"update_configuration"' \
    "$node/log/audit.log"
rm "$node/etc/io.millwright.worker.guest-literal.cfg" "$node/etc/io.millwright.worker.guest-literal2.config"
eventually "and its end" grep -q '"operation":"delete_configuration","target":"literal"' "$node/log/audit.log"
expect "the audit log names the user" 0 "\"who\":\"shell:$(id -un)\",.*\"operation\":\"save_worker\",\"target\":\"kept\"" -- cat "$node/log/audit.log"
expect "stop with a saved worker" 0 -- "$mw" stop
expect "start with a saved worker" 0 -- "$mw" start
expect "the node's end is audited" 0 '"operation":"shutdown",.*"result":"ok"' -- cat "$node/log/audit.log"
expect "the saved worker is back" 0 "kept +guest +started" -- "$mw" worker:list
expect "and comes from its configuration" 0 "config:io.millwright.worker.guest~kept" -- "$mw" worker:info kept
expect "it is deleted" 0 -- "$mw" worker:delete kept
expect "and gone" 1 -- sh -c "'$mw' worker:list | grep kept"

# --- a native worker in another JDK than the node's ------------------------------------------------------------------------
if [ -x "${JAVA_HOME:-none}/bin/javac" ]; then
    mkdir "$temp/hello"
    cat >"$temp/hello/Hello.java" <<'END'
import io.millwright.worker.runtime.Worker;

public class Hello {
    public static void main(String[] args) {
        Worker worker = Worker.join();
        worker.register("java", call -> System.getProperty("java.specification.version"));
        worker.ready();
    }
}
END
    expect "a native worker is compiled" 0 -- "$JAVA_HOME/bin/javac" --release 17 -cp "$home/lib/worker/*" -d "$temp/hello" "$temp/hello/Hello.java"
    for other in "$(dirname "$(readlink -f "$JAVA_HOME")")"/*; do
        [ -x "$other/bin/java" ] && [ -r "$other/release" ] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$other/release")
        [ "$version" -ge 17 ] || continue
        # some machines have a second name for it
        case " ${abroad-} " in *" $version "*) continue ;; esac
        abroad="${abroad-} $version"
        expect "a java worker on Java $version" 0 "abroad started" -- "$mw" worker:start abroad java main=Hello classpath="[\"$temp/hello\"]" java="$other/bin/java"
        expect "it answers from there" 0 "^$version\$" -- "$mw" worker:call abroad java
        expect "its end" 0 "code 0 \(requested\)" -- "$mw" worker:stop abroad
        expect "a container on Java $version" 0 "abroad started" -- "$mw" worker:start abroad container java="$other/bin/java" components='[]'
        expect "its end too" 0 "code 0 \(requested\)" -- "$mw" worker:stop abroad
    done
    expect "it is forgotten" 0 -- "$mw" worker:forget abroad
fi

# --- a node from afar -----------------------------------------------------------------------------------------------------
key=70e08e9e533a83f3527b2cf399af1c98485b44fcbbe60ff96f6217f5f80e4b71
expect "a remote principal with a ticket" 0 "^ticket: [0-9a-f]{64}$" -- "$mw" remote add ci --ticket
ticket_of() { echo "$node/$(sed -n 's/^ticketFile = //p' "$node/etc/io.millwright.remote.principal-$1.cfg")"; }
ticket=$(ticket_of ci)
expect "its ticket is its owner's alone" 0 "^-rw-------" -- ls -l "$ticket"
expect "a remote principal with a key" 0 "laptop may reach the node as operator" -- "$mw" remote add laptop --role operator --key "$key"
expect "they are listed" 0 "^ci +observer +ticket +etc/io.millwright.remote.principal-ci.cfg$" -- "$mw" remote list
listed() { "$mw" remote list | grep -Eq "$1"; }
printf 'role="observer"\npublicKeys=["%s"]\n' "$key" >"$node/etc/io.millwright.remote.principal-lines.config"
printf 'operations = observer\nrules = ["call prefix millwright.get_status"]\n' >"$node/etc/io.millwright.remote.role-few.cfg"
eventually "one of another kind of file is listed" listed "^lines +observer +key +etc/io.millwright.remote.principal-lines.config$"
expect "a role of one's own too" 0 "^few +etc/io.millwright.remote.role-few.cfg$" -- "$mw" remote list
expect "of one in another file it is said where it is" 1 "lines is the file etc/io.millwright.remote.principal-lines.config: remove it" -- "$mw" remote revoke lines
expect "no other of that name is made" 1 "lines is there already" -- "$mw" remote add lines --ticket
rm "$node/etc/io.millwright.remote.principal-lines.config" "$node/etc/io.millwright.remote.role-few.cfg"
expect "a name that is taken" 1 "ci is there already" -- "$mw" remote add ci --ticket
for wrong in "add" "add 1x --ticket" "add x" "add x --key 12" "add x --key ${key}g" "add x --role boss --ticket" "list x" "revoke" "keygen" "forget x" ""; do
    # shellcheck disable=SC2086
    expect "wrong usage: remote $wrong" 2 "help" -- "$mw" remote $wrong
done
expect "the socket for remote sessions is its owner's alone" 0 "^srw-------" -- ls -l "$node/run/wamp.sock"
eventually "the running node has taken them" grep -q "is configuration io.millwright.remote.principal~laptop" "$node/log/node.log"
expect "and lets them in" 1 -- grep "is not let in" "$node/log/node.log"
expect "a key of one's own" 0 "^[0-9a-f]{64}$" -- "$mw" remote keygen "$temp/laptop.key"
expect "which is its owner's alone" 0 "^-rw-------" -- ls -l "$temp/laptop.key"
expect "and is not written over" 1 "is there already" -- "$mw" remote keygen "$temp/laptop.key"
# the same commands by URL: over the node's socket, and as principals over a listener of one's own
url=unix:$node/run/wamp.sock
expect "commands by URL" 0 "^state +ready" -- "$mw" --url "$url" node:status
for command in "worker:types" "worker:list --all nosuch" "worker:info nosuch" "worker:check x guest" "worker:nosuch" "node:doctor"; do
    # shellcheck disable=SC2086
    "$mw" $command >"$temp/here" 2>&1
    here=$?
    # shellcheck disable=SC2086
    expect "$command by URL ends as here" "$here" -- "$mw" --url "$url" $command
done
expect "worker:types by URL says what it says here" 0 -- sh -c "[ \"\$('$mw' worker:types)\" = \"\$('$mw' --url '$url' worker:types)\" ]"
expect "sessions by URL, this one among them" 0 "operator +user [0-9]+ +local +rawsocket" -- "$mw" --url "$url" node:sessions
expect "a session that is none by URL" 1 "no session 1" -- "$mw" --url "$url" node:sessions close 1
expect "figures of the machine by URL" 0 "memory" -- "$mw" --url "$url" node:stats --once
expect "the node's own process by URL" 0 "^pid +$(cat "$node/run/pid")$" -- "$mw" --url "$url" node:process
expect "its processors by URL" 0 "given" -- "$mw" --url "$url" node:process cpus
expect "its figures by URL" 0 '"heap_used":' -- "$mw" --url "$url" node:process stats --json
expect "its garbage is collected by URL" 0 "garbage collected in" -- "$mw" --url "$url" node:process gc
expect "it is sampled by URL" 0 "0.5|500ms" -- "$mw" --url "$url" node:process monitor 0.5
expect "and no longer" 0 -- "$mw" --url "$url" node:process monitor off
expect "a worker is started by URL" 0 "afar started, pid" -- "$mw" --url "$url" worker:start afar guest executable=/bin/sleep 'arguments=["1000"]'
expect "by the user of the socket" 0 "remote:" -- "$mw" worker:info afar
expect "a command beside it gets its input by URL" 0 "^3 " -- sh -c "printf 'a\nb\nc\n' | '$mw' --url '$url' worker:exec afar -i -- wc -l - | sed 's/\$/ /'"
expect "its exit code is the command's" 7 -- sh -c "echo 7 | '$mw' --url '$url' worker:exec afar -i -- sh -c 'read code; exit \$code'"
expect "an input that is too long is refused" 1 "at most 8 MiB" -- sh -c "head -c 9000000 /dev/zero | '$mw' --url '$url' worker:exec afar -i -- wc -c"
# The kind: output that is lost, and nobody says so.
if [ -c /dev/full ]; then
    full='cannot write the output: No space left on device'
    for command in "worker:list" "worker:exec afar -- seq 100000" "worker:log -f hello"; do
        # shellcheck disable=SC2016
        expect "output that cannot be written is said, of $command, and nothing else" 1 -- timeout 60 sh -c \
            'said=$("$1" --url "$2" $3 2>&1 >/dev/full); code=$?; echo "$said"; [ "$said" = "millwright: $4" ] || exit 9; exit $code' \
            sh "$mw" "$url" "$command" "$full"
    done
    # shellcheck disable=SC2016
    expect "by the client in Java too" 1 "$full" -- env MILLWRIGHT_CLIENT=java sh -c '"$1" worker:list >/dev/full' sh "$mw"
fi
expect "and stopped, by MILLWRIGHT_URL" 0 "afar stopped" -- env MILLWRIGHT_URL="$url" "$mw" worker:stop --signal QUIT afar
expect "commands of others are not there by URL" 2 "no command 'felix:lb' by --url" -- "$mw" --url "$url" felix:lb
expect "nor is a node where there is none" 69 "no session with the node" -- "$mw" --url "unix:$temp/none" worker:list
own=$("$mw" remote keygen "$temp/own.key")
expect "a principal with that key" 0 -- "$mw" remote add own --role operator --key "$own"
echo "path = run/more.sock" >"$node/etc/io.millwright.remote.listener-more.cfg"
eventually "a listener of one's own" test -S "$node/run/more.sock"
eventually "the principal with a key comes in" "$mw" --url "unix:$node/run/more.sock" --user own --key "$temp/own.key" worker:list
expect "the one with a ticket too" 0 "^state +ready" -- "$mw" --url "unix:$node/run/more.sock" --user ci --ticket "$ticket" node:status
expect "and may only observe" 1 "not" -- "$mw" --url "unix:$node/run/more.sock" --user ci --ticket "$ticket" worker:stop nosuch
expect "why a worker is as it is it may ask, without the log" 0 "not for your role" -- "$mw" --url "unix:$node/run/more.sock" --user ci --ticket "$ticket" worker:why hello
expect "a wrong ticket is refused" 1 "could not be verified" -- "$mw" --url "unix:$node/run/more.sock" --user ci --ticket "$temp/own.key" node:status
expect "sessions are shown" 0 "no sessions" -- "$mw" node:sessions
rm "$node/etc/io.millwright.remote.listener-more.cfg"
# By RawSocket over TLS.
keytool=${JAVA_HOME:+$JAVA_HOME/bin/}keytool
if command -v "$keytool" >/dev/null && command -v python3 >/dev/null; then
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$keytool" -genkeypair -keyalg EC -alias a -dname CN=node -ext SAN=IP:127.0.0.1 -validity 30 -storetype PKCS12 \
        -keystore "$node/key/door.p12" -storepass password 2>/dev/null
    "$keytool" -exportcert -rfc -alias a -keystore "$node/key/door.p12" -storepass password >"$temp/door.pem" 2>/dev/null
    (umask 077 && echo password >"$node/key/door.password")
    printf '%s\n' 'type = rawsocket' "address = 127.0.0.1:$port" 'tls.key = key/door.p12' 'tls.passwordFile = key/door.password' \
        >"$node/etc/io.millwright.remote.listener-door.cfg"
    eventually "rss:// comes in by RawSocket over TLS" "$mw" --url "rss://127.0.0.1:$port" --ca "$temp/door.pem" \
        --user ci --ticket "$ticket" node:status
    expect "a certificate that nobody vouches for is refused" 69 "no session with the node" -- "$mw" --url "rss://127.0.0.1:$port" \
        --user ci --ticket "$ticket" node:status
    rm "$node/etc/io.millwright.remote.listener-door.cfg"
else
    echo "left out: rss://, for there is no keytool or no python3"
fi
expect "the principal with a key is revoked" 0 -- "$mw" remote revoke own
if /usr/bin/python3 -c 'import autobahn, twisted' 2>/dev/null; then
    expect "examples/remote/workers.py" 0 "guest" -- /usr/bin/python3 "$examples/remote/workers.py" "$node"
    expect "examples/remote/workers.py is told what is wrong" 0 "millwright.error.no_such_worker" -- /usr/bin/python3 "$examples/remote/workers.py" "$node" nobody
else
    echo "left out: examples/remote/workers.py, for there is no python3-autobahn"
fi
if node -e 'require("autobahn")' 2>/dev/null; then
    expect "examples/remote/workers.js" 0 "guest" -- node "$examples/remote/workers.js" "$node"
    expect "examples/remote/workers.js is told what is wrong" 1 "millwright.error.no_such_worker" -- node "$examples/remote/workers.js" "$node" nobody
else
    echo "left out: examples/remote/workers.js, for there is no npm package autobahn"
fi
if node -e 'require("ws")' 2>/dev/null; then
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    "$mw" remote add web --role operator --ticket >/dev/null
    printf '%s\n' 'type = websocket' "address = 127.0.0.1:$port" 'auth = ["ticket"]' 'origins = ["null"]' \
        >"$node/etc/io.millwright.remote.listener-page.cfg"
    "$mw" worker:start paged guest executable=/bin/sleep 'arguments=["1000"]' >/dev/null
    eventually "examples/remote/workers.html shows a worker and restarts it" \
        node "$examples/../src/test/page-test.js" "$examples/remote/workers.html" "ws://127.0.0.1:$port" web "$(ticket_of web)" paged
    "$mw" worker:stop paged >/dev/null
    rm "$node/etc/io.millwright.remote.listener-page.cfg"
    "$mw" remote revoke web >/dev/null
else
    echo "left out: examples/remote/workers.html, for there is no npm package ws"
fi
# Native workers in others' languages; what they do is in the node's answers: joined, ready, asked to end.
remote=$("$mw" felix:lb -s | sed -n 's/^ *\([0-9]*\)|.*io\.millwright\.remote\.wamp .*/\1/p')
native_example() {
    expect "examples/native/$2 is ready" 0 "started" -- "$mw" worker:start "$1" process env.vars.NODE_PATH="${NODE_PATH-}" -- "$3" "$examples/native/$2"
    native=$("$mw" worker:info --json "$1" | sed 's/.*"pid":\([0-9]*\).*/\1/')
    "$mw" felix:stop "$remote" >/dev/null && "$mw" felix:start "$remote" >/dev/null
    eventually "examples/native/$2 joins again when its channel has been taken away" \
        sh -c "'$mw' worker:call '$1' add a=1 b=2 | grep -q '^3'"
    expect "examples/native/$2 is the process it was" 0 "\"pid\":$native[,}]" -- "$mw" worker:info --json "$1"
    expect "examples/native/$2 ends when it is asked to" 0 "code 0 \(requested\)" -- "$mw" worker:stop "$1"
}
if /usr/bin/python3 -c 'import autobahn, twisted' 2>/dev/null; then
    native_example py worker.py /usr/bin/python3
else
    echo "left out: examples/native/worker.py, for there is no python3-autobahn"
fi
if node -e 'require("autobahn")' 2>/dev/null; then
    native_example js worker.js node
else
    echo "left out: examples/native/worker.js, for there is no npm package autobahn"
fi
# The kind: a ticket is known to others, and the new one is there before the node has looked.
echo "path = run/more.sock" >"$node/etc/io.millwright.remote.listener-more.cfg"
more="unix:$node/run/more.sock"
eventually "the listener once more" "$mw" --url "$more" --user ci --ticket "$ticket" node:status
"$mw" --url "$more" --user ci --ticket "$ticket" node:events -f >"$temp/events" 2>&1 </dev/null &
job=$!
sessions_of_ci() { "$mw" node:sessions | grep -q " ci "; }
no_sessions_of_ci() { ! sessions_of_ci; }
eventually "a session with a ticket that others know" sessions_of_ci
# shellcheck disable=SC2016
expect "one is revoked" 0 "ci may reach .*key/remote/ci-" -- sh -c '"$1" remote revoke ci && "$1" remote add ci --ticket' sh "$mw"
expect "with its ticket" 1 -- test -e "$ticket"
eventually "and its session is ended though ci is there again" no_sessions_of_ci
kill "$job"
wait "$job"
ticket=$(ticket_of ci)
eventually "the new ticket comes in" "$mw" --url "$more" --user ci --ticket "$ticket" node:status
rm "$node/etc/io.millwright.remote.listener-more.cfg"
expect "the new one is revoked" 0 "ci is revoked" -- "$mw" remote revoke ci
expect "with its ticket too" 1 -- test -e "$ticket"
expect "and cannot be revoked again" 1 "there is no ci" -- "$mw" remote revoke ci
expect "the other too" 0 -- "$mw" remote revoke laptop

# --- a trigger that fires -----------------------------------------------------------------------------------------------
for ends in 0 7; do
    mkdir "$temp/trigger$ends"
    printf '{"version": 2, "controller": {"options": {"shutdown": "shutdown_on_last_worker_exit"}}, "workers": [%s]}\n' \
        "{\"type\": \"guest\", \"id\": \"job\", \"executable\": \"sh\", \"arguments\": [\"-c\", \"exit $ends\"]}" \
        >"$temp/trigger$ends/node.json"
    nodes="$nodes $temp/trigger$ends"
    expect "the last worker's exit $ends decides on the node's" $((ends != 0)) -- "$mw" run "$temp/trigger$ends"
    expect "and is in the log, with the trigger" 0 "trigger:shutdown_on_last_worker_exit fired: .*job.* $ends" -- \
        cat "$temp/trigger$ends/log/node.log"
done
# --- a shutdown of the workers alone ------------------------------------------------------------------------------------
mkdir "$temp/workers"
echo '{"version": 2, "controller": {"options": {"shutdown": {"scope": "workers"}}}}' >"$temp/workers/node.json"
nodes="$nodes $temp/workers"
expect "start of a node whose shutdown ends only workers" 0 -- "$mw" start "$temp/workers"
expect "its shutdown" 0 -- "$mw" -d "$temp/workers" node:shutdown
eventually "it goes on without workers" sh -c "'$mw' -d '$temp/workers' node:status --json | grep '\"state\":\"stopping\"'"
expect "stop ends it all the same" 0 "has stopped" -- timeout 60 "$mw" stop "$temp/workers"
expect "and it is gone" 69 -- "$mw" status "$temp/workers"

# --- node.json moved away -----------------------------------------------------------------------------------------------
# The kind: one change of a file that ends all workers, and says so at no level that anybody reads.
mkdir "$temp/gone"
worker() { printf '{"type": "guest", "id": "%s", "executable": "sleep", "arguments": ["600"]}' "$1"; }
printf '{"version": 2, "workers": [%s, %s]}\n' "$(worker one)" "$(worker two)" >"$temp/gone/node.json"
nodes="$nodes $temp/gone"
expect "start of a node with two workers" 0 -- "$mw" start "$temp/gone"
echo '{"version": 2}' >"$temp/none.json"
expect "a plan tells what no workers would mean" 0 "one +guest +stop" -- "$mw" -d "$temp/gone" worker:plan --node "$temp/none.json"
expect "for each of them" 0 "two +guest +stop" -- "$mw" -d "$temp/gone" worker:plan --node "$temp/none.json"
mv "$temp/gone/node.json" "$temp/gone.json"
eventually "a node file that is gone is a warning with its count" \
    grep -q "WARN .*gone/node.json is gone, and with it 2 workers, which are ended" "$temp/gone/log/node.log"
mv "$temp/gone.json" "$temp/gone/node.json"
eventually "and is taken again when it is back" sh -c "'$mw' -d '$temp/gone' worker:list | grep 'two *guest *started'"
expect "stop of it" 0 -- "$mw" stop "$temp/gone"

# --- a node that cannot say that it is ready, halts, or takes long to stop ------------------------------------------------
# The kind: a command waits for a word of the node that never comes.
mkdir -p "$temp/slow/run/ready.new" "$temp/slow/etc"
echo '{"version": 2}' >"$temp/slow/node.json"
nodes="$nodes $temp/slow"
expect "start though run/ready.new is in the way" 0 "is ready" -- timeout 60 "$mw" start "$temp/slow"
rm -f "$temp/slow/run/ready"
mkdir -p "$temp/slow/run/ready/x"
expect "restart though run/ready cannot be written: the node is asked" 0 "ready again" -- timeout 60 "$mw" restart "$temp/slow"
rm -rf "$temp/slow/run/ready" "$temp/slow/run/ready.new"
kill -s STOP "$(cat "$temp/slow/run/pid")"
expect "a halted node is named" 1 "does not answer; its process [0-9]+ is halted" -- \
    env MILLWRIGHT_PATIENCE=1 "$mw" -d "$temp/slow" worker:list
expect "a command has its time" 1 "not ended within 1 s|does not answer" -- timeout 30 "$mw" status --timeout 1 "$temp/slow"
expect "what is no time" 2 "needs a time" -- "$mw" stop --timeout soon "$temp/slow"
expect "stop of a halted node" 0 "has stopped" -- timeout 60 "$mw" stop "$temp/slow"
expect "start of a node with a stubborn worker" 0 -- "$mw" start "$temp/slow"
# shellcheck disable=SC2016
stubborn() { "$mw" -d "$temp/slow" worker:start "$1" guest stop.timeout=10m -- sh -c 'trap "" TERM; while :; do sleep 1; done'; }
expect "a stubborn worker" 0 "started" -- stubborn s1
expect "another" 0 "started" -- stubborn s2
expect "stop has its time" 1 "goes on stopping" -- timeout 60 "$mw" stop --timeout 1s "$temp/slow"
expect "a stopping node answers" 0 "stopping" -- "$mw" status "$temp/slow"
expect "and lists its workers" 0 "s1 +guest +stopping" -- "$mw" -d "$temp/slow" worker:list
expect "and starts nothing" 1 "shutting down" -- "$mw" -d "$temp/slow" worker:start late guest -- sleep 1
expect "a second node is refused" 1 "already runs" -- "$mw" start "$temp/slow"
expect "and kills a worker" 0 "killed" -- "$mw" -d "$temp/slow" worker:kill s1
expect "a second stop is as patient as the first" 1 "goes on stopping" -- timeout 60 "$mw" stop --timeout 1 "$temp/slow"
expect "the other worker is still there" 0 "s2 +guest +stopping" -- "$mw" -d "$temp/slow" worker:list
expect "stop --kill" 0 "has stopped" -- timeout 60 "$mw" stop --kill "$temp/slow"
expect "the signals are in the node's log" 0 "the node got SIGTERM" -- cat "$temp/slow/log/node.log"
for signals in "INT INT" "TERM INT" "TERM TERM"; do
    rm -f "$temp/run.slow" # the node of before was ready too
    perl -e '$SIG{$_} = "DEFAULT" for qw(INT TERM HUP); exec @ARGV' "$mw" run "$temp/slow" >"$temp/run.slow" 2>&1 &
    job=$!
    eventually "run becomes ready" grep -q "is ready" "$temp/run.slow"
    expect "a stubborn worker in the foreground" 0 "started" -- stubborn s3
    kill -s "${signals% *}" "$job"
    eventually "it is stopping" sh -c "'$mw' status '$temp/slow' | grep stopping"
    kill -s "${signals#* }" "$job"
    eventually "after $signals the node is gone" sh -c "! kill -0 $job"
    wait "$job"
    expect "with code 0" 0 -- test $? -eq 0
done

# --- a full disk ----------------------------------------------------------------------------------------------------------
if unshare -rm sh -c 'mount -t tmpfs tmpfs /mnt' 2>/dev/null; then
    cat >"$temp/full.sh" <<'END'
mount -t tmpfs -o size=4m tmpfs "$3" && mkdir "$3/node" && echo '{"version": 2}' >"$3/node/node.json" || exit 3
dd if=/dev/zero of="$3/fill" bs=4k 2>/dev/null
timeout 60 "$1" "$2" "$3/node"
END
    mkdir "$temp/disk"
    expect "run on a full disk says so, and where" 1 "$temp/disk/node.*No space left on device" -- \
        unshare -rm sh "$temp/full.sh" "$mw" run "$temp/disk"
    expect "start on a full disk says so, and where" 1 "$temp/disk/node.*No space left on device" -- \
        unshare -rm sh "$temp/full.sh" "$mw" start "$temp/disk"
fi

# --- every life has the same log -------------------------------------------------------------------------------------------
mkdir "$temp/lives"
echo '{"version": 2}' >"$temp/lives/node.json"
nodes="$nodes $temp/lives"
expect "start of a node with several lives" 0 -- "$mw" start "$temp/lives"
for life in 2 3; do
    expect "life $life" 0 "ready again" -- "$mw" restart "$temp/lives"
    expect "a worker of life $life" 0 -- "$mw" -d "$temp/lives" worker:start quick guest -- true
    expect "it is in the log" 0 "^$life\$" -- grep -c "the node is ready" "$temp/lives/log/node.log"
done
expect "nothing of it is on the console" 1 -- grep -v '^millwright: node .* is ready' "$temp/lives/log/console.log"

# --- a restart that ends the node --------------------------------------------------------------------------------------------
mkdir "$temp/spoilt"
echo '{"version": 2}' >"$temp/spoilt/node.json"
nodes="$nodes $temp/spoilt"
expect "start of a node that is spoilt later" 0 -- "$mw" start "$temp/spoilt"
echo '{"version" 2}' >"$temp/spoilt/node.json"
expect "what a restart ended with is shown" 1 "node.json: line 1: the JSON is malformed" -- "$mw" restart "$temp/spoilt"

# --- run/ removed under a node ----------------------------------------------------------------------------------------------
rm -rf "$temp/lives/run"
expect "a second node is refused though run/ is gone" 1 "already runs .*removed its run/" -- "$mw" start "$temp/lives"
expect "in the foreground too" 1 "already runs .*pid [0-9]+" -- "$mw" run "$temp/lives"
expect "and stop finds the node" 0 "has stopped" -- timeout 60 "$mw" stop "$temp/lives"

# --- what workers are given: the locale, bytes and limits of the node's caller ----------------------------------------------
# shellcheck disable=SC2016
given='printf "%s|" "$DB_PASSWORD" "$COPY" "${LC_ALL-none}" "${LANG-none}" "${MILLWRIGHT_LC_ALL-none}"; ulimit -Sn'
for locale in "LC_ALL=C" "LANG=C" "LC_ALL=nonsense" "LC_ALL=C.UTF-8"; do
    for word in 'gr\303\266\303\237e' 'gr\366\337e'; do
        # shellcheck disable=SC2059
        word=$(printf "$word")
        for backend in linux portable; do
            env -u LC_ALL -u LANG "$locale" DB_PASSWORD="$word" MILLWRIGHT_JAVA_OPTS="-Dmillwright.backend=$backend" \
                sh -c 'ulimit -Sn 1024; exec "$1" start "$2"' sh "$mw" "$temp/lives" >/dev/null 2>&1
            case $backend in
                linux) set -- 'env.vars={"COPY": "${DB_PASSWORD}"}' ;;
                *) set -- ;;
            esac
            "$mw" -d "$temp/lives" worker:start given guest "$@" -- sh -c "($given) >'$temp/given'" >"$temp/given.out" 2>&1
            "$mw" -d "$temp/lives" worker:wait given >/dev/null 2>&1
            copy=${1:+$word}
            case $locale in
                LANG=*) wanted="$word|$copy|none|${locale#*=}|none|" ;;
                *) wanted="$word|$copy|${locale#*=}|none|none|" ;;
            esac
            [ "$backend" = portable ] || wanted=${wanted}1024
            expect "bytes, locale and limits of a worker ($locale, $backend)" 0 -- \
                sh -c 'case $(cat "$2") in "$1"*) ;; *) cat "$2" "$3"; exit 1 ;; esac' sh "$wanted" "$temp/given" "$temp/given.out"
            rm -f "$temp/given"
            "$mw" stop "$temp/lives" >/dev/null 2>&1
        done
    done
done

# --- a long path: refused, or it works ----------------------------------------------------------------------------------------
for length in 84 85 86 87 88 89 90 93 94; do
    long=$temp/$(printf '%*s' $((length - ${#temp} - 1)) '' | tr ' ' x)
    mkdir "$long"
    echo '{"version": 2}' >"$long/node.json"
    nodes="$nodes $long"
    if "$mw" start "$long" >"$temp/long.out" 2>&1; then
        expect "a node directory of $length bytes works" 0 "ready" -- "$mw" status "$long"
        "$mw" stop "$long" >/dev/null
    else
        expect "a node directory of $length bytes is refused" 0 "path of the node's socket" -- cat "$temp/long.out"
    fi
done

# --- other users, closed folders, an installation that cannot be read ---------------------------------------------------------
mkdir -p "$temp/closed/node/config"
echo '{"version": 2}' >"$temp/closed/node/node.json"
expect "a mode that is changed is named" 0 "config .*rwxr-xr-x" -- sh -c \
    'chmod 755 "$2/config"; "$1" start "$2" && cat "$2/log/console.log" && "$1" stop "$2"' sh "$mw" "$temp/closed/node"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && command -v prlimit >/dev/null; then
    as_other() { setpriv --reuid 65000 --regid 65000 --clear-groups env HOME=/ "$@"; }
    chmod 755 "$temp"
    expect "another user's node" 1 "is user root's, and runs as root: user 65000 may not" -- as_other "$mw" status "$temp/closed/node"
    expect "start of another user's node" 1 "is user root's, and runs as root: user 65000 may not" -- as_other "$mw" start "$temp/closed/node"
    chmod 700 "$temp/closed"
    expect "behind a closed folder" 1 "cannot look into $temp/closed, which is user root's" -- \
        as_other "$mw" start "$temp/closed/node"
    mkdir "$temp/theirs"
    echo '{"version": 2}' >"$temp/theirs/node.json"
    chown -R 65000:65000 "$temp/theirs"
    nodes="$nodes $temp/theirs"
    expect "root is warned of a user's node" 0 "warning: $temp/theirs is user 65000's" -- "$mw" start "$temp/theirs"
    expect "stop by root" 0 -- "$mw" stop "$temp/theirs"
    expect "what root has left is named" 1 "theirs/run is user root's: .*chown -R 65000" -- as_other "$mw" run "$temp/theirs"
    chown -R 65000:65000 "$temp/theirs/run"
    expect "file by file" 1 "may not write" -- as_other "$mw" run "$temp/theirs"
    chown -R 65000:65000 "$temp/theirs"
    expect "and mended by chown" 0 "is ready" -- as_other "$mw" start "$temp/theirs"
    # The kind: fork is refused (EAGAIN), to the node for a worker and for a thread of its own.
    pid=$(cat "$temp/theirs/run/pid")
    hard=$(as_other prlimit --pid "$pid" --nproc --output HARD --noheadings | tr -d ' ')
    limit_processes() { as_other prlimit --pid "$pid" --nproc="$1:$hard"; }
    expect "a worker before the limit" 0 "started" -- as_other "$mw" -d "$temp/theirs" worker:start before guest restart.policy=always -- sleep 600
    limit_processes 1
    # Without a place for one more thread a command may be refused as well; both name the limit.
    expect "a start at the limit of processes" 1 "ulimit -u" -- timeout 60 "$mw" -d "$temp/theirs" --timeout 30s worker:start at guest -- sleep 600
    limit_processes "$hard"
    answers() { timeout 20 "$mw" -d "$temp/theirs" --timeout 10s worker:list --all; }
    eventually "a node that was at its limit answers" answers
    eventually "and starts workers again" timeout 20 "$mw" -d "$temp/theirs" --timeout 10s worker:start after guest -- sleep 600
    expect "and has lost none" 0 "before +guest +started" -- answers
    # The kind: the fork of whatever part of a start is the one too many, the script's or a late thread's; nothing is left of it.
    few=$((65100 + $$ % 300))
    for processes in 8 30 40 50 60; do
        few=$((few + 1))
        mkdir "$temp/few$processes"
        echo '{"version": 2}' >"$temp/few$processes/node.json"
        chown -R "$few:$few" "$temp/few$processes"
        nodes="$nodes $temp/few$processes"
        expect "a start with $processes processes says what is missing" 1 "user $few may have .ulimit -u, .*; a node needs about 70" -- \
            timeout 60 prlimit --nproc="$processes:$processes" setpriv --reuid "$few" --regid "$few" --clear-groups env HOME=/ "$mw" start --timeout 30s "$temp/few$processes"
        nobody_runs() { ! ps -o stat= -u "$few" | grep -qv Z; }
        eventually "nothing is left of it" nobody_runs
    done
    expect "stop by its user" 0 -- as_other "$mw" stop "$temp/theirs"
    for file in VERSION conf/jvm.options lib/framework.jar bundle/2; do
        mode=$(stat -c %a "$home/$file")
        chmod 0 "$home/$file"
        expect "an installation without $file" 1 "cannot read .*$file" -- as_other "$mw" "$([ $file = VERSION ] && echo version || echo check)" "$temp/theirs"
        chmod "$mode" "$home/$file"
    done
fi

# --- libraries in deploy/ -----------------------------------------------------------------------------------------------
if [ -x "${JAVA_HOME:-none}/bin/jar" ]; then
    # Newer than what the controller imports, and what it imports only if it is there.
    mkdir "$temp/library"
    cat >"$temp/library.mf" <<'END'
Bundle-ManifestVersion: 2
Bundle-SymbolicName: library
Bundle-Version: 99
Export-Package: com.sun.jna;version="5.99",org.slf4j;version="2.0.99",
 org.osgi.service.cm;version="1.6.99",org.jspecify.annotations;version="
 1.0.0"
END
    "$JAVA_HOME/bin/jar" -c -f "$temp/library.jar" -m "$temp/library.mf" -C "$temp/library" .
    pid_of_hello() { "$mw" worker:info --json hello | sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' | head -n 1; }
    has_library() { "$mw" felix:lb | grep -q library; }
    has_no_library() { ! has_library; }
    hello=$(pid_of_hello)
    cp "$temp/library.jar" "$node/deploy/"
    eventually "a library is installed from deploy/" has_library
    expect "a newer library ends no worker" 0 -- test "$(pid_of_hello)" = "$hello"
    cp "$home"/bundle/1/jna-5*.jar "$node/deploy/jna-again.jar"
    eventually "a bundle of the distribution is not replaced from deploy/" \
        grep -q "Failed to install artifact.*jna-again" "$node/log/node.log"
    expect "the same library once more ends no worker" 0 -- test "$(pid_of_hello)" = "$hello"
    rm "$node/deploy/jna-again.jar"
    expect "restart beside the library" 0 "ready again" -- "$mw" restart
    hello=$(pid_of_hello)
    rm "$node/deploy/library.jar"
    eventually "the library is uninstalled" has_no_library
    expect "the end of a library that was there at the start ends no worker" 0 -- test "$(pid_of_hello)" = "$hello"
fi

# --- what is no bundle in deploy/ ---------------------------------------------------------------------------------------
# The kind: a file that nothing is made of, and nobody says so.
echo garbage >"$node/deploy/garbage.jar"
: >"$node/deploy/empty.jar"
for jar in "$home"/bundle/1/jna-5*.jar; do head -c 100000 "$jar" >"$node/deploy/half.jar"; done
for jar in garbage empty half; do
    eventually "node.log says that deploy/$jar.jar is no jar" grep -q "deploy/$jar.jar is not installed: it cannot be read as a jar" "$node/log/node.log"
    expect "doctor too" 1 "file deploy/$jar.jar" -- "$mw" node:doctor
done
expect "with what to do" 1 "put a whole copy there" -- "$mw" node:doctor
if [ -x "${JAVA_HOME:-none}/bin/jar" ]; then
    # manifest NAME LINE...: a jar with these lines in its manifest, in deploy/
    manifest() {
        name=$1
        shift
        printf '%s\n' "$@" >"$temp/manifest"
        "$JAVA_HOME/bin/jar" -c -f "$temp/$name" -m "$temp/manifest" -C "$temp/manifest.d" . && mv "$temp/$name" "$node/deploy/"
    }
    mkdir "$temp/manifest.d"
    manifest plain.jar "Created-For: nothing"
    manifest version.jar "Bundle-ManifestVersion: 2" "Bundle-SymbolicName: version" "Bundle-Version: one"
    manifest imports.jar "Bundle-ManifestVersion: 2" "Bundle-SymbolicName: imports" "Import-Package: no.such.package"
    manifest twice-1.jar "Bundle-ManifestVersion: 2" "Bundle-SymbolicName: twice"
    eventually "one of two bundles of a name" sh -c "'$mw' felix:lb | grep twice"
    manifest twice-2.jar "Bundle-ManifestVersion: 2" "Bundle-SymbolicName: twice"
    eventually "a jar that is no bundle is in node.log" grep -q "deploy/plain.jar is not installed: it is no bundle" "$node/log/node.log"
    eventually "a version that is none is in node.log" grep -q "deploy/version.jar" "$node/log/node.log"
    eventually "an import that nothing provides is in node.log" grep -q "no.such.package" "$node/log/node.log"
    eventually "a second bundle of a name is in node.log" grep -q "same symbolic name (twice)" "$node/log/node.log"
    expect "doctor: no bundle" 1 "no Bundle-SymbolicName" -- "$mw" node:doctor
    expect "doctor: a version that is none" 1 "file deploy/version.jar" -- "$mw" node:doctor
    expect "doctor: an import that nothing provides" 1 "no.such.package" -- "$mw" node:doctor
    expect "doctor: a second bundle of a name" 1 "a bundle of that name is there already, twice" -- "$mw" node:doctor
fi
rm "$node"/deploy/*.jar
doctor_is_silent() { "$mw" node:doctor | grep -q deploy/ && return 1; return 0; }
eventually "with the files gone doctor says nothing of them" doctor_is_silent

# --- killed -------------------------------------------------------------------------------------------------------------
pid=$(cat "$node/run/pid")
kill -s KILL "$pid"
eventually "the killed node is gone" sh -c "! '$mw' status"
expect "start after kill -9" 0 "is ready" -- "$mw" start
expect "stop after it" 0 -- "$mw" stop

# --- foreground ---------------------------------------------------------------------------------------------------------
for signal in INT TERM HUP; do
    # A shell's background jobs ignore INT; perl gives them back what they had.
    perl -e '$SIG{$_} = "DEFAULT" for qw(INT TERM HUP); exec @ARGV' "$mw" run >"$temp/run.$signal" 2>&1 &
    job=$!
    eventually "run becomes ready" grep -q "is ready" "$temp/run.$signal"
    kill -s "$signal" "$job"
    wait "$job"
    code=$?
    checks=$((checks + 1))
    if [ "$code" -eq 0 ]; then
        echo "ok      $signal ends the node with 0"
    else
        echo "FAILED  $signal ended the node with $code"
        failed=$((failed + 1))
    fi
done

# --- large pages --------------------------------------------------------------------------------------------------------
if [ -r /sys/kernel/mm/transparent_hugepage/enabled ]; then
    large=true
    ! grep -q '\[never\]' /sys/kernel/mm/transparent_hugepage/enabled || large=false
    expect "the heap is in large pages where the kernel gives them" 0 "UseTransparentHugePages += $large" -- \
        env MILLWRIGHT_JAVA_OPTS=-XX:+PrintFlagsFinal "$mw" check "$node"
    expect "who says otherwise is listened to" 0 "UseTransparentHugePages += false" -- \
        env MILLWRIGHT_JAVA_OPTS="-XX:-UseTransparentHugePages -XX:+PrintFlagsFinal" "$mw" check "$node"
fi

mkdir "$temp/co:lon"
cp -R "$home/bin" "$temp/co:lon/"
expect "a path with a colon is refused" 1 "':' in its path" -- "$temp/co:lon/bin/millwright" check "$node"

# --- and last -----------------------------------------------------------------------------------------------------------
expect "the installation is as it was" 0 -- test "$before" = "$(cd "$home" && find . | sort)"

# --- the class-data archive, by who installed it --------------------------------------------------------------------------
chmod -R u+w "$home"
# shellcheck disable=SC2016
expect "archive" 0 "made .*/classes-.*\.(jsa|aot)" -- sh -c 'umask 077; "$1" archive' sh "$mw"
expect "everybody may read it" 0 '^classes-[0-9.]*\.(jsa|aot)$' -- \
    find "$home/lib" -name 'classes-*' -perm -444 -printf '%f\n'
expect "archive leaves a file and nothing else" 0 '^\./lib/classes-[0-9.]*\.(jsa|aot)$' -- \
    sh -c "cd '$home' && find . | sort >'$temp/after' && echo '$before' | diff - '$temp/after' | sed -n 's/^[<>] //p'"
expect "start with it" 0 "is ready" -- "$mw" start
[ ! -r /proc/self/maps ] || expect "the node uses it" 0 "/lib/classes-" -- cat "/proc/$(cat "$node/run/pid")/maps"
expect "a command with it" 0 "hello" -- "$mw" worker:list
expect "stop with it" 0 "has stopped" -- "$mw" stop
for archive in "$home"/lib/classes-*; do
    chmod u+w "$archive"
    echo "not an archive" >"$archive"
done
expect "start with a broken one" 0 "is ready" -- "$mw" start
[ ! -r /proc/self/maps ] || expect "doctor warns of a broken one" 0 "is not used by this JVM" -- "$mw" node:doctor
expect "stop with a broken one" 0 "has stopped" -- "$mw" stop

# Java 17 takes no classes of ours out of an archive where there is a blank in the path.
rm -f "$home"/lib/classes-*
mv "$home" "$temp/installed"
mw=$temp/installed/bin/millwright
expect "archive elsewhere" 0 "made " -- "$mw" archive
expect "start with that" 0 "is ready" -- env MILLWRIGHT_JAVA_OPTS="-Xlog:class+load=info:file=$temp/classes" "$mw" start
expect "a worker for its first crash" 0 "started" -- "$mw" worker:start fragile guest restart.policy=always -- sh -c "echo hello; exec sleep 60"
expect "its crash" 0 -- "$mw" worker:signal fragile KILL
eventually "it is back" sh -c "'$mw' worker:info fragile | grep -Eq 'restarts +1'"
expect "a first crash and a first line read no jar" 1 -- \
    grep -E '(RestartPolicy|LineRun|LogLine|ProcessExit|Settlement).* source: (file|jar):' "$temp/classes"
expect "they were loaded" 0 "LineRun" -- grep -E 'internal\.(life\.RestartPolicy|log\.LineRun) ' "$temp/classes"
expect "stop with that" 0 "has stopped" -- "$mw" stop
echo "$checks checks, $failed failed"
[ "$failed" -eq 0 ]
