import HearthTensor
import Testing

@Suite struct DTypeTests {
    /// PyTorch's `torch.promote_types`, a row and a column for each dtype in the order of `DType.allCases`.
    private static let promotions = """
        b u8 i8 i16 i32 i64 f16 bf16 f32 f64
        u8 u8 i16 i16 i32 i64 f16 bf16 f32 f64
        i8 i16 i8 i16 i32 i64 f16 bf16 f32 f64
        i16 i16 i16 i16 i32 i64 f16 bf16 f32 f64
        i32 i32 i32 i32 i32 i64 f16 bf16 f32 f64
        i64 i64 i64 i64 i64 i64 f16 bf16 f32 f64
        f16 f16 f16 f16 f16 f16 f16 f32 f32 f64
        bf16 bf16 bf16 bf16 bf16 bf16 f32 bf16 f32 f64
        f32 f32 f32 f32 f32 f32 f32 f32 f32 f64
        f64 f64 f64 f64 f64 f64 f64 f64 f64 f64
        """

    @Test func promotesAsPyTorchDoes() {
        let short = ["b", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"]
        let names = Dictionary(zip(short, DType.allCases)) { first, _ in first }
        let rows = Self.promotions.split(separator: "\n").map { $0.split(separator: " ").map { names[String($0)]! } }
        for (i, a) in DType.allCases.enumerated() {
            for (j, b) in DType.allCases.enumerated() { #expect(a.promoted(with: b) == rows[i][j], "\(a), \(b)") }
        }
    }

    @Test func namesLeadBack() {
        for dtype in DType.allCases { #expect(DType(name: dtype.description) == dtype) }
        #expect(DType(name: "complex64") == nil)
    }

    @Test func bfloat16RoundsToTheNearestAndTiesToEven() {
        #expect(BFloat16(1).float == 1)
        #expect(BFloat16(1 + 0x1p-8).float == 1)
        #expect(BFloat16(1 + 3 * 0x1p-8).float == 1 + 0x1p-6)
        #expect(BFloat16(1 + 0x1p-8 + 0x1p-20).float == 1 + 0x1p-7)
        #expect(BFloat16(-1 - 3 * 0x1p-8).float == -1 - 0x1p-6)
        #expect(BFloat16(.greatestFiniteMagnitude).float == .infinity)
        #expect(BFloat16(-.infinity).float == -.infinity)
        #expect(BFloat16(.nan).float.isNaN)
        #expect(BFloat16(Float(bitPattern: 0x7F80_0001)).float.isNaN)
        #expect(BFloat16(-0.0).bitPattern == 0x8000)
        #expect(BFloat16(0x1p-133).float == 0x1p-133)
    }
}
