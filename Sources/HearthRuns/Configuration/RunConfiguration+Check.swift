import Hearth

extension RunConfiguration {
    /// Throws `RunError` when an option has no meaning, before any work is done.
    package func checkOptions() throws {
        for setting in Settings.all { try setting.check(self[setting]) }
        if self.imageSize != nil, self.dataset != "folder" {
            throw RunError("'image_size' is for pictures in a folder, not for '\(self.dataset)'")
        }
        if !self.augment.isEmpty, self.dataset == "csv" { throw RunError("'augment' is for pictures, not for tables") }
        try checkNetworkOptions()
    }

    /// Throws `RunError` for an option of networks that this one has no use for.
    private func checkNetworkOptions() throws {
        _ = try description()
        let used = NetworkKind.named(self.model)?.uses ?? []
        let unused = NetworkKind.options.filter { !used.contains($0) }
        for name in unused {
            guard let setting = Settings.named(name), self[setting].description != setting.fallbackJSON.description
            else { continue }
            let others = NetworkKind.names.filter { NetworkKind.named($0)?.uses.contains(name) ?? false }
            throw RunError(
                "the model '\(self.model)' has no '\(name)'; the models with it are \(others.joined(separator: ", "))")
        }
    }

    /// Throws when the kind of network cannot take the inputs, or the described one cannot be made for them.
    func checkModel() throws {
        if let description = try description() {
            _ = try withDevice(.meta) { try description.network(input: inputShape, outputs: outputs) }
        }
        guard let kind = NetworkKind.named(self.model) else { return }
        if let problem = kind.problem(inputShape) { throw RunError("the model '\(self.model)' \(problem)") }
    }

    /// Throws `RunError` when values do not go together, as in a file that was edited or damaged.
    func check() throws {
        try checkOptions()
        func require(_ condition: Bool, _ rule: String) throws { if !condition { throw RunError(rule) } }
        try require([1, 3].contains(inputShape.count), "'input_shape' must have 1 or 3 sizes; it is \(inputShape)")
        for size in inputShape + [max(classes.count, 1)] {
            try require((1...largestSize).contains(size), "sizes must be from 1 to a million; one is \(size)")
        }
        try require(inputShape.reduce(1.0) { $0 * Double($1) } <= 1e9, "'input_shape' \(inputShape) is too large")
        if isRegression {
            try require(
                targetScale.count == 2 && targetScale[1] > 0, "'target_scale' must be a mean and a deviation above 0")
        } else {
            try require(
                classes.count > 1 && Set(classes).count == classes.count,
                "'classes' must be two or more, all different")
        }
        try checkModel()
        let channels = inputShape[0]
        try require(
            mean.count == channels && std.count == channels && std.allSatisfy { $0 > 0 },
            "'mean' and 'std' must have \(channels) numbers, deviations above 0; they have \(mean.count) and \(std.count)"
        )
        try require(
            columns.isEmpty || columns.reduce(0) { $0 + $1.width } == channels,
            "'columns' must make \(channels) features")
    }
}
