# The watchdog of one Millwright node: sends signals to process groups for it, and ends them when the node is gone.
# Arguments: the node's nonce, how many seconds the groups have between TERM and KILL, the node's journal of launches, and what
# the soft limit of file locks of all its workers begins with.
# Reads lines on standard input until its end, which means that the node is gone, however it went:
#   sig NAME GROUP SEQ   pid NAME PID SEQ   add GROUP START   del GROUP   quit
# where add and del are of groups that could not be written into the journal,
# and answers each sig and pid with "SEQ ok" or "SEQ gone". POSIX sh; nothing but builtins until the node is gone. Run with
# standard error at /dev/null: a redirection here would cost a descriptor.

# Signals meant for the node must not end what outlives it; PIPE: an answer to a node that is gone.
trap '' HUP INT QUIT TERM PIPE ALRM USR1 USR2 TSTP TTIN TTOU
nonce=$1 grace=$2 journal=$3 limit=$4 list=' ' strays=' ' pids='' launches=''
set -f

drop() {
    case $list in
    *" $1:"*)
        rest=${list#*" $1:"}
        list="${list%%" $1:"*} ${rest#* }"
        ;;
    esac
}

# Puts the groups on the list whose launch has no end in the journal: "node NONCE BOOT", "directory IDENTITY", "start LAUNCH WORKER GROUP START",
# "end LAUNCH", and on another those of "stray PID START", which bear no mark; of these lines the last line may be torn.
read_journal() {
    [ -r "$journal" ] || return 0
    while read -r verb a b c d; do
        case $verb$a$c$d in *[!A-Za-z0-9]*) continue ;; esac
        case $verb in
        # The journal of the next node.
        node) [ "$a" = "$nonce" ] || return 0 ;;
        start)
            launches="$launches $a"
            eval "group_$a=$c:$d"
            ;;
        end) unset "group_$a" ;;
        stray) strays="$strays$a:$b " ;;
        esac
    done <"$journal"
    for launch in $launches; do
        eval "item=\${group_$launch-}"
        case $item in [0-9]*:[0-9]*) list="$list$item " ;; esac
    done
}

# Sets state, parent, group and start of process $1 from /proc; fails if it is gone.
look() {
    text=
    while IFS= read -r part || [ -n "$part" ]; do
        text="$text $part"
    done <"/proc/$1/stat"
    # The program's name stands in parentheses and may contain anything, even a parenthesis or a line end.
    text=${text##*') '}
    [ -n "$text" ] || return 1
    pid=$1
    set -- $text
    state=$1 parent=$2 group=$3 start=${20}
}

# Whether group $1 whose leader started at $2 is still the one that was added.
ours() {
    # Without /proc there is no telling; the node deletes a group as soon as it is gone.
    [ -r /proc/self/stat ] || return 0
    # The number of a group cannot be given to a new process while the group has members.
    look "$1" || return 0
    [ "$start" = "$2" ]
}

# Puts on the list of strays who descends from the groups' leaders, while these live: it may have left the group and bear no mark.
walk() {
    [ -r /proc/self/stat ] || return 0
    set +f
    for dir in /proc/[0-9]*; do
        look "${dir#/proc/}" || continue
        case $state in Z | X) continue ;; esac
        pids="$pids $pid"
        eval "parent_$pid=$parent start_$pid=$start"
    done
    set -f
    for pid in $pids; do
        eval "up=\$parent_$pid start=\$start_$pid"
        while [ "$up" -gt 1 ] && [ "$up" != $$ ]; do
            case $list in *" $up:"*) strays="$strays$pid:$start " && break ;; esac
            eval "up=\${parent_$up-0}"
        done
    done
}

signal_all() {
    for item in $strays; do
        look "${item%%:*}" && [ "$start" = "${item#*:}" ] && kill -s "$1" "$pid"
    done
    for item in $list; do
        leader=${item%%:*} began=${item#*:}
        if ours "$leader" "$began"; then
            kill -s "$1" -- "-$leader" ||
                # Killed before its setsid has run, it is in the group of the node.
                { [ "$began" != 0 ] && look "$leader" && [ "$start" = "$began" ] && kill -s "$1" "$leader"; }
        else
            drop "$leader"
        fi
    done
}

# Whether a process other than a zombie is left in the groups.
anybody() {
    if [ ! -r /proc/self/stat ]; then
        for item in $list; do
            kill -s 0 -- "-${item%%:*}" && return 0
        done
        return 1
    fi
    set +f
    for dir in /proc/[0-9]*; do
        look "${dir#/proc/}" || continue
        case $state in Z | X) continue ;; esac
        case $list$strays in *" $group:"* | *" $pid:$start "*) set -f; return 0 ;; esac
    done
    set -f
    return 1
}

nap() { sleep 0.2 || sleep 1; }

# What was being started, or has fled from its group, carries the nonce in its environment, or else has the limit. Another node's
# watchdog, which has work to do, may have the limit too.
sweep() {
    [ -r /proc/self/environ ] || return 0
    set +f
    clean=0 passes=0
    while [ $clean -lt 2 ] && [ $passes -lt 50 ]; do
        clean=$((clean + 1)) passes=$((passes + 1))
        for file in $(grep -lsF "MILLWRIGHT_NODE=$nonce" /proc/[0-9]*/environ) \
            $(grep -ls "^Max file locks  *$limit" /proc/[0-9]*/limits); do
            victim=${file#/proc/} victim=${victim%%/*}
            if grep -qs -e "MILLWRIGHT_NODE=$nonce" -e "^Max file locks  *$limit" "$file" &&
                look "$victim" && [ "$state" != Z ] &&
                ! grep -qsF "MILLWRIGHT_NODE=watchdog" "/proc/$victim/environ"; then
                kill -s KILL "$victim"
                clean=0
            fi
        done
        nap
    done
}

# Ends the groups of the kernel's that the node has made for workers; "cgroups" beside the journal names what holds them.
end_groups() {
    [ -r "${journal%/*}/cgroups" ] || return 0
    while IFS= read -r holder; do
        case $holder in /*/millwright-????????????????) [ -e "$holder/cgroup.procs" ] || continue ;; *) continue ;; esac
        passes=0
        while [ -d "$holder" ] && [ $passes -lt 25 ]; do
            passes=$((passes + 1))
            [ -e "$holder/cgroup.kill" ] && echo 1 >"$holder/cgroup.kill" ||
                find "$holder" -name cgroup.procs -exec cat {} + | while read -r victim; do kill -s KILL "$victim"; done
            find "$holder" -depth -type d -exec rmdir {} \;
            [ ! -d "$holder" ] || nap
        done
    done <"${journal%/*}/cgroups"
}

while read -r verb a b c; do
    case $verb in
    add) list="$list$a:$b " ;;
    del) drop "$a" ;;
    sig) if kill -s "$a" -- "-$b"; then echo "$c ok"; else echo "$c gone"; fi ;;
    pid) if kill -s "$a" "$b"; then echo "$c ok"; else echo "$c gone"; fi ;;
    quit) exit 0 ;;
    esac
done

read_journal
walk
signal_all TERM
signal_all CONT
waited=0
while [ $waited -lt $((grace * 5)) ] && anybody; do
    nap
    waited=$((waited + 1))
done
signal_all KILL
end_groups
sweep
