import HearthTensor
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What shares elements with what, and that a change of one value never shows in another.
@Suite struct ValueTests {
    private let x = Tensor.arange(24, dtype: .float32).reshape(2, 3, 4)

    @Test func viewsShareTheirStorage() {
        let views: [Tensor] = [
            x.reshape(6, 4), x.view(24), x.flatten(), x.unflatten(dim: 2, [2, 2]), x.squeeze(), x.unsqueeze(0),
            x.unsqueeze(1).expand(2, 5, 3, 4), x.permute(2, 0, 1), x.transpose(0, 1), x.mT, x.moveDim(0, to: 2),
            x.narrow(1, start: 1, length: 2), x.select(0, 1), x.split(2, dim: 1)[1], x.chunk(2, dim: 2)[0],
            x.unbind()[1], x.diagonal(dim1: 1, dim2: 2), x.unfold(dim: 2, size: 2, step: 1), x[0], x[..., 1],
            x[.all, 1..<3], x[.range(step: 2)], x[.newAxis], x.detach(), x.contiguous(), x.to(.float32),
        ]
        for (position, view) in views.enumerated() { #expect(view.sharesStorage(with: x), "view \(position)") }
    }

    @Test func copiesDoNot() {
        let copies: [Tensor] = [
            x.clone(), x.transpose(0, 1).contiguous(), x.transpose(0, 1).reshape(24), x.to(.float64), x.flip(0),
            x[Tensor([0, 1])], x[x >= 0], x.indexSelect(0, Tensor([0, 1])),
            x.gather(0, Tensor.zeros([2, 3, 4], dtype: .int64)),
            Tensor.cat([x]), x.repeat(1, 1, 1, 1).clone(), x + 0, x.roll(1, dim: 0), x.tril(), x.sort().values,
        ]
        for (position, copy) in copies.enumerated() { #expect(!copy.sharesStorage(with: x), "copy \(position)") }
    }

    @Test func everyMutationChangesOneValueAlone() {
        let mutations: [(inout Tensor) -> Void] = [
            { $0[0] = Tensor(9.0) }, { $0[0, 1] = Tensor([1.0, 2.0, 3.0, 4.0]) }, { $0[..., 0] = Tensor(7.0) },
            { $0[Tensor([1, 0])] = Tensor(5.0) }, { $0[$0 > 3] = Tensor(0.0) }, { $0.fill(3, at: 1, 0..<2) },
            { $0 += $0 }, { $0 -= Tensor.ones([2, 3, 4]) }, { $0 *= Tensor(2.0) },
            { $0 /= Tensor.full([2, 3, 4], 2.0) },
            { $0 += 1 }, { $0 -= 1 }, { $0 *= 3 }, { $0 /= 4 }, { $0[.newAxis, 0] = $0[.newAxis, 1] },
            { $0[0] += Tensor([1.0, 1.0, 1.0, 1.0]) },
        ]
        for (position, mutate) in mutations.enumerated() {
            var a = x.clone()
            let before = a.array(of: Float.self)
            let (copy, view, turned) = (a, a[1], a.transpose(0, 2))
            mutate(&a)
            #expect(a.array(of: Float.self) != before, "mutation \(position)")
            #expect(copy.array(of: Float.self) == before, "mutation \(position)")
            #expect(view.isEqual(to: copy[1]) && turned.isEqual(to: copy.transpose(0, 2)), "mutation \(position)")
            // The same on a value that nobody else sees, and on a view.
            var alone = x.clone()
            mutate(&alone)
            #expect(alone.isEqual(to: a), "mutation \(position)")
            let base = Tensor.stack([copy, copy], dim: 3)
            var part = base.select(3, 1)
            mutate(&part)
            #expect(part.isEqual(to: a) && base.select(3, 1).isEqual(to: copy), "mutation \(position)")
        }
    }

    @Test func expandedTensorsAreWrittenOnceEach() {
        var x = Tensor([1.0, 2.0]).unsqueeze(1).expand(2, 3)
        x[0, 1] = Tensor(9.0)
        #expect(x.floatArray == [1, 9, 1, 2, 2, 2])
    }

    @Test(arguments: DType.allCases) func codableLeadsBack(_ dtype: DType) throws {
        for shape in [[2, 3], [], [0, 2], [1, 1, 4]] as [Shape] {
            let x = Tensor.randint(0..<5, shape, generator: Generator(seed: 1)).to(dtype)
            let back = try JSONDecoder().decode(Tensor.self, from: JSONEncoder().encode(x))
            #expect(back.dtype == dtype && back.isEqual(to: x))
        }
    }

    @Test func decodingRefusesWhatDoesNotFit() {
        func decode(_ text: String) throws -> Tensor { try JSONDecoder().decode(Tensor.self, from: Data(text.utf8)) }
        for text in [
            #"{"dtype":"float99","shape":[1],"elements":[1]}"#, #"{"dtype":"float32","shape":[2],"elements":[1]}"#,
            #"{"dtype":"float32","shape":[-1],"elements":[]}"#,
            #"{"dtype":"int64","shape":[4611686018427387904,4],"elements":[]}"#,
            #"{"dtype":"int64","shape":[1,1,1,1,1,1,1,1,1],"elements":[1]}"#,
        ] { #expect(throws: DecodingError.self) { try decode(text) } }
    }

    @Test func readingElementsChecksNumberAndType() async {
        #expect(Tensor([[2.5]]).item() == 2.5 && Tensor(7).item(as: Int.self) == 7)
        await #expect(processExitsWith: .failure) { _ = Tensor([1.0, 2.0]).item() }
        await #expect(processExitsWith: .failure) { _ = Tensor(1.0).item(as: Double.self) }
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).array(of: Float.self) }
        await #expect(processExitsWith: .failure) { _ = Tensor.meta([1]).item() }
    }

    @Test func indicesOutOfRangeStopTheProgram() async {
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[2] }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[Tensor([0, -3])] }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).gather(1, Tensor([[3]])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).indexSelect(0, Tensor([-1])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).crossEntropyRows(Tensor([0, 3])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).sum(dim: 2) }
        await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).floorDivide(Tensor([1, 0])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2]).take(Tensor([-3])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[.all, Tensor([true, false])] }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([3]).glu() }
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([3]).kthValue(0) }
    }
}
