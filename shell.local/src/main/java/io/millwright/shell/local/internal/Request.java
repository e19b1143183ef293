package io.millwright.shell.local.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks for.
 *
 * @param type one of {@link Protocol#RUN}, {@link Protocol#SHELL}, {@link Protocol#LIST}, {@link Protocol#PING}
 * @param columns width of the client's terminal, 0 when its output is none
 * @param outputIsTerminal whether the client's standard output is a terminal
 * @param inputIsTerminal whether the client's standard input is a terminal
 * @param directory the client's working directory, may be empty when it has none
 * @param words the command and its arguments, literally
 */
record Request(
        byte type,
        int columns,
        boolean outputIsTerminal,
        boolean inputIsTerminal,
        String directory,
        List<String> words) {

    Request {
        words = List.copyOf(words);
    }

    static Request parse(byte type, ByteBuffer payload) throws ProtocolException {
        if (type != Protocol.RUN && type != Protocol.SHELL && type != Protocol.LIST && type != Protocol.PING) {
            throw new ProtocolException("a request begins with a frame R, S, L or P, not with " + (char) (type & 0xff));
        }
        if (payload.remaining() < 3) {
            throw new ProtocolException("the request is shorter than its fixed part");
        }
        int columns = payload.getShort() & 0xffff;
        int flags = payload.get();
        List<String> strings = new ArrayList<>();
        while (payload.hasRemaining()) {
            strings.add(string(payload, strings.size()));
        }
        if (strings.isEmpty() || (type == Protocol.RUN && strings.size() < 2)) {
            throw new ProtocolException("the request lacks the working directory or the command");
        }
        List<String> words = strings.subList(1, strings.size());
        return new Request(type, columns, (flags & 1) != 0, (flags & 2) != 0, strings.get(0), words);
    }

    private static String string(ByteBuffer payload, int index) throws ProtocolException {
        int length = payload.remaining() < 4 ? -1 : payload.getInt();
        if (length < 0 || length > payload.remaining()) {
            throw new ProtocolException("string " + index + " of the request is cut off");
        }
        ByteBuffer bytes = payload.slice(payload.position(), length);
        payload.position(payload.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            String what = index == 0 ? "the working directory" : index == 1 ? "the command" : "argument " + (index - 1);
            throw new ProtocolException(what + " is not valid UTF-8; commands take text only");
        }
    }
}
