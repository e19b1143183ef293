package io.millwright.wamp.router.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Wildcard patterns as a tree, a component a level; an empty component is a gap that any name fills. */
final class ComponentTree<T> {
    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>(4);

        @Nullable
        T value;
    }

    private final Node<T> root = new Node<>();
    private final Map<String, T> all = new LinkedHashMap<>();

    @Nullable
    T get(String pattern) {
        return all.get(pattern);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Collection<T> values() {
        return new ArrayList<>(all.values());
    }

    void put(String pattern, T value) {
        all.put(pattern, value);
        Node<T> node = root;
        for (String name : components(pattern)) {
            node = node.children.computeIfAbsent(name, key -> new Node<>());
        }
        node.value = value;
    }

    void remove(String pattern) {
        if (all.remove(pattern) != null) {
            remove(root, components(pattern), 0);
        }
    }

    /** Whether the node has become needless. */
    private boolean remove(Node<T> node, String[] names, int at) {
        if (at == names.length) {
            node.value = null;
        } else {
            Node<T> child = node.children.get(names[at]);
            if (child != null && remove(child, names, at + 1)) {
                node.children.remove(names[at]);
            }
        }
        return node.value == null && node.children.isEmpty();
    }

    /** Names before gaps, from the first component on: the order in which the protocol prefers registrations. */
    void match(String uri, Consumer<? super T> found) {
        match(root, components(uri), 0, found);
    }

    private void match(Node<T> node, String[] names, int at, Consumer<? super T> found) {
        if (at == names.length) {
            T value = node.value;
            if (value != null) {
                found.accept(value);
            }
            return;
        }
        Node<T> same = node.children.get(names[at]);
        if (same != null) {
            match(same, names, at + 1, found);
        }
        Node<T> gap = node.children.get("");
        if (gap != null) {
            match(gap, names, at + 1, found);
        }
    }

    private static String[] components(String text) {
        return text.split("\\.", -1);
    }
}
