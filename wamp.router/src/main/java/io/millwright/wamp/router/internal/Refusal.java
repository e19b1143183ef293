package io.millwright.wamp.router.internal;

/** An error URI and a sentence. */
record Refusal(String uri, String sentence) {}
