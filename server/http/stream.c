/* stream.c - sockets and OpenSSL sessions behind the same calls. */
#include "server/http/stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

/* errno and OpenSSL's error queue are this thread's: the queue is emptied before each call, so that
 * another session's leftovers are not taken for this one's. */
static enum stream_outcome outcome_of(struct stream *stream, int result)
{
    int error = SSL_get_error(stream->ssl, result);
    stream->waits_for_room = error == SSL_ERROR_WANT_WRITE;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return STREAM_AGAIN;
    return error == SSL_ERROR_ZERO_RETURN ? STREAM_END : STREAM_BROKEN;
}

static enum stream_outcome plain_outcome(struct stream *stream, bool is_write)
{
    stream->waits_for_room = is_write;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? STREAM_AGAIN : STREAM_BROKEN;
}

enum stream_outcome stream_shake_hands(struct stream *stream)
{
    if (!stream->ssl)
        return STREAM_DONE;
    ERR_clear_error();
    int result = SSL_accept(stream->ssl);
    return result == 1 ? STREAM_DONE : outcome_of(stream, result);
}

enum stream_outcome stream_read(struct stream *stream, char *bytes, size_t room, size_t *count)
{
    if (stream->ssl) {
        ERR_clear_error();
        int result = SSL_read_ex(stream->ssl, bytes, room, count);
        return result == 1 ? STREAM_DONE : outcome_of(stream, result);
    }
    ssize_t result = recv(stream->descriptor, bytes, room, 0);
    if (result < 0)
        return plain_outcome(stream, false);
    *count = (size_t)result;
    return result ? STREAM_DONE : STREAM_END;
}

enum stream_outcome stream_write(struct stream *stream, struct str bytes, bool has_more,
                                 size_t *count)
{
    if (stream->ssl) {
        ERR_clear_error();
        int result = SSL_write_ex(stream->ssl, bytes.data, bytes.len, count);
        return result == 1 ? STREAM_DONE : outcome_of(stream, result);
    }
    int flags = MSG_NOSIGNAL | (has_more ? MSG_MORE : 0);
    ssize_t result = send(stream->descriptor, bytes.data, bytes.len, flags);
    if (result < 0)
        return plain_outcome(stream, true);
    *count = (size_t)result;
    return STREAM_DONE;
}

bool stream_has_bytes(const struct stream *stream)
{
    return stream->ssl && SSL_has_pending(stream->ssl);
}

void stream_abandon_tls(struct stream *stream)
{
    SSL_free(stream->ssl);
    stream->ssl = NULL;
}

void stream_end(struct stream *stream)
{
    if (stream->ssl && SSL_is_init_finished(stream->ssl)) {
        ERR_clear_error();
        SSL_shutdown(stream->ssl);
    }
    shutdown(stream->descriptor, SHUT_WR);
}

void stream_close(struct stream *stream)
{
    if (stream->ssl)
        SSL_free(stream->ssl);
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    *stream = (struct stream){ .descriptor = -1 };
}
