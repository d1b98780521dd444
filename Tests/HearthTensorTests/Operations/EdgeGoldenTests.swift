import GoldenSupport
import HearthTensor
import Testing

/// Functions where they end, jump or overflow, against PyTorch's results and gradients.
@Suite struct EdgeGoldenTests {
    /// Functions that are computed less exactly than others, here or in PyTorch.
    private static func tolerance(_ operation: String) -> Tolerance {
        switch operation {
        // PyTorch computes 1 / alpha and 1 / 6 in float32, whatever the dtype.
        case "celu 0.7", "hardsigmoid": Tolerance(double: 1e-7)
        // PyTorch's series for trigamma is one term shorter.
        case "polygamma 1": Tolerance(double: 1e-8)
        default: Tolerance()
        }
    }

    @Test func everyClosureHasAGolden() {
        #expect(Set(OperationTable.edges.bodies.keys).subtracting(GoldenCase.edges.keys).sorted() == [])
    }

    @Test(arguments: GoldenCase.edges.keys.sorted())
    func matchesPyTorch(_ operation: String) throws {
        let body = try #require(OperationTable.edge(operation))
        for golden in GoldenCase.edges[operation] ?? [] {
            #expect(golden.differences(body, .packed, Self.tolerance(operation)) == [])
        }
    }
}
