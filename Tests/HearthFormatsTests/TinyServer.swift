import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A web server on this machine that misbehaves as it is told.
final class TinyServer: Sendable {
    /// What the server does with a request for one path.
    struct Page: Sendable {
        var content: [UInt8] = []
        var status = "200 OK"
        /// The line is cut after so many bytes of the content, as often as `cuts` says.
        var cutAfter: Int?
        var cuts = Int.max
        /// Whether a request for the rest of a file gets the rest.
        var honoursRange = true
        /// Where the client is sent instead.
        var location: String?
        /// Nothing is answered.
        var isSilent = false
    }

    /// One request that came.
    struct Request: Sendable, Equatable {
        var path: String
        /// The first byte asked for; nil when the whole was.
        var start: Int?
    }

    let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    private struct State: Sendable {
        var pages: [String: Page]
        var requests: [Request] = []
    }

    init(_ pages: [String: Page]) {
        state = Mutex(State(pages: pages))
        #if canImport(Glibc)
            listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { [listener] address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { fatalError("no socket on 127.0.0.1: error \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// All requests so far.
    var requests: [Request] { state.withLock { $0.requests } }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Answers requests, one after another, until `stop`.
    func start() {
        Thread.detach { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                answer(client)
                close(client)
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func answer(_ client: Int32) {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.contains("\r\n\r\n") {
            let count = recv(client, &buffer, buffer.count, 0)
            if count <= 0 { return }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let path = String(text.split(separator: " ")[1])
        let range = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("range: bytes=") }
        let start = range.flatMap { Int($0.drop { $0 != "=" }.dropFirst().prefix { $0.isNumber }) }
        let page = state.withLock { state -> Page in
            state.requests.append(Request(path: path, start: start))
            let page = state.pages[path] ?? Page(status: "404 Not Found")
            state.pages[path]?.cuts -= 1
            return page
        }
        send(page, from: start, to: client)
    }

    private func send(_ page: Page, from start: Int?, to client: Int32) {
        if page.isSilent {
            // Until the client gives up.
            var byte: UInt8 = 0
            _ = recv(client, &byte, 1, 0)
            return
        }
        var status = page.status
        var first = 0
        var header = "Connection: close\r\n"
        if let start, page.honoursRange {
            guard start < page.content.count else {
                write("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\(header)\r\n", to: client)
                return
            }
            first = start
            status = "206 Partial Content"
            header += "Content-Range: bytes \(start)-\(page.content.count - 1)/\(page.content.count)\r\n"
        }
        if let location = page.location {
            status = "302 Found"
            header += "Location: \(location)\r\n"
        }
        header += "Content-Length: \(page.content.count - first)\r\n"
        write("HTTP/1.1 \(status)\r\n\(header)\r\n", to: client)
        let end = page.cuts > 0 ? min(page.cutAfter ?? .max, page.content.count) : page.content.count
        if first < end { write(page.content[first..<end], to: client) }
    }

    private func write(_ text: String, to client: Int32) { write(Array(text.utf8)[...], to: client) }

    private func write(_ bytes: ArraySlice<UInt8>, to client: Int32) {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Self.sendBytes(client, $0, flags) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func sendBytes(_ client: Int32, _ bytes: UnsafeRawBufferPointer, _ flags: Int32) -> Int {
        #if canImport(Darwin)
            Darwin.send(client, bytes.baseAddress, bytes.count, flags)
        #elseif canImport(Musl)
            Musl.send(client, bytes.baseAddress, bytes.count, flags)
        #else
            Glibc.send(client, bytes.baseAddress, bytes.count, flags)
        #endif
    }
}

private enum Thread {
    /// Runs `body` beside everything else; it may block.
    static func detach(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "hearth.tiny-server").async(execute: body)
    }
}
