package io.millwright.controller.api.remote;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The sessions of a node's remote management; a service of the bundle that has them. Thread-safe; methods block for a moment at most. */
@ProviderType
public interface RemoteSessions {
    /**
     * The sessions there are, those of workers too.
     *
     * @return sorted by the time they joined
     */
    List<RemoteSession> list();

    /**
     * Ends a session, in words. Its client may come back.
     *
     * @param id the session's
     * @param why is told to it, and written in the node's log
     * @return false if there is none
     */
    boolean end(long id, String why);
}
