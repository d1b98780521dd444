import HearthFormats
import HearthTensor
import Testing

/// Tensors in words, laid out as NumPy lays them out.
@Suite struct DescriptionTests {
    @Test func numbersAreAligned() {
        #expect("\(Tensor([[1.0, -2.5], [10.0, 0.25]]))" == "[[ 1.   -2.5 ]\n [10.    0.25]]")
        #expect("\(Tensor([[1, -20], [300, 4]]))" == "[[  1 -20]\n [300   4]]")
        #expect("\(Tensor([1.0, 2.0, 3.0]))" == "[1. 2. 3.]")
        #expect("\(Tensor([[true, false]]))" == "[[ True False]]")
        #expect("\(Tensor([Double.nan, .infinity, -.infinity, 1.5]))" == "[ nan  inf -inf  1.5]")
        #expect("\(Tensor([-0.5, 0.125]))" == "[-0.5    0.125]")
    }

    @Test func scalarsAndEmptyTensors() {
        #expect("\(Tensor(3.5))" == "3.5")
        #expect("\(Tensor(7))" == "7")
        #expect("\(Tensor(true))" == "True")
        #expect("\(Tensor.zeros([0, 3]))" == "Tensor([], float32[0, 3])")
        #expect("\(Tensor.meta([2, 3]))" == "Tensor(meta, float32[2, 3])")
    }

    @Test func manyDimensionsAreSetApart() {
        #expect(
            "\(Tensor.arange(8).reshape(2, 2, 2))" == "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]")
    }

    @Test func largeTensorsAreShortened() {
        #expect("\(Tensor.arange(2000))" == "[   0    1    2 ... 1997 1998 1999]")
        let square = "\(Tensor.arange(10_000).reshape(100, 100))"
        let lines = square.split(separator: "\n").map(String.init)
        #expect(lines.count == 7)
        #expect(lines[0] == "[[   0    1    2 ...   97   98   99]")
        #expect(lines[3] == " ...")
        #expect(lines[6] == " [9900 9901 9902 ... 9997 9998 9999]]")
    }

    @Test func verySmallAndVeryLargeNumbersAreScientific() {
        #expect("\(Tensor([1e-5, 1.0]))" == "[1.0000e-05 1.0000e+00]")
        #expect("\(Tensor([1e10, -2.5]))" == "[ 1.0000e+10 -2.5000e+00]")
    }

    @Test func debuggingNamesTheOperation() {
        let x = Tensor([1.0]).requiringGrad()
        #expect(
            (x.exp() * 2).debugDescription.hasSuffix(
                "float32[1] on \(Device.default), from mul.scalar(scalar: 2, scalarFirst: false)"))
    }

    /// The cases that `make_printed.py` wrote, by their first line.
    private static let printed: [String: String] = {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        guard let bytes = try? Gzip.decompress(contentsOf: "/\(folder)/Goldens/printed.txt.gz", limit: 1 << 20) else {
            return [:]
        }
        var cases: [String: [Substring]] = [:]
        var name = ""
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") { name = String(line.dropFirst(2)) } else { cases[name, default: []].append(line) }
        }
        return cases.mapValues { lines in
            var lines = lines
            while lines.count > 1, lines[lines.count - 1].isEmpty { lines.removeLast() }
            return lines.joined(separator: "\n")
        }
    }()

    @Test func longRowsBreakAsInNumPy() throws {
        #expect(Self.printed.count == 39)
        for (name, expected) in Self.printed {
            let words = name.split(separator: " ")
            let shape = Shape(words[1].split(separator: ",").map { Int($0)! })
            let numbers = Tensor.arange(shape.elementCount).reshape(shape)
            let tensor =
                switch words[0] {
                case "bool": numbers % 3 == 0
                case "float32": (numbers % 90) / 4
                default: numbers
                }
            #expect("\(tensor)" == expected, "\(name)")
        }
    }

    @Test func integersOfAllSizesKeepTheirDigits() {
        #expect("\(Tensor([Int.max, Int.min]))" == "[ 9223372036854775807 -9223372036854775808]")
        #expect("\(Tensor(Int.max))" == "9223372036854775807")
        #expect("\(Tensor([UInt8(255)]))" == "[255]")
    }

    @Test func aNaNHasNoSign() {
        let x = Tensor([-Float.nan, Float.nan])
        for dtype in [DType.float16, .bfloat16, .float32, .float64] {
            let y = x.to(dtype)
            #expect("\(y)" == "[nan nan]")
            #expect("\(y[0].item())" == "nan")
            #expect("\(y.floatArray)" == "[nan, nan]")
        }
    }
}
