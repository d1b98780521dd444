import ArgumentParser
import Hearth
import HearthRuns

/// Where the inputs of a program come from.
struct ProgramOptions: ParsableArguments {
    @Option(help: "An .npz file with an array for each input, or a picture for a program that takes one.")
    var input: String?

    @Flag(help: "Random inputs; sizes that the program leaves open are 1, or --size.")
    var random = false

    @Option(help: "The seed of random inputs.")
    var seed: UInt64 = 0

    @Option(help: "What sizes that the program leaves open are for random inputs.")
    var size = 1

    @Option(help: "What is taken from each channel of a picture, whose values are from 0 to 1: 0.485,0.456,0.406.")
    var mean: String?

    @Option(help: "What each channel of a picture is divided by: 0.229,0.224,0.225.")
    var std: String?

    func validate() throws {
        guard (input != nil) != random else { throw ValidationError("give --input or --random, and not both") }
        guard (1...1_000_000).contains(size) else { throw ValidationError("--size must be from 1 to 1000000") }
        _ = try (numbers(mean, "--mean"), numbers(std, "--std"))
    }

    /// The inputs of a program.
    func inputs(of program: Program) throws -> [String: Tensor] {
        guard let input else { return try program.randomInputs(seed: seed, open: size) }
        if input.hasSuffix(".npz") { return try program.inputs(npz: input) }
        return try program.input(
            picture: input, mean: try numbers(mean, "--mean") ?? [0], std: try numbers(std, "--std") ?? [1])
    }

    private func numbers(_ text: String?, _ option: String) throws -> [Double]? {
        try text.map { text in
            let numbers = text.split(separator: ",").compactMap { Double($0) }
            guard [1, 3].contains(numbers.count), numbers.count == text.split(separator: ",").count,
                numbers.allSatisfy(\.isFinite)
            else { throw ValidationError("\(option) must be one or three numbers with commas between, not '\(text)'") }
            return numbers
        }
    }
}
