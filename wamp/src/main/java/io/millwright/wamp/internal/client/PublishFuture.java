package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampException;
import io.millwright.wamp.client.Publication;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.WampMessage;
import java.util.concurrent.CompletableFuture;

/** A publication that is on its way. */
final class PublishFuture implements Answer {
    private final Publication publication;
    private final Lane lane;
    private final CompletableFuture<Long> future = new CompletableFuture<>();
    private long id;

    PublishFuture(Publication publication, Lane lane) {
        this.publication = publication;
        this.lane = lane;
    }

    CompletableFuture<Long> future() {
        return future;
    }

    void start(Link link) {
        link.request(this, publication.payload(), this::message);
        // An error for a publication that nobody acknowledges is not sent either.
        if (!publication.isAcknowledged() && link.forget(id)) {
            future.complete(0L);
        }
    }

    private WampMessage message(long given) {
        id = given;
        return new Publish(given, publication.options(), publication.topic(), publication.payload());
    }

    @Override
    public MessageType request() {
        return MessageType.PUBLISH;
    }

    @Override
    public boolean isAnswer(WampMessage message) {
        return message instanceof Published;
    }

    @Override
    public void reply(WampMessage message) {
        long publicationId = ((Published) message).publication();
        lane.put(() -> future.complete(publicationId));
    }

    @Override
    public void fail(WampException why) {
        lane.put(() -> future.completeExceptionally(why));
    }
}
