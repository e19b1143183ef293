# Bash completion for bin/millwright:  . completion/millwright.bash
# Commands and worker ids come from the node that runs in the node directory; answers are kept for some seconds.

_millwright_ask() { # KEY WORD... -> _millwright_answer
    local key=$1
    shift
    if [[ $_millwright_key != "$key" ]] || ((SECONDS - ${_millwright_at:--99} > 5)); then
        _millwright_answer=$(command "$@" 2>/dev/null </dev/null)
        _millwright_key=$key
        _millwright_at=$SECONDS
    fi
}

_millwright_directories() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$1")
}

_millwright() {
    local line=${COMP_LINE:0:COMP_POINT} word program=${COMP_WORDS[0]}
    local -a words
    # COMP_WORDS is cut at colons; commands have one in their name
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=('')
    word=${words[${#words[@]} - 1]}
    COMPREPLY=()

    local at=1
    local -a where=()
    if [[ ${words[1]-} == -d ]]; then
        if ((${#words[@]} == 3)); then
            _millwright_directories "$word"
            return
        fi
        where=(-d "${words[2]}")
        at=3
    fi

    local answers=''
    if ((${#words[@]} - 1 == at)); then
        _millwright_ask "commands ${where[*]} $PWD" "$program" "${where[@]}" --commands
        answers="$_millwright_answer
$( ((at == 1)) && echo 'init check run start restart stop status shell demo -d')"
    else
        case ${words[at]} in
        init | check | run | start | restart | stop | status | shell)
            if [[ $word == -* && ${words[at]} == run ]]; then
                answers=--debug-lifecycle
            else
                _millwright_directories "$word"
                return
            fi
            ;;
        *:*)
            # What the words may become is said by the node, as for every shell.
            _millwright_ask "complete ${words[*]:at} ${where[*]} $PWD" \
                "$program" "${where[@]}" node:complete -- "${words[@]:at}"
            answers=$_millwright_answer
            [[ $answers == *[=.] && $answers != *$'\n'* ]] && compopt -o nospace 2>/dev/null
            ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$answers" -- "$word")
    # what bash takes for the word begins after the last colon
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
    fi
}
complete -F _millwright millwright
