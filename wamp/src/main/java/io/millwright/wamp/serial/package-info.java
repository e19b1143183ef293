/**
 * Messages to bytes and back: {@link io.millwright.wamp.serial.Serializers#JSON}, {@code CBOR} and {@code MSGPACK}. Values are {@code null},
 * {@link Boolean}, {@link Long} (or {@link java.math.BigInteger} beyond it), {@link Double}, {@link String}, {@code byte[]}, {@link
 * java.util.List} and {@link java.util.Map} with texts as keys; other number classes, {@link CharSequence} and {@link java.util.Collection} can be
 * sent too. Lone halves of surrogate pairs are sent as U+FFFD.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.millwright.wamp.serial;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
