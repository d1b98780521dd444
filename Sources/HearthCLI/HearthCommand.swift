import ArgumentParser

/// The `hearth` program.
@main struct HearthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth", abstract: "Deep learning in Swift: train, evaluate, predict, measure.",
        subcommands: [Bench.self])
}
