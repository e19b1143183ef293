/** What every process backend must do. */
package io.millwright.controller.internal.process.backend;
