#!/bin/sh
# Runs examples/router as its README says, from an unpacked distribution:
#   chat-test.sh DISTRIBUTION
# Two Node.js programs and a component of a container talk by the router, the page too; a realm and a transport come and go; the
# router is killed, and all are back. Prints one line a check; exits 1 if one failed. Nothing it started is left behind.
# Needs a JDK, and Node.js with the npm packages autobahn and ws; the page is also opened in a Chromium, if there is one.
set -u
unset CDPATH MILLWRIGHT_DIR MILLWRIGHT_URL NOTIFY_SOCKET

[ $# -eq 1 ] || { echo "usage: $0 DISTRIBUTION" >&2; exit 2; }
here=$(cd -P "$(dirname "$0")" && pwd -P) || exit 1
home=$(cd -P "$1" && pwd -P) || exit 1
node -e 'require("autobahn"); require("ws")' 2>/dev/null ||
    { echo "SKIPPED: examples/router, for there is no Node.js with the packages autobahn and ws"; exit 0; }
javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
mw=$home/bin/millwright
temp=$(mktemp -d "${TMPDIR:-/tmp}/mwcXXXXXX") || exit 1
temp=$(cd -P "$temp" && pwd -P)
chat=$temp/chat
failed=0
checks=0
# shellcheck source=run/src/test/checks.sh
. "$here/checks.sh"

clean_up() {
    [ ! -s "$chat/run/pid" ] || "$mw" stop --kill "$chat" >/dev/null 2>&1
    rm -rf "$temp"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
logged() { "$mw" -d "$chat" worker:log -n 1000 "$1" | grep -Eq -e "$2"; }
joined() { [ "$("$mw" -d "$chat" worker:router sessions apps chat --json | grep -o '"authid"' | wc -l)" -eq "$1" ]; }
logged_times() { [ "$("$mw" -d "$chat" worker:log -n 1000 "$1" | grep -Ec -e "$2")" -ge "$3" ]; }

cp -R "$here/../../examples/router" "$chat" || exit 1
port=$(free_port)
for file in node.json chat.js chat.html; do
    sed "s/127\.0\.0\.1:8080/127.0.0.1:$port/" "$chat/$file" >"$temp/$file" && mv "$temp/$file" "$chat/$file" || exit 1
done
expect "the component is compiled" 0 -- "$javac" -cp "$home/lib/worker/*" -d "$chat/classes" "$chat/History.java"
expect "the node file is right" 0 "valid" -- "$mw" check "$chat"
expect "the node starts" 0 "is ready" -- "$mw" start "$chat"
for who in ann bob; do
    eventually "$who, a Node.js program, comes in by a ticket" logged $who "$who is there"
    eventually "$who is refused what members may not" logged $who "not allowed: wamp.error.not_authorized"
done
eventually "the component of the container is there" logged box "the history begins"
eventually "all three have joined" joined 3
expect "ann says something" 0 -- "$mw" -d "$chat" worker:input ann "good morning"
eventually "bob hears it" logged bob "ann: good morning"
eventually "the component too" logged box "ann: good morning"
expect "the page, its script in Node.js" 0 "ann: ann is" -- node "$here/chat-page-test.js" "$chat/chat.html" node
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || chromium=
if [ -n "$chromium" ]; then
    expect "the page in a browser" 0 "ann: ann is" -- node "$here/chat-page-test.js" "$chat/chat.html" "$chromium"
else
    echo "SKIPPED: the page in a browser, for there is no Chromium"
fi

second=$(free_port)
expect "a realm is added" 0 -- "$mw" -d "$chat" worker:router start-realm apps two '{"roles": {"guest": {"permissions": [
    {"uri": "com.example.chat", "allow": ["subscribe", "publish"], "disclose": true}]}}}'
expect "a transport is added" 0 "state +started" -- "$mw" -d "$chat" worker:router start-transport apps second \
    "{\"address\": \"127.0.0.1:$second\", \"auth\": {\"ticket\": {\"principals\": {\"zoe\": {\"role\": \"guest\", \"ticket\": \"zoe's\", \"realm\": \"two\"}}}}}"
expect "a Node.js program comes in by them" 0 "zoe" -- "$mw" -d "$chat" worker:start zoe guest stdin=open env.vars.NODE_PATH="${NODE_PATH-}" -- \
    node chat.js zoe "zoe's" "ws://127.0.0.1:$second/" two
eventually "it is there" logged zoe "zoe is there"
expect "it is a session of the new realm" 0 "zoe" -- "$mw" -d "$chat" worker:router sessions apps two
expect "nobody of the other realm has noticed" 1 -- logged ann "zoe|ann waits for the router: lost"
expect "the figures know the new realm" 0 "realms.two +sessions 1" -- "$mw" -d "$chat" worker:info --stats apps
expect "the new realm is stopped" 0 -- "$mw" -d "$chat" worker:router stop-realm apps two
eventually "its session has noticed" logged zoe "zoe waits for the router"
expect "it is stopped" 0 -- "$mw" -d "$chat" worker:stop zoe

kill -9 "$("$mw" -d "$chat" worker:info --json apps | sed 's/.*"pid":\([0-9]*\).*/\1/')"
for who in ann bob; do
    eventually "$who is back after the router was killed" logged_times $who "$who is there" 2
done
eventually "all three have joined again" joined 3
expect "bob says something" 0 -- "$mw" -d "$chat" worker:input bob "here again"
eventually "ann hears it" logged ann "bob: here again"
eventually "the component is back too" logged box "bob: here again"
expect "only the router was started again" 0 "apps +router +started +[0-9]+ .* 1" -- "$mw" -d "$chat" worker:list
expect "nobody else" 1 -- sh -c "'$mw' -d '$chat' worker:list | grep -Eq '(guest|container) +started +[0-9]+ +[^ ]+ +[1-9]'"
expect "its end is an event" 0 "apps +worker.exited .*KILL" -- "$mw" -d "$chat" node:events
expect "the router is restarted in order" 0 -- "$mw" -d "$chat" worker:restart apps
eventually "all three have joined once more" joined 3
expect "bob says something else" 0 -- "$mw" -d "$chat" worker:input bob "still here"
eventually "ann hears that" logged ann "bob: still here"
expect "the node stops" 0 "has stopped" -- "$mw" stop "$chat"
echo "$checks checks, $failed failed"
exit "$((failed > 0))"
