import ArgumentParser
import Hearth
import HearthRuns

/// `hearth doctor`: what this machine has, and whether it computes right.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Tell what this machine has and what to install for more speed.")

    @Flag(help: "Check every operation against a slow reference.")
    var verify = false

    @Option(help: "The device to look at and to verify.")
    var device = "cpu"

    func run() throws {
        guard try Device(device) == .cpu else {
            throw ValidationError("nothing is computed on '\(device)', so there is nothing to look at")
        }
        print("Hearth \(hearthVersion)")
        print("processor      \(Processor.architecture), \(Processor.features.joined(separator: " "))")
        print("threads        \(Threads.count) (HEARTH_NUM_THREADS)")
        print("devices        cpu")
        for library in NativeLibrary.all { print(Self.line(library)) }
        if verify { try Self.verifyAll() }
    }

    private static func line(_ library: NativeLibrary) -> String {
        let name = library.name + String(repeating: " ", count: max(15 - library.name.count, 1))
        guard let path = library.path else {
            return name + "missing: \(library.purpose). \(library.installation)"
        }
        return name + [library.version, path, "for \(library.purpose)"].compactMap { $0 }.joined(separator: "  ")
    }

    /// Prints the checks that fail and throws when there are any.
    private static func verifyAll() throws {
        let checks = Check.all
        var wrong = 0
        for check in checks {
            let (isRight, error) = check.outcome()
            guard !isRight else { continue }
            wrong += 1
            print("WRONG          \(check.name): \(error) times the error that is allowed")
        }
        print("verified       \(checks.count - wrong) of \(checks.count) operations are right")
        if wrong > 0 { throw ExitCode.failure }
    }
}

/// What the processor can do.
enum Processor {
    /// The architecture that this program was built for.
    static var architecture: String {
        #if arch(x86_64)
            "x86-64"
        #elseif arch(arm64)
            "arm64"
        #else
            "another architecture"
        #endif
    }

    /// The instruction sets that the kernels choose from, those that are there.
    static var features: [String] { InstructionSet.available }
}
