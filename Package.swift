// swift-tools-version: 6.2
import PackageDescription

// Every module that `Hearth` re-exports stands beside it wherever it is named: the umbrella's own file never changes, so
// what depended on it alone would not be compiled again when a type behind it does.
let umbrella = ["Hearth", "HearthTensor", "HearthNN", "HearthData", "HearthFormats", "HearthTrain"]
let hearth = umbrella.map { Target.Dependency(stringLiteral: $0) }
// `HearthVision` re-exports `HearthImages`.
let vision: [Target.Dependency] = ["HearthVision", "HearthImages"]

let package = Package(
    name: "Hearth",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "hearth", targets: ["HearthCLI"]),
        .library(name: "Hearth", targets: umbrella),
        .library(name: "HearthTensor", targets: ["HearthTensor"]),
        .library(name: "HearthNN", targets: ["HearthNN"]),
        .library(name: "HearthData", targets: ["HearthData"]),
        .library(name: "HearthFormats", targets: ["HearthFormats"]),
        .library(name: "HearthTrain", targets: ["HearthTrain"]),
        .library(name: "HearthImages", targets: ["HearthImages"]),
        .library(name: "HearthVision", targets: ["HearthVision", "HearthImages"]),
        .library(name: "HearthONNX", targets: ["HearthONNX"]),
        .library(name: "HearthReport", targets: ["HearthReport"]),
        .library(name: "HearthTune", targets: ["HearthTune"]),
        .library(name: "HearthGraph", targets: ["HearthGraph"]),
        .library(name: "HearthDescription", targets: ["HearthDescription"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "CVendor", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "HearthTensor", dependencies: ["CKernels", "CVendor"]),
        .target(name: "HearthNN", dependencies: ["HearthTensor"]),
        .target(name: "HearthData", dependencies: ["HearthTensor"]),
        .target(name: "HearthFormats", dependencies: ["HearthTensor", "CVendor"]),
        .target(name: "HearthTrain", dependencies: ["HearthTensor", "HearthNN", "HearthData", "HearthFormats"]),
        .target(name: "HearthImages", dependencies: ["HearthTensor", "HearthFormats", "CKernels", "CVendor"]),
        .target(
            name: "HearthVision",
            dependencies: ["HearthTensor", "HearthNN", "HearthData", "HearthFormats", "HearthImages", "CKernels"]),
        .target(
            name: "HearthONNX",
            dependencies: ["HearthTensor", "HearthNN", "HearthFormats", "HearthImages", "HearthGraph"]),
        .target(
            name: "HearthReport",
            dependencies: [
                "HearthTensor", "HearthNN", "HearthFormats", "HearthTrain", "HearthImages", "HearthGraph",
            ]),
        .target(name: "HearthGraph", dependencies: ["HearthTensor", "HearthNN", "HearthFormats"]),
        .target(name: "HearthDescription", dependencies: ["HearthTensor", "HearthNN", "HearthFormats", "HearthGraph"]),
        .target(name: "HearthTune", dependencies: ["HearthTensor", "HearthFormats", "CVendor"]),
        .target(
            name: "Hearth",
            dependencies: ["HearthTensor", "HearthNN", "HearthData", "HearthFormats", "HearthTrain"]),
        .target(
            name: "HearthRuns",
            dependencies: hearth + vision + [
                "HearthReport", "HearthTune", "HearthGraph", "HearthONNX", "HearthDescription",
            ]),
        .executableTarget(
            name: "HearthCLI",
            dependencies: hearth + vision + [
                "HearthRuns", "HearthReport", "HearthTune", "HearthGraph", "HearthONNX", "HearthDescription",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "ExampleOptions", path: "Examples/Options"),
        .executableTarget(
            name: "Tutorial", dependencies: hearth + vision + ["ExampleOptions"], path: "Examples/Tutorial"),
        .executableTarget(
            name: "Regularization", dependencies: hearth + vision + ["ExampleOptions"],
            path: "Examples/Regularization"),
        .executableTarget(
            name: "TransferLearning", dependencies: hearth + vision + ["ExampleOptions"],
            path: "Examples/TransferLearning"),
        .executableTarget(name: "Tuning", dependencies: ["HearthTune", "ExampleOptions"], path: "Examples/Tuning"),
        .executableTarget(name: "DynamicNetworks", dependencies: hearth, path: "Examples/DynamicNetworks"),
        .target(name: "GoldenSupport", dependencies: ["HearthTensor"], path: "Tests/GoldenSupport"),
        .testTarget(name: "HearthTests", dependencies: hearth),
        // Programs as users write them: they see what is public, as from another package.
        .testTarget(name: "ProgramTests", dependencies: hearth + vision, packageAccess: false),
        .target(name: "ShadowDevice", dependencies: ["HearthTensor", "CKernels"], path: "Tests/ShadowDevice"),
        .target(name: "ShadowStart", path: "Tests/ShadowStart"),
        .testTarget(
            name: "HearthTensorTests",
            dependencies: [
                "HearthTensor", "HearthFormats", "GoldenSupport", "ShadowDevice", "ShadowStart", "CKernels",
            ],
            exclude: ["Goldens"]),
        .testTarget(
            name: "HearthNNTests",
            dependencies: ["HearthNN", "HearthTensor", "HearthFormats", "GoldenSupport", "DynamicNetworks"],
            exclude: ["Goldens"]),
        .testTarget(name: "HearthFormatsTests", dependencies: ["HearthFormats", "HearthTensor"], exclude: ["Goldens"]),
        .testTarget(
            name: "HearthTrainTests",
            dependencies: ["HearthTrain", "HearthFormats", "HearthData", "HearthNN", "HearthTensor"],
            exclude: ["Goldens"]),
        .testTarget(
            name: "HearthCLITests",
            dependencies: hearth + vision + [
                "HearthCLI", "HearthRuns", "HearthTune", "HearthGraph", "HearthONNX", "HearthDescription",
            ]),
        .testTarget(
            name: "HearthONNXTests",
            dependencies: [
                "HearthONNX", "HearthGraph", "HearthNN", "HearthTensor", "HearthFormats", "GoldenSupport",
            ], exclude: ["Goldens"]),
        .testTarget(
            name: "HearthReportTests",
            dependencies: [
                "HearthReport", "HearthTrain", "HearthImages", "HearthNN", "HearthData", "HearthFormats",
                "HearthTensor",
            ]),
        .testTarget(
            name: "HearthTuneTests", dependencies: ["HearthTune", "HearthTensor", "HearthFormats"], exclude: ["Goldens"]
        ),
        .testTarget(
            name: "HearthGraphTests",
            dependencies: vision + ["HearthGraph", "HearthNN", "HearthFormats", "HearthTensor"]),
        .testTarget(
            name: "HearthDescriptionTests",
            dependencies: vision + ["HearthDescription", "HearthGraph", "HearthNN", "HearthFormats", "HearthTensor"]),
        .testTarget(name: "HearthDataTests", dependencies: ["HearthData", "HearthTensor"]),
        .testTarget(
            name: "HearthVisionTests",
            dependencies: vision + ["HearthNN", "HearthData", "HearthFormats", "HearthTensor"],
            exclude: ["Goldens"]),
    ],
    swiftLanguageModes: [.v6]
)
