package io.millwright.wamp.router;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/** A realm: who may join, what they may do, and the sessions that are there. Thread-safe. */
@ProviderType
public interface Realm {
    /** Its name. */
    String name();

    /** Its roles. */
    Roles roles();

    /** The authenticators, in the order in which they are asked; sessions that are there stay. Empty lets nobody in. */
    void setAuthenticators(List<Authenticator> authenticators);

    /**
     * What sessions may have and do from now on. None that is there is ended for having more; it gets no more. Sessions of the same process and
     * {@linkplain Principal#asSpared spared} ones are neither counted nor limited.
     */
    void setLimits(Limits limits);

    /**
     * A session of the same process. It may do all but register under {@code wamp.} and publish there, is never ended by {@code
     * wamp.session.kill*}, and no message of it is encoded. It is there when the stage completes.
     *
     * @param authid its name
     * @param role the name of its role for others' eyes
     * @param handlers where its handlers run, one after the other and in order; may have one thread or many
     */
    LocalSession open(String authid, String role, Executor handlers);

    /** The sessions that are there. */
    CompletionStage<List<SessionInfo>> sessions();

    /** What has gone to and fro in the sessions that other processes have. */
    CompletionStage<List<SessionTraffic>> traffic();

    /** How much there is in the realm, and how much goes to and fro. */
    CompletionStage<RealmFigures> figures();

    /** Ends a session of another process, a spared one too; false if there is none of that id. */
    CompletionStage<Boolean> end(long session, String reason, String message);

    /** Ends the sessions of a name, spared ones too; how many it were. */
    CompletionStage<Integer> end(String authid, String reason, String message);

    /** Ends all sessions in words (GOODBYE) and lets nobody in any more. Complete when all of them are told. */
    CompletionStage<Void> close(String reason, String message);
}
