import HearthTensor
import Testing

/// First and second derivatives of every differentiable operation of the table against finite differences in `float64`.
@Suite struct FiniteDifferenceTests {
    /// Where a golden case's inputs lie at a corner or a pole of the function, or the result is so large that
    /// differences are blurred: these cases test values at such places, and are passed over here.
    private static func isSmooth(_ golden: GoldenCase) -> Bool {
        let floats = golden.inputs.filter(\.dtype.isFloatingPoint)
        let isOrdinary = floats.allSatisfy { x in
            x.to(.float64).array(of: Double.self).allSatisfy { $0.isFinite && abs($0) < 10 && abs($0) > 1e-3 }
        }
        let isRegular = (golden.gradients.values + golden.outputs).allSatisfy { g in
            g.to(.float64).array(of: Double.self).allSatisfy { $0.isFinite && abs($0) < 100 }
        }
        return !golden.gradients.isEmpty && isOrdinary && isRegular && floats.allSatisfy { (1...40).contains($0.count) }
    }

    /// Equal extremes are a corner: the gradient jumps there.
    private static let firstOrderOnly: Set<String> = ["scatter_reduce 0 amax"]
    /// Rounding to fewer bits is a staircase to small steps.
    private static let staircases: Set<String> = ["to f16", "to bf16", "to f32"]

    /// Derivatives that are 0 on purpose where the function's is not.
    private static let withheld: Set<String> = ["embedding padding=2"]

    @Test func mostOperationsAreTested() {
        let tested = GoldenCase.all.values.filter { $0.contains(where: Self.isSmooth) }.count
        #expect(tested > 400)
    }

    @Test func everyKindOfWindowIsTested() {
        func kind(_ operation: String) -> Substring { operation.split(separator: " ")[0] }
        let smooth = GoldenCase.windows.filter { $0.value.contains(where: Self.isSmooth) }
        #expect(Set(smooth.keys.map(kind)) == Set(GoldenCase.windows.keys.map(kind)))
    }

    @Test func mostMethodsAreTested() {
        let tested = GoldenCase.methods.values.filter { $0.contains(where: Self.isSmooth) }.count
        #expect(tested > 200)
    }

    @Test(arguments: GoldenCase.all.keys.sorted())
    func agrees(_ operation: String) throws {
        if Self.staircases.contains(operation) { return }
        let body = try #require(OperationTable.all.bodies[operation])
        let order = Self.firstOrderOnly.contains(operation) ? 1 : 2
        check(GoldenCase.all[operation] ?? [], body, order: order)
    }

    @Test(arguments: GoldenCase.windows.keys.sorted())
    func agreesForWindows(_ operation: String) throws {
        check(GoldenCase.windows[operation] ?? [], try #require(WindowCall(operation)).body, order: 2)
    }

    @Test(arguments: GoldenCase.methods.keys.sorted())
    func agreesForMethods(_ operation: String) throws {
        if Self.withheld.contains(operation) { return }
        check(GoldenCase.methods[operation] ?? [], try #require(OperationTable.methods.bodies[operation]), order: 2)
    }

    private func check(_ all: [GoldenCase], _ body: OperationTable.Body, order: Int) {
        // Two cases of an operation are enough: the shapes were compared with PyTorch.
        for golden in all.filter(Self.isSmooth).sorted(by: { $0.name < $1.name }).prefix(2) {
            let positions = golden.gradients.keys.sorted()
            let inputs = positions.map { golden.inputs[$0].to(.float64) }
            do {
                try gradientCheck(inputs, order: order) { leaves in
                    var all = golden.inputs.map { $0.dtype.isFloatingPoint ? $0.to(.float64) : $0 }
                    for (position, leaf) in zip(positions, leaves) { all[position] = leaf }
                    let results = body(all).filter(\.dtype.isFloatingPoint)
                    return Tensor.cat(results.map { $0.reshape([-1]) })
                }
            } catch {
                Issue.record("\(golden.name): \(error)")
            }
        }
    }
}
