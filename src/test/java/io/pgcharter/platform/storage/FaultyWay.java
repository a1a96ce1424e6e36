package io.pgcharter.platform.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The way to an S3 server, on which each request may meet a fault. Speaks HTTP/1.1 by hand, one request a connection,
/// so that it can also be wrong about it.
public final class FaultyWay implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *([0-9]+)\r?$");
    private static final Pattern ETAG = Pattern.compile("(?im)^etag: .*\r?$");

    private final int server;
    private final ServerSocket door;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Request> seen = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Optional<Fault>> faults = _ -> Optional.empty();

    /// @param target path and query @param head request line and headers
    public record Request(String method, String target, String head) {
        public boolean isList() {
            return target.contains("list-type=2");
        }

        public boolean names(String part) {
            return target.contains(part);
        }
    }

    /// What a request meets.
    public sealed interface Fault {
        /// An error in the server's place; the server never hears of the request.
        record Refused(int status, String code) implements Fault {}

        /// The connection is reset; the server never hears of the request.
        record Reset() implements Fault {}

        /// The server does what it is asked, and the answer is lost.
        record Lost() implements Fault {}

        /// The answer ends in the middle of its body: by a reset, or as if that were all.
        record Cut(boolean reset) implements Fault {}

        /// One byte of the answer every tenth of a second.
        record Drip() implements Fault {}

        /// No answer until the other side gives up.
        record Silence() implements Fault {}

        /// A success whose body is an error.
        record ErrorInSuccess() implements Fault {}

        /// The header says that the body is so much longer or shorter than it is.
        record WrongLength(int more) implements Fault {}

        /// An ETag that belongs to something else.
        record WrongEtag() implements Fault {}

        /// More headers on the answer, one a line.
        record Headed(String headers) implements Fault {}

        /// The answer without the headers whose names begin so.
        record Unheaded(String begin) implements Fault {}

        /// A success without content, in the server's place.
        record Accepted() implements Fault {}

        /// The body as somebody else would have it.
        record Changed(UnaryOperator<String> change) implements Fault {}
    }

    public FaultyWay(int server) {
        this.server = server;
        try {
            door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::admit);
    }

    public int port() {
        return door.getLocalPort();
    }

    /// From now on `faults` says what each request meets.
    public void meet(Function<Request, Optional<Fault>> faults) {
        this.faults = faults;
    }

    public void heal() {
        meet(_ -> Optional.empty());
    }

    /// All requests so far.
    public List<Request> seen() {
        return List.copyOf(seen);
    }

    private void admit() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            if (head.toLowerCase(Locale.ROOT).contains("expect: 100-continue")) {
                client.getOutputStream().write(bytes("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            byte[] body = in.readNBytes(length(head));
            String[] line = head.substring(0, head.indexOf('\r')).split(" ", -1);
            Request request = new Request(line[0], line[1], head);
            seen.add(request);
            Optional<Fault> fault = faults.apply(request);
            if (fault.isPresent()) {
                answer(client, fault.get(), request, body);
            } else {
                client.getOutputStream().write(forward(head, body));
            }
        } catch (IOException e) {
            // The client gave up, which is what some tests are about.
        } finally {
            open.remove(client);
        }
    }

    private void answer(Socket client, Fault fault, Request request, byte[] body) throws IOException {
        OutputStream out = client.getOutputStream();
        switch (fault) {
            case Fault.Refused(int status, String code) -> {
                String error = error(code);
                String text = request.method().equals("HEAD") ? "" : error;
                out.write(bytes("HTTP/1.1 " + status + " No\r\nContent-Type: application/xml\r\nContent-Length: "
                        + text.length() + "\r\nConnection: close\r\n\r\n" + text));
            }
            case Fault.Reset() -> client.setSoLinger(true, 0);
            case Fault.Lost() -> {
                forward(request.head(), body);
                client.setSoLinger(true, 0);
            }
            case Fault.Cut(boolean reset) -> {
                byte[] answer = forward(request.head(), body);
                int begin = bodyBegin(answer);
                out.write(answer, 0, begin + (answer.length - begin) / 2);
                out.flush();
                if (reset) {
                    // What was sent is to arrive first.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    client.setSoLinger(true, 0);
                }
            }
            case Fault.Drip() -> drip(out, forward(request.head(), body));
            case Fault.Silence() -> {
                int _ = client.getInputStream().read();
            }
            case Fault.ErrorInSuccess() -> {
                String error = error("InternalError");
                out.write(bytes("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: " + error.length()
                        + "\r\nConnection: close\r\n\r\n" + error));
            }
            case Fault.WrongLength(int more) ->
                out.write(withHead(
                        forward(request.head(), body),
                        head -> LENGTH.matcher(head)
                                .replaceFirst(length -> "Content-Length: "
                                        + Math.max(0, Integer.parseInt(length.group(1)) + more) + "\r")));
            case Fault.WrongEtag() ->
                out.write(withHead(
                        forward(request.head(), body),
                        head -> ETAG.matcher(head).replaceFirst("ETag: \"00000000000000000000000000000000\"\r")));
            case Fault.Headed(String headers) ->
                out.write(withHead(
                        forward(request.head(), body), head -> head.replaceFirst("\r\n", "\r\n" + headers + "\r\n")));
            case Fault.Unheaded(String begin) ->
                out.write(withHead(
                        forward(request.head(), body),
                        head -> head.replaceAll("(?im)^" + Pattern.quote(begin) + "[^\r\n]*\r\n", "")));
            case Fault.Accepted() ->
                out.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            case Fault.Changed(UnaryOperator<String> change) ->
                out.write(changed(forward(request.head(), body), change));
        }
    }

    private static void drip(OutputStream out, byte[] answer) throws IOException {
        for (byte part : answer) {
            out.write(part);
            out.flush();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static byte[] withHead(byte[] answer, UnaryOperator<String> change) {
        int begin = bodyBegin(answer);
        byte[] head = bytes(change.apply(new String(answer, 0, begin, StandardCharsets.ISO_8859_1)));
        byte[] whole = Arrays.copyOf(head, head.length + answer.length - begin);
        System.arraycopy(answer, begin, whole, head.length, answer.length - begin);
        return whole;
    }

    private static byte[] changed(byte[] answer, UnaryOperator<String> change) {
        int begin = bodyBegin(answer);
        String body = change.apply(new String(answer, begin, answer.length - begin, StandardCharsets.UTF_8));
        String head = new String(answer, 0, begin, StandardCharsets.ISO_8859_1);
        String lengthless = LENGTH.matcher(head)
                .replaceFirst("")
                .replace("\n\r\n", "\n")
                .replaceAll("(?im)^transfer-encoding.*\r\n", "");
        String statusAndHeaders = lengthless.strip();
        return bytes(statusAndHeaders + "\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n" + body);
    }

    private static String error(String code) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                + "</Code><Message>as the test wants it</Message></Error>";
    }

    /// The server's answer, with its length in a header.
    private byte[] forward(String head, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server)) {
            String alone = head.replaceAll("(?im)^(connection|expect): .*\r\n", "");
            socket.getOutputStream().write(bytes(alone.substring(0, alone.length() - 2) + "Connection: close\r\n\r\n"));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            byte[] answer = socket.getInputStream().readAllBytes();
            return plain(answer);
        }
    }

    /// Without chunks, so that what is done to the body is seen as such.
    private static byte[] plain(byte[] answer) throws IOException {
        int begin = bodyBegin(answer);
        String head = new String(answer, 0, begin, StandardCharsets.ISO_8859_1);
        if (!head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            return answer;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = begin;
        while (true) {
            int end = at;
            while (answer[end] != '\r') {
                end++;
            }
            int length = Integer.parseInt(new String(answer, at, end - at, StandardCharsets.ISO_8859_1).strip(), 16);
            if (length == 0) {
                break;
            }
            body.write(answer, end + 2, length);
            at = end + 2 + length + 2;
        }
        String plain = head.replaceAll("(?im)^transfer-encoding: .*\r\n", "").stripTrailing();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(bytes(plain + "\r\nContent-Length: " + body.size() + "\r\n\r\n"));
        body.writeTo(whole);
        return whole.toByteArray();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static int length(String head) {
        var matcher = LENGTH.matcher(head);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static int bodyBegin(byte[] answer) {
        for (int at = 0; at + 3 < answer.length; at++) {
            if (answer[at] == '\r' && answer[at + 1] == '\n' && answer[at + 2] == '\r' && answer[at + 3] == '\n') {
                return at + 4;
            }
        }
        return answer.length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
