package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.SessionInfo;

/**
 * One call of a procedure.
 *
 * @param node the node as this caller may use it
 * @param caller the caller
 * @param session the session it comes from
 * @param arguments what it was called with
 * @param call takes parts of the answer
 */
record Request(NodeController node, Caller caller, SessionInfo session, Arguments arguments, ProcedureCall call) {}
