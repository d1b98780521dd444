#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Identifies the program that runs a trial, so that other programs can find out whether it still runs: the machine's
/// name, the process number, a random word, and on Linux also the boot's identifier, the namespace of process numbers
/// and the time at which the process was started. The number would not be enough: numbers are used again, and each
/// container counts its own.
package enum Owner {
    /// A word that another program with the same number would not have.
    private static let word = String(UInt64.random(in: 0...UInt64.max), radix: 36)

    private static let host: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return text(name)
    }()

    /// The identifiers of the boot and of the namespace that process numbers belong to; nil where there is no `/proc`.
    private static let realm: String? = {
        var name = [CChar](repeating: 0, count: 256)
        guard let boot = contents(of: "/proc/sys/kernel/random/boot_id"),
            readlink("/proc/self/ns/pid", &name, name.count - 1) > 0
        else { return nil }
        return boot.filter { !$0.isWhitespace } + "/" + text(name)
    }()

    package static let current: String = {
        let start = process(getpid())?.start
        return "\(host) \(getpid()) \(word) \(realm ?? "-") \(start ?? "-")"
    }()

    /// True when it is known that the program does not run any more.
    package static func isGone(_ owner: String) -> Bool {
        let parts = owner.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, let number = Int32(parts[1]) else { return false }
        let (realm, start) = parts.count == 5 ? (parts[3], parts[4]) : ("-", "-")
        // Numbers of another machine, boot or container say nothing about processes here.
        guard realm == "-" ? parts[0] == host : realm == self.realm else { return false }
        if number == getpid() { return parts[2] != word }
        if kill(number, 0) != 0 && errno == ESRCH { return true }
        guard start != "-", let process = process(number) else { return false }
        return process.start != start || process.isDead
    }

    /// When a process was started, in the kernel's ticks, and whether it has ended and is only waiting for its parent
    /// to read the exit status (a zombie). Nil where `/proc` has no such process.
    private static func process(_ number: Int32) -> (start: String, isDead: Bool)? {
        guard let text = contents(of: "/proc/\(number)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The fields of proc(5) after the name, which may itself have spaces and brackets: the first is the state, the
        // twentieth the time of the start.
        let parts = text[text.index(after: end)...].split(separator: " ")
        return parts.count > 19 ? (String(parts[19]), parts[0] == "Z" || parts[0] == "X") : nil
    }

    private static func contents(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [CChar](repeating: 0, count: 1024)
        let count = fread(&bytes, 1, bytes.count - 1, file)
        return count > 0 ? text(bytes) : nil
    }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
