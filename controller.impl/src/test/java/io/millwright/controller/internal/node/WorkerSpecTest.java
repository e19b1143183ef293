package io.millwright.controller.internal.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ids and specifications are compared by what they say, with methods written by hand. */
class WorkerSpecTest {
    private static WorkerSpec spec(String id, String type, Object nofile) {
        return WorkerSpec.of(new WorkerId(id), type, Map.of("executable", "sleep", "limits", Map.of("nofile", nofile)));
    }

    @Test
    void idsAreTheirText() {
        assertEquals(new WorkerId("web"), new WorkerId(new String("web")));
        assertEquals(new WorkerId("web").hashCode(), new WorkerId(new String("web")).hashCode());
        assertNotEquals(new WorkerId("web"), new WorkerId("web2"));
        assertNotEquals(new WorkerId("web"), (Object) "web");
    }

    @Test
    void specificationsAreAllThreeParts() {
        WorkerSpec given = spec("web", "guest", 100L);
        assertEquals(given, spec("web", "guest", 100L));
        assertEquals(given.hashCode(), spec("web", "guest", 100L).hashCode());
        for (WorkerSpec other :
                List.of(spec("web2", "guest", 100L), spec("web", "container", 100L), spec("web", "guest", 101L))) {
            assertNotEquals(given, other);
        }
        assertNotEquals(given, null);
    }
}
