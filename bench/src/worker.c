/*
 * The worker of the bench: worker ID BEACON [MODE [ARG...]]
 *
 * The first thing it does is to read CLOCK_MONOTONIC; then it appends "ID PID NANOSECONDS" to the file BEACON and prints
 * the same line. So a latency is the worker's own reading and does not depend on how its supervisor keeps logs.
 *
 * Modes: sleep (default); flood MEGABYTES [LINE] waits half a second, until its start is over for its supervisor too, and writes
 * lines of LINE bytes (default 100) as fast as they are taken, with the beacons ID.begin and ID.end around; stubborn ignores TERM and INT.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void put(int fd, const char *data, size_t left) {
    while (left > 0) {
        ssize_t done = write(fd, data, left);
        if (done < 0) _exit(9);
        data += done;
        left -= (size_t)done;
    }
}

static void beacon(const char *path, const char *id, const char *suffix, long long time, int print) {
    char line[160];
    int length = snprintf(line, sizeof line, "%.80s%s %d %lld\n", id, suffix, (int)getpid(), time);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0) {
        /* one write: lines of many workers never mix */
        put(fd, line, (size_t)length);
        close(fd);
    }
    if (print) put(1, line, (size_t)length);
}

static void flood(long megabytes, size_t size) {
    enum { LINES = 64 };
    char *block = malloc(size * LINES);
    if (block == NULL || size < 2) _exit(9);
    for (size_t i = 0; i < LINES; i++) {
        memset(block + i * size, 'a' + (int)(i % 26), size - 1);
        block[i * size + size - 1] = '\n';
    }
    long lines = megabytes * 1000000 / (long)size;
    for (; lines >= LINES; lines -= LINES) put(1, block, size * LINES);
    put(1, block, size * (size_t)lines);
    free(block);
}

int main(int argc, char **argv) {
    long long first = now();
    if (argc < 3) return 2;
    const char *mode = argc > 3 ? argv[3] : "sleep";
    if (strcmp(mode, "stubborn") == 0) {
        signal(SIGTERM, SIG_IGN);
        signal(SIGINT, SIG_IGN);
    }
    beacon(argv[2], argv[1], "", first, 1);
    if (strcmp(mode, "flood") == 0) {
        usleep(500000);
        beacon(argv[2], argv[1], ".begin", now(), 0);
        flood(argc > 4 ? atol(argv[4]) : 100, argc > 5 ? (size_t)atol(argv[5]) : 100);
        beacon(argv[2], argv[1], ".end", now(), 0);
    }
    for (;;) pause();
}
