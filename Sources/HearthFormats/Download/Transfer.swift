import CVendor
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One request to one address, whose answer is added to an open file.
final class Transfer {
    /// How a request ended.
    enum Outcome {
        case finished
        /// The line was cut or went silent: worth asking again for the rest.
        case interrupted(String)
        /// The server cannot give the rest of a file alone.
        case notResumable(String)
        case failed(String)
    }

    private let descriptor: Int32
    private let path: String
    private let start: Int
    private let isCancelled: Flag
    private let report: (_ done: Int, _ total: Int) -> Void
    private var writeError: FileError?

    /// Adds to the end of the file `descriptor`, which has `start` bytes. `report` gets the number of bytes that are
    /// there, and that there will be (0 while the server has not said).
    init(
        descriptor: Int32, path: String, start: Int, isCancelled: Flag, report: @escaping (Int, Int) -> Void
    ) {
        self.descriptor = descriptor
        self.path = path
        self.start = start
        self.isCancelled = isCancelled
        self.report = report
    }

    /// Asks `url` for the bytes from `start` on. Throws `FileError` when they cannot be written, and
    /// `CancellationError`.
    func run(_ url: String, with curl: Curl, timeouts: Download.Timeouts) throws -> Outcome {
        guard let handle = curl.makeHandle() else { return .failed("libcurl could not start") }
        defer { curl.cleanUp(handle) }
        var message = [CChar](repeating: 0, count: Int(HV_CURL_ERROR_SIZE))
        let code = message.withUnsafeMutableBufferPointer { message in
            url.withCString { url in
                configure(handle, curl, url, timeouts)
                guard allow(startsPlain: String(cString: url).lowercased().hasPrefix("http://"), handle, curl) else {
                    return Int32(HV_CURLE_UNSUPPORTED_PROTOCOL)
                }
                // Both pointers are used by libcurl until the request is over.
                hv_curl_set_pointer(curl.setOption, handle, Int32(HV_CURLOPT_ERRORBUFFER), message.baseAddress)
                return withExtendedLifetime(self) { curl.perform(handle) }
            }
        }
        if isCancelled.isSet { throw CancellationError() }
        if let writeError { throw writeError }
        if code == HV_CURLE_OK { return .finished }
        let text = message.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let reason = text.isEmpty ? curl.message(code).map { String(cString: $0) } ?? "error \(code)" : text
        if start > 0, code == HV_CURLE_RANGE_ERROR || hv_curl_response_code(curl.getInfo, handle) == 416 {
            return .notResumable(reason)
        }
        let cuts = [
            HV_CURLE_PARTIAL_FILE, HV_CURLE_OPERATION_TIMEDOUT, HV_CURLE_GOT_NOTHING, HV_CURLE_SEND_ERROR,
            HV_CURLE_RECV_ERROR,
        ]
        return cuts.contains { Int($0) == Int(code) } ? .interrupted(reason) : .failed(reason)
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer, _ curl: Curl, _ url: UnsafePointer<CChar>, _ timeouts: Download.Timeouts
    ) {
        func set(_ option: Int, _ value: Int) { hv_curl_set_long(curl.setOption, handle, Int32(option), value) }
        hv_curl_set_string(curl.setOption, handle, Int32(HV_CURLOPT_URL), url)
        hv_curl_set_string(curl.setOption, handle, Int32(HV_CURLOPT_USERAGENT), "hearth")
        set(HV_CURLOPT_FOLLOWLOCATION, 1)
        set(HV_CURLOPT_MAXREDIRS, 10)
        set(HV_CURLOPT_FAILONERROR, 1)
        set(HV_CURLOPT_CONNECTTIMEOUT, timeouts.connecting)
        // There is no limit on the whole transfer, which may take long, only on the time without any byte.
        set(HV_CURLOPT_LOW_SPEED_LIMIT, 1)
        set(HV_CURLOPT_LOW_SPEED_TIME, timeouts.silence)
        // Keeps libcurl from installing signal handlers, which are the program's to choose.
        set(HV_CURLOPT_NOSIGNAL, 1)
        set(HV_CURLOPT_NOPROGRESS, 0)
        hv_curl_set_offset(curl.setOption, handle, Int32(HV_CURLOPT_RESUME_FROM_LARGE), Int64(start))
        let context = Unmanaged.passUnretained(self).toOpaque()
        hv_curl_set_pointer(curl.setOption, handle, Int32(HV_CURLOPT_WRITEDATA), context)
        hv_curl_set_pointer(curl.setOption, handle, Int32(HV_CURLOPT_XFERINFODATA), context)
        hv_curl_set_write_function(curl.setOption, handle) { bytes, size, count, context in
            let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
            return transfer.write(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        hv_curl_set_progress_function(curl.setOption, handle) { context, total, done, _, _ in
            let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
            transfer.report(transfer.start + Int(done), total > 0 ? transfer.start + Int(total) : 0)
            return transfer.isCancelled.isSet ? 1 : 0
        }
    }

    /// Neither an address nor a server that redirects may reach a local file or another protocol, and what began safely
    /// stays so. Returns false when libcurl cannot be told so.
    private func allow(startsPlain: Bool, _ handle: UnsafeMutableRawPointer, _ curl: Curl) -> Bool {
        let mask = HV_CURLPROTO_HTTPS | (startsPlain ? HV_CURLPROTO_HTTP : 0)
        return (startsPlain ? "http,https" : "https").withCString { names in
            [
                (HV_CURLOPT_PROTOCOLS_STR, HV_CURLOPT_PROTOCOLS),
                (HV_CURLOPT_REDIR_PROTOCOLS_STR, HV_CURLOPT_REDIR_PROTOCOLS),
            ].allSatisfy { option, older in
                hv_curl_set_string(curl.setOption, handle, Int32(option), names) == Int32(HV_CURLE_OK)
                    || hv_curl_set_long(curl.setOption, handle, Int32(older), mask) == Int32(HV_CURLE_OK)
            }
        }
    }

    /// Returns the number of bytes written; libcurl stops when it is not all of them.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        var done = 0
        while done < bytes.count {
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #else
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                writeError = FileError.last("write", path)
                return done
            }
            done += count
        }
        return done
    }
}

/// A flag that one thread sets and others read.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
