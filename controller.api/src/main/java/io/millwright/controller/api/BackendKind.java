package io.millwright.controller.api;

/** How the node makes and sees its processes. More will come: a {@code switch} over it needs a default branch. */
public enum BackendKind {
    /** With the means of Linux: posix_spawn, epoll, pidfd. */
    LINUX,
    /** With the means of every Java virtual machine. */
    PORTABLE,
    /** Not at all: the node only checks its configuration. */
    NONE
}
