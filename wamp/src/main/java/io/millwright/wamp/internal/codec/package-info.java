/** The serializers' insides. Only {@code JsonCodec} and {@code JsonInput} know Jackson, and of it the streaming core alone. */
@NullMarked
package io.millwright.wamp.internal.codec;

import org.jspecify.annotations.NullMarked;
