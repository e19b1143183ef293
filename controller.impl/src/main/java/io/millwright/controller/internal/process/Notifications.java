package io.millwright.controller.internal.process;

/** Where programs say of themselves how they are, by the protocol of sd_notify. Thread-safe. */
public interface Notifications extends AutoCloseable {
    /** Told of messages. */
    interface Listener {
        /**
         * Called by a thread of the backend, one message after the other.
         *
         * @param pid the process that has sent it, as the kernel says; it may have ended
         * @param text lines of {@code NAME=value}
         */
        void said(long pid, String text);
    }

    /**
     * What programs find in {@code NOTIFY_SOCKET}.
     *
     * @return one line
     */
    String address();

    /** Hears nothing any more. */
    @Override
    void close();
}
