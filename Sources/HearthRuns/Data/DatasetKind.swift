import Hearth
import HearthVision

/// A kind of dataset that `hearth train` takes.
package struct DatasetKind: Sendable {
    let name: String
    /// True when it is read from a path that the user gives with its name.
    let needsPath: Bool
    /// Reads the examples as they are stored.
    let load: @Sendable (ExampleSource) async throws -> Examples

    init(
        _ name: String, needsPath: Bool = false, _ load: @escaping @Sendable (ExampleSource) async throws -> Examples
    ) {
        self.name = name
        self.needsPath = needsPath
        self.load = load
    }

    private static let all = [
        DatasetKind("digits") { _ in Examples(Digits()) },
        DatasetKind("mnist") {
            Examples(try await MNIST(root: $0.path, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("fashion-mnist") {
            Examples(try await FashionMNIST(root: $0.path, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("kmnist") {
            Examples(try await KMNIST(root: $0.path, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("emnist") {
            Examples(try await EMNIST(root: $0.path, split: .balanced, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("cifar10") {
            Examples(try await CIFAR10(root: $0.path, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("cifar100") {
            Examples(try await CIFAR100(root: $0.path, train: !$0.isHeldOut, download: true))
        },
        DatasetKind("folder", needsPath: true) {
            let step = $0.imageSize.map { Compose(Resize($0), CenterCrop($0)) }
            let folder = try ImageFolder($0.path, classes: $0.classes.isEmpty ? nil : $0.classes)
            return Examples(try folder.loaded(after: step))
        },
        DatasetKind("csv", needsPath: true) { try Examples(table: Table(contentsOf: $0.path), $0) },
    ]

    package static let names = all.map(\.name)
    /// The names of those that are read from a path of their own.
    package static let paths = all.filter(\.needsPath).map(\.name)

    static func named(_ name: String) -> DatasetKind? { all.first { $0.name == name } }
}
