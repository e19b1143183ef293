package io.millwright.options;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A copy of a small map in its order, in two words an entry: for what each of thousands of workers or events keeps. A look-up goes through all
 * of it. Immutable.
 *
 * @param <V> the values
 */
public final class CompactMap<V> extends AbstractMap<String, V> {
    private final Object[] keysAndValues;

    /**
     * Copies a map.
     *
     * @param original in whose order the copy is
     */
    public CompactMap(Map<String, V> original) {
        keysAndValues = new Object[2 * original.size()];
        int at = 0;
        for (Map.Entry<String, V> entry : original.entrySet()) {
            keysAndValues[at++] = entry.getKey();
            keysAndValues[at++] = entry.getValue();
        }
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return keysAndValues.length / 2;
            }

            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, V>> {
        private int at;

        @Override
        public boolean hasNext() {
            return at < keysAndValues.length;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Map.Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at += 2;
            return new SimpleImmutableEntry<>((String) keysAndValues[at - 2], (V) keysAndValues[at - 1]);
        }
    }
}
