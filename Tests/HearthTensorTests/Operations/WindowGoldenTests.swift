import GoldenSupport
import HearthTensor
import Testing

/// Convolutions, pooling, normalisation, interpolation and attention against PyTorch's results and gradients.
@Suite struct WindowGoldenTests {
    private static func tolerance(_ operation: String) -> Tolerance {
        switch operation.split(separator: " ")[0] {
        // Sums of many products of float32 in another order, and Winograd's algorithm; half types are rounded once here
        // and after every part there.
        case "conv", "convTranspose": Tolerance(relative: 1e-4, absolute: 2e-5, places: 4)
        // One batch of few elements: differences of nearly equal numbers.
        case "batchNorm", "instanceNorm", "groupNorm", "layerNorm", "rmsNorm":
            Tolerance(relative: 1e-4, absolute: 2e-5, double: 1e-9)
        case "attention": Tolerance(relative: 1e-5, absolute: 2e-6)
        // PyTorch computes the weights in float64 and in another order.
        case "interpolate": Tolerance(double: 1e-9)
        default: Tolerance()
        }
    }

    @Test(arguments: GoldenCase.windows.keys.sorted())
    func matchesPyTorch(_ operation: String) throws {
        let body = try #require(WindowCall(operation)).body
        for golden in GoldenCase.windows[operation] ?? [] {
            for layout in MemoryLayoutOfInput.allCases {
                #expect(golden.differences(body, layout, Self.tolerance(operation)) == [])
            }
        }
    }
}
