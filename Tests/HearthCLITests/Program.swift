import HearthFormats
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The `hearth` program, as the test run built it, started as a child process.
struct Program {
    /// Where the program lies: beside the test bundle. Nil when it was not built.
    static let path: String? = {
        let candidates = CommandLine.arguments.map { FilePath.folder(of: $0) } + [".build/release", ".build/debug"]
        return candidates.map { "\($0)/hearth" }.first { access($0, X_OK) == 0 }
    }()

    /// What a run of the program has left.
    struct Result {
        /// The exit status; 128 and the signal's number when a signal has ended it.
        let status: Int32
        let output: String
        let errors: String

        /// The last line of standard output, as JSON.
        var json: JSON {
            get throws { try JSON(parsing: output.split(separator: "\n").last ?? "", name: "standard output") }
        }
    }

    private let process: pid_t
    private let files: (output: String, errors: String)

    /// Starts the program with arguments, words between spaces, and then those of `more`.
    init(_ arguments: String, _ more: [String] = [], in folder: String) throws {
        let path = try #require(Program.path)
        let name = "\(folder)/.\(UInt64.random(in: 0 ... .max))"
        files = (name + ".out", name + ".err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, files.output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files.errors, O_WRONLY | O_CREAT, 0o600)
        let words = [path] + arguments.split(separator: " ").map(String.init) + more
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let error = posix_spawn(&process, path, &actions, nil, &pointers, environ)
        try #require(error == 0)
        self.process = process
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process, signal) }

    /// What the program has written to standard error so far.
    var errorsSoFar: String { (try? text(of: files.errors)) ?? "" }

    /// Waits until standard error contains some words, for ten seconds at most.
    func waitForErrors(containing words: String) {
        for _ in 0..<5000 {
            if errorsSoFar.contains(words) { return }
            usleep(2000)
        }
    }

    /// Waits for the end.
    func wait() throws -> Result {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        defer { for file in [files.output, files.errors] { unlink(file) } }
        let signal = status & 0x7F
        return Result(
            status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: try text(of: files.output),
            errors: try text(of: files.errors))
    }

    /// Runs the program to its end.
    static func run(_ arguments: String, _ more: [String] = [], in folder: String) throws -> Result {
        try Program(arguments, more, in: folder).wait()
    }
}

/// Tests of the program are left out, with a word on why, when it was not built.
extension Trait where Self == ConditionTrait {
    static var needsProgram: Self { .enabled("hearth was not built beside the tests") { Program.path != nil } }
}
