package dev.unroot.webhook;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time off a connection: the next one is not looked at before the answer to this one is out, and
 * then not before every other connection of the event loop has had its turn. Whatever has come of it meanwhile waits, and
 * no more is read than that.
 *
 * <p>A header has a deadline, from its first byte on, and a bound on how many fields it has. Once an answer says that it is
 * the last one, nothing more is read; where the request was not even in whole, its rest is thrown away for a moment, for a
 * client that is still writing might not see the answer if the connection were closed under it.
 */
final class RequestDecoder extends VertxHttpRequestDecoder {
    static final int LONGEST_FIRST_LINE = 4096;
    static final int LARGEST_HEADERS = 8 << 10;
    /** API servers send eight. Each costs ten times as much in memory as its bytes. */
    static final int MOST_FIELDS = 100;

    /** For a client to stop writing once it has been told to; so often, as long as it does not. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private static final int FAREWELLS = 5;

    private final OpenConnection connection;
    private final Duration headerArrival;
    /** What the handshake ends with has been read by the time that this decoder is there. */
    private boolean afterHandshake;

    private @Nullable HttpMessage head;
    private int fields;
    private @Nullable ScheduledFuture<?> deadline;
    /** Nothing of a request has been read without its end. */
    private boolean between = true;

    private boolean answering;
    /** This connection has had its turn; others come first. */
    private boolean served;

    private boolean scheduled;
    private boolean reading;
    private boolean decoded;
    private boolean paused;
    /** What is answered now is the last request. */
    private boolean closing;
    /** No more is read. */
    private boolean over;
    /** Something came all the same. */
    private boolean stillWriting;

    private RequestDecoder(OpenConnection connection, Duration headerArrival, boolean afterHandshake) {
        super(new Http1ServerConfig()
                .setMaxInitialLineLength(LONGEST_FIRST_LINE)
                .setMaxHeaderSize(LARGEST_HEADERS));
        this.connection = connection;
        this.headerArrival = headerArrival;
        this.afterHandshake = afterHandshake;
    }

    /** Takes the place of Vert.x's decoder; to be called before anything was read from the connection. */
    static void install(HttpConnection opened, Duration headerArrival) {
        ChannelPipeline pipeline =
                ((HttpServerConnection) opened).channelHandlerContext().pipeline();
        RequestDecoder decoder = new RequestDecoder(OpenConnection.of(opened), headerArrival, opened.isSsl());
        pipeline.replace("httpDecoder", "httpDecoder", decoder);
        pipeline.addAfter("httpEncoder", "answers", decoder.new Answers());
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        HttpMessage message = super.createMessage(initialLine);
        head = message;
        fields = 0;
        return message;
    }

    @Override
    protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
        if (++fields > MOST_FIELDS) {
            throw new TooLongHttpHeaderException("more than " + MOST_FIELDS + " fields");
        }
        return super.splitHeaderName(bytes, start, length);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (over) {
            stillWriting = true;
            ReferenceCountUtil.release(message);
            return;
        }
        reading = true;
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (mustWait()) {
            return;
        }
        int before = out.size();
        super.decode(context, in, out);
        for (int i = before; i < out.size(); i++) {
            decoded = true;
            Object part = out.get(i);
            if (part instanceof HttpRequest request) {
                begun(request);
            }
            if (part instanceof LastHttpContent) {
                between = true;
                connection.received();
            }
        }
    }

    private boolean mustWait() {
        return between && (answering || served);
    }

    private void begun(HttpRequest request) {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        head = null;
        between = false;
        answering = true;
        served = true;
        if (request.decoderResult().isSuccess()) {
            RuntimeException problem = Framing.problem(request);
            if (problem != null) {
                request.setDecoderResult(DecoderResult.failure(problem));
            }
        }
        closing |= !request.decoderResult().isSuccess();
    }

    /** Two lengths of one body: whoever is between here and the client may have gone by the other one. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new MalformedRequestException("A request has either Transfer-Encoding or Content-Length, not both.");
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        reading = false;
        boolean nothing = !decoded;
        decoded = false;
        boolean waiting = actualReadableBytes() > 0;
        if (over || mustWait() && waiting) {
            pause(context);
            if (!over && !answering) {
                takeTurn(context);
            }
            context.fireChannelReadComplete();
            return;
        }
        if (between && !answering) {
            served = false;
            resume(context);
            boolean handshake = afterHandshake && nothing && !waiting && head == null;
            if (!handshake && (nothing || waiting || head != null)) {
                headerBegun(context);
            }
        }
        afterHandshake = false;
        super.channelReadComplete(context);
    }

    private void headerBegun(ChannelHandlerContext context) {
        if (deadline == null) {
            deadline = context.executor().schedule(() -> late(context), headerArrival.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void late(ChannelHandlerContext context) {
        over = true;
        context.close();
    }

    private void pause(ChannelHandlerContext context) {
        if (!paused && !over) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    private void resume(ChannelHandlerContext context) {
        if (paused) {
            paused = false;
            context.channel().config().setAutoRead(true);
        }
    }

    /** A timer, not a task: those run before the event loop looks at other connections, and would go on for a second. */
    private void takeTurn(ChannelHandlerContext context) {
        if (!scheduled) {
            scheduled = true;
            context.executor().schedule(() -> turn(context), 1, TimeUnit.NANOSECONDS);
        }
    }

    private void turn(ChannelHandlerContext context) {
        scheduled = false;
        if (over || answering || context.isRemoved()) {
            return;
        }
        served = false;
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
            channelReadComplete(context);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }

    /** The answer is written, to its end. */
    private void answered(ChannelHandlerContext context) {
        answering = false;
        connection.answered();
        if (closing || !between) {
            over = true;
            resume(context);
            farewell(context, FAREWELLS);
        } else if (!reading) {
            if (actualReadableBytes() > 0) {
                takeTurn(context.pipeline().context(this));
            } else {
                served = false;
                resume(context);
            }
        }
    }

    private void farewell(ChannelHandlerContext context, int left) {
        stillWriting = false;
        context.executor()
                .schedule(
                        () -> {
                            if (stillWriting && left > 1) {
                                farewell(context, left - 1);
                            } else {
                                context.close();
                            }
                        },
                        FAREWELL.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        super.channelInactive(context);
    }

    /** Sees each answer before it is bytes. */
    private final class Answers extends ChannelOutboundHandlerAdapter {
        private boolean interim;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response) {
                interim = response.status().code() < 200;
                closing |= response.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
            }
            context.write(message, promise);
            if (message instanceof LastHttpContent && !interim) {
                answered(context);
            }
        }
    }
}
