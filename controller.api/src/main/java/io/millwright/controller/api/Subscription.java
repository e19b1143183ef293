package io.millwright.controller.api;

import org.osgi.annotation.versioning.ProviderType;

/** Something that goes on until it is closed. Thread-safe. */
@ProviderType
public interface Subscription extends AutoCloseable {
    /** Ends it; a call in progress may still finish. Does not block; closing again does nothing. */
    @Override
    void close();
}
