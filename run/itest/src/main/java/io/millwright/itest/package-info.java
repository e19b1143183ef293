/** Tests that run inside a framework; fields are injected, so null-marking would only be noise. */
package io.millwright.itest;
