/* events.h - every event that the server logs: name, level and fields; printed into the documents.
 */
#ifndef SERVER_LOG_EVENTS_H
#define SERVER_LOG_EVENTS_H

#define LOG_EVENTS(X)                                                                              \
    X(STARTED, "started", INFO, "url port metrics version clients")                                \
    X(DRAINING, "draining", INFO, "signal")                                                        \
    X(STOPPED, "stopped", INFO, "")                                                                \
    X(RELOADED, "reloaded", INFO, "clients")                                                       \
    X(RELOAD_FAILED, "reload-failed", ERROR, "what reason line")                                   \
    X(REQUEST, "request", INFO, "id method path status bytes us client peer")                      \
    X(REQUEST_REFUSED, "request-refused", WARN, "id status reason peer")                           \
    X(REQUEST_FAILED, "request-failed", ERROR, "id reason")                                        \
    X(HANDSHAKE_REFUSED, "handshake-refused", WARN, "peer reason subject")                         \
    X(PEER_DROPPED, "peer-dropped", WARN, "peer reason subject")                                   \
    X(CONNECTION_REFUSED, "connection-refused", WARN, "peer connections")                          \
    X(ACCEPT_FAILED, "accept-failed", ERROR, "reason")                                             \
    X(STORE_FAILED, "store-failed", ERROR, "reason")                                               \
    X(DELIVERY, "delivery", INFO, "task lane attempt status outcome reason detail")                \
    X(LOOK, "look", INFO, "what outcome reason")                                                   \
    X(DEFINITION_LEFT_OUT, "definition-left-out", WARN, "key reason")                              \
    X(NOTE, "note", INFO, "text")
#endif
