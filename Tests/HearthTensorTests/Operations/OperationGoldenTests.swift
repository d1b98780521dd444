import GoldenSupport
import HearthTensor
import Testing

/// Every operation against PyTorch's results and gradients, on operands that lie in memory in three ways.
@Suite struct OperationGoldenTests {
    /// Functions that are computed less exactly than to 1e-5, each with the reason.
    private static let tolerances: [String: Tolerance] = [
        // PyTorch computes 1 / alpha and 1 / 6 in float32, whatever the dtype.
        "celu 0.7": Tolerance(double: 1e-7), "hardsigmoid": Tolerance(double: 1e-7),
        // PyTorch's series for trigamma, the derivative of digamma, is one term shorter.
        "digamma": Tolerance(double: 1e-8),
        // PyTorch rounds tanh to 16 bits before it subtracts.
        "tanhshrink": Tolerance(places: 64),
        // PyTorch takes the exponential of 1000 - 1000.69, which float32 rounds.
        "logsumexp dim=1": Tolerance(relative: 1e-4),
        // PyTorch rounds each product and each sum to 16 bits, in another order.
        "prod": Tolerance(places: 2), "index_add 0": Tolerance(places: 4),
    ]

    @Test func everyGoldenHasAClosureAndEveryClosureAGolden() {
        let goldens = Set(GoldenCase.all.keys)
        let closures = Set(OperationTable.all.bodies.keys)
        #expect(goldens.subtracting(closures).sorted() == [])
        #expect(closures.subtracting(goldens).sorted() == [])
    }

    @Test(arguments: GoldenCase.all.keys.sorted())
    func matchesPyTorch(_ operation: String) throws {
        let body = try #require(OperationTable.all.bodies[operation])
        let layouts = OperationTable.packedOnly.contains(operation) ? [.packed] : MemoryLayoutOfInput.allCases
        for golden in GoldenCase.all[operation] ?? [] {
            for layout in layouts {
                #expect(golden.differences(body, layout, Self.tolerances[operation] ?? Tolerance()) == [])
            }
        }
    }
}
