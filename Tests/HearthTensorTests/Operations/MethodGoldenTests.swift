import GoldenSupport
import HearthTensor
import Testing

/// Methods of tensors beyond the first operations against PyTorch's results and gradients, on operands that lie in memory
/// in three ways.
@Suite struct MethodGoldenTests {
    /// Methods that are computed less exactly than others, here or in PyTorch.
    private static func tolerance(_ operation: String) -> Tolerance {
        switch operation.split(separator: " ")[0] {
        // PyTorch's series for trigamma, the derivative of digamma, is one term shorter.
        case "polygamma": Tolerance(double: 1e-8)
        // PyTorch's expansion around x = a is off by 4e-10.
        case "igamma", "igammac": Tolerance(double: 1e-9)
        // Numbers near 1000 leave float32 few digits for their differences.
        case "logcumsumexp": Tolerance(relative: 1e-4)
        // Chains of solutions and products, each with its own rounding.
        case "svd", "eigh", "pinverse", "lstsq", "det", "matrix_exp", "cond", "matrix_power", "lu", "lu_factor":
            Tolerance(double: 1e-8)
        default: Tolerance()
        }
    }

    @Test func everyGoldenHasAClosureAndEveryClosureAGolden() {
        let goldens = Set(GoldenCase.methods.keys)
        let closures = Set(OperationTable.methods.bodies.keys)
        #expect(goldens.subtracting(closures).sorted() == [])
        #expect(closures.subtracting(goldens).sorted() == [])
    }

    @Test(arguments: GoldenCase.methods.keys.sorted())
    func matchesPyTorch(_ operation: String) throws {
        let body = try #require(OperationTable.methods.bodies[operation])
        for golden in GoldenCase.methods[operation] ?? [] {
            for layout in MemoryLayoutOfInput.allCases {
                #expect(golden.differences(body, layout, Self.tolerance(operation)) == [])
            }
        }
    }
}
