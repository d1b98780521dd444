import HearthFormats
import HearthTensor
import HearthVision
import Testing

/// Grids of pictures are torchvision's (`Tests/Goldens/make_grids.py`).
@Suite struct GridTests {
    private static let arguments: [(kind: String, make: @Sendable (Tensor) -> Tensor)] = [
        ("plain", { makeGrid($0) }), ("rows", { makeGrid($0, nrow: 2, padding: 1, padValue: 0.5) }),
        ("close", { makeGrid($0, nrow: 3, padding: 0) }), ("normal", { makeGrid($0, normalize: true) }),
        ("each", { makeGrid($0, normalize: true, scaleEach: true) }),
        ("range", { makeGrid($0, nrow: 2, normalize: true, valueRange: -0.5...1) }),
    ]

    @Test func gridsAreThoseOfTorchvision() throws {
        let golden = try Safetensors.read(FilePath.folder(of: #filePath) + "/Goldens/grids.safetensors")
        let names = golden.keys.filter { $0.hasPrefix("in/") }.map { String($0.dropFirst(3)) }
        #expect(names.count == 6)
        for name in names {
            for (kind, make) in Self.arguments {
                let grid = make(try #require(golden["in/\(name)"]))
                let expected = try #require(golden["out/\(name)/\(kind)"])
                #expect(grid.shape == expected.shape, "\(name) \(kind)")
                #expect(grid.allClose(to: expected, absolute: 1e-6), "\(name) \(kind)")
            }
        }
    }

    @Test func listsAndFiles() async throws {
        let pictures = (0..<3).map { Tensor.full([3, 2, 2], Double($0) / 2) }
        #expect(makeGrid(pictures).isEqual(to: makeGrid(Tensor.stack(pictures))))
        try await withTemporaryFolder { folder in
            try saveImage(Tensor.stack(pictures), to: folder + "/grid.png")
            #expect(try Image.read(folder + "/grid.png").shape == [3, 6, 14])
            #expect(throws: FormatError.self) { try saveImage(pictures[0], to: folder + "/picture.gif") }
        }
        #expect(throws: ShapeError.self) { try checkShapes { makeGrid(.zeros([2])) } }
        #expect(throws: ShapeError.self) { try checkShapes { makeGrid(.zeros([2, 3, 2, 2]), nrow: 0) } }
    }
}
