package io.millwright.wamp.message;

/**
 * A payload's elements as they stand in a message of one format: a part of an array that nobody changes any more.
 *
 * @param format whose bytes they are
 * @param elements how many elements, 0 to 2
 * @param bytes the array, not copied
 * @param offset where they begin in it
 * @param length how many bytes they are
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy is what it is there to save
public record EncodedPayload(PayloadFormat format, int elements, byte[] bytes, int offset, int length) {}
