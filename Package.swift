// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Hearth",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "HearthTensor", targets: ["HearthTensor"])
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "CVendor"),
        .target(name: "HearthTensor", dependencies: ["CKernels", "CVendor"]),
        .testTarget(name: "HearthTensorTests", dependencies: ["HearthTensor"]),
    ],
    swiftLanguageModes: [.v6]
)
