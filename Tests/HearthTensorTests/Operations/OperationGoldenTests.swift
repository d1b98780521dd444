import HearthTensor
import Testing
import Foundation

/// Every operation against PyTorch's results and gradients, on operands that lie in memory in three ways.
@Suite(.serialized) struct OperationGoldenTests {
    /// Functions that are computed less exactly than to 1e-5, each with the reason.
    private static let tolerances: [String: Tolerance] = [:]

    @Test func everyGoldenHasAClosureAndEveryClosureAGolden() {
        let goldens = Set(GoldenCase.all.keys)
        let closures = Set(OperationTable.all.bodies.keys)
        #expect(goldens.subtracting(closures).sorted() == [])
        #expect(closures.subtracting(goldens).sorted() == [])
    }

    @Test(arguments: GoldenCase.all.keys.sorted())
    func matchesPyTorch(_ operation: String) throws {
        let skipped = (ProcessInfo.processInfo.environment["SKIP"] ?? "").split(separator: ";").map(String.init)
        if skipped.contains(operation) { return }
        FileHandle.standardError.write("@@\(operation)\n".data(using: .utf8)!)
        let body = try #require(OperationTable.all.bodies[operation])
        let layouts = OperationTable.packedOnly.contains(operation) ? [.packed] : MemoryLayoutOfInput.allCases
        for golden in GoldenCase.all[operation] ?? [] {
            for layout in layouts {
                #expect(golden.differences(body, layout, Self.tolerances[operation] ?? Tolerance()) == [])
            }
        }
    }
}
