// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Hearth",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "HearthTensor", targets: ["HearthTensor"]),
        .library(name: "HearthNN", targets: ["HearthNN"]),
        .library(name: "HearthData", targets: ["HearthData"]),
        .library(name: "HearthFormats", targets: ["HearthFormats"]),
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "CVendor", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "HearthTensor", dependencies: ["CKernels", "CVendor"]),
        .target(name: "HearthNN", dependencies: ["HearthTensor"]),
        .target(name: "HearthData", dependencies: ["HearthTensor"]),
        .target(name: "HearthFormats", dependencies: ["HearthTensor", "CVendor"]),
        .testTarget(name: "HearthTensorTests", dependencies: ["HearthTensor"]),
        .testTarget(name: "HearthFormatsTests", dependencies: ["HearthFormats"], exclude: ["Goldens"]),
    ],
    swiftLanguageModes: [.v6]
)
