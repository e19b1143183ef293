/*
 * The floor: a supervisor that does the least a supervisor can do. floor WORKER BEACON LOGS [WORKER-ARG...]
 *
 * One thread; each worker is one pipe2 + posix_spawn in a session of its own, its output goes to a file LOGS/ID.log (stamps:
 * none), it is started again at once when it ends by itself, a stop signals the whole group. Commands come on standard input,
 * a line each, and are answered with a line "ok" when done:
 *   start N          start those of the workers 0..N-1 that do not run
 *   stop MILLIS      TERM to all groups; KILL after MILLIS; answered when the last has been reaped
 * End of input: kill all and end. Linux only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 8192, PIDS = 4194304, COMMANDS = MOST, CHILDREN, TIMER };

static struct worker {
    pid_t pid;
    int pipe, log, wanted;
} workers[MOST];

static short by_pid[PIDS];
static int known, living, stopping, poll_fd, timer;
static char **arguments;
static const char *logs;
static char buffer[65536];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int fd, unsigned id) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = id};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

static void answer(void) {
    if (write(1, "ok\n", 3) < 0) exit(0);
}

static void spawn(int id) {
    struct worker *w = &workers[id];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) die("pipe2");
    if (w->log == 0) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%d.log", logs, id);
        if ((w->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) die(path);
    }
    char name[16];
    snprintf(name, sizeof name, "%d", id);
    arguments[1] = name;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    posix_spawn_file_actions_adddup2(&files, ends[1], 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    if ((errno = posix_spawn(&w->pid, arguments[0], &files, &attributes, arguments, environ)) != 0) die("posix_spawn");
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    w->pipe = ends[0];
    by_pid[w->pid] = (short)id;
    living++;
    watch(w->pipe, (unsigned)id);
}

static ssize_t copy(struct worker *w) {
    ssize_t size = read(w->pipe, buffer, sizeof buffer);
    if (size > 0 && write(w->log, buffer, (size_t)size) < 0) die("write");
    return size;
}

static void reap(int children) {
    struct signalfd_siginfo info;
    while (read(children, &info, sizeof info) > 0) {}
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        int id = by_pid[pid];
        struct worker *w = &workers[id];
        while (copy(w) > 0) {}
        close(w->pipe);
        w->pid = 0;
        living--;
        if (w->wanted) spawn(id);
    }
    if (stopping && living == 0) {
        stopping = 0;
        answer();
    }
}

static void signal_all(int number) {
    for (int i = 0; i < known; i++)
        if (workers[i].pid > 0) kill(-workers[i].pid, number);
}

static void command(void) {
    char line[128];
    ssize_t size = read(0, line, sizeof line - 1);
    if (size <= 0) {
        signal_all(SIGKILL);
        exit(0);
    }
    line[size] = 0;
    int number = 0;
    if (sscanf(line, "start %d", &number) == 1 && number <= MOST) {
        if (number > known) known = number;
        for (int i = 0; i < number; i++) {
            workers[i].wanted = 1;
            if (workers[i].pid == 0) spawn(i);
        }
        answer();
    } else if (sscanf(line, "stop %d", &number) == 1) {
        for (int i = 0; i < known; i++) workers[i].wanted = 0;
        signal_all(SIGTERM);
        struct itimerspec when = {.it_value = {number / 1000, number % 1000 * 1000000L + 1}};
        timerfd_settime(timer, 0, &when, NULL);
        if (!(stopping = living > 0)) answer();
    }
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    logs = argv[3];
    arguments = calloc((size_t)argc + 1, sizeof *arguments);
    arguments[0] = argv[1];
    arguments[2] = argv[2];
    for (int i = 4; i < argc; i++) arguments[i - 1] = argv[i];
    /* as many workers as the hard limit allows */
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    int children = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    watch(0, COMMANDS);
    watch(children, CHILDREN);
    watch(timer, TIMER);
    answer();
    struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(poll_fd, events, 256, -1);
        for (int i = 0; i < count; i++) {
            unsigned id = events[i].data.u32;
            if (id == COMMANDS) command();
            else if (id == CHILDREN) reap(children);
            else if (id == TIMER) {
                unsigned long long ticks;
                if (read(timer, &ticks, sizeof ticks) > 0) signal_all(stopping ? SIGKILL : 0);
            } else if (copy(&workers[id]) == 0) epoll_ctl(poll_fd, EPOLL_CTL_DEL, workers[id].pipe, NULL);
        }
    }
}
