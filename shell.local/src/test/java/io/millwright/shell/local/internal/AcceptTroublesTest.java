package io.millwright.shell.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AcceptTroublesTest {
    @Test
    void aRowOfFailuresIsLoggedOnceAndCountedUntilAClientIsAccepted() {
        AcceptTroubles troubles = new AcceptTroubles(0);
        IOException full = new IOException("Too many open files");
        assertTrue(troubles.failed(full));
        assertFalse(troubles.failed(full));
        assertFalse(troubles.failed(full));
        assertEquals(3, troubles.over());
        assertEquals(0, troubles.over());
        assertTrue(troubles.failed(full), "a new row is logged again");
    }
}
