/// What the tutorial's command line asks for.
struct TutorialOptions {
    private(set) var data = "data"
    private(set) var epochs = 5

    /// Reads `--data DIR` and `--epochs N`. Stops the program at anything else.
    init(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            switch (option, rest.popFirst()) {
            case ("--data", let folder?): data = folder
            case ("--epochs", let text?):
                guard let count = Int(text), count > 0 else {
                    fatalError("--epochs '\(text)' must be a positive number")
                }
                epochs = count
            default: fatalError("unknown option '\(option)', or its value is missing; there are --data and --epochs")
            }
        }
    }
}
