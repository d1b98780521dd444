import HearthTensor
import Testing

import HearthVision

/// What single steps leave to chance, read off pictures that tell it: angles, moves, factors, places, orders.
@Suite struct StepChanceTests {
    private let random = Generator(seed: 3)
    /// Floats that tell their place: columns in the first channel, rows in the second. The middle is (50, 50).
    private let places: Tensor = {
        let line = Tensor.arange(0, 101, dtype: .float32)
        return Tensor.stack([line.expand(to: [101, 101]), line.unsqueeze(1).expand(to: [101, 101])])
    }()

    /// Where the pixel of a bent picture comes from, from the middle.
    private func source(_ image: Tensor, _ x: Int, _ y: Int) -> (x: Double, y: Double) {
        (image[0, y, x].item() - 50, image[1, y, x].item() - 50)
    }

    private func degrees(_ tangent: Double) -> Double { tangent.arcTangent * 180 / .pi }

    @Test func anglesOfRotationsAreUniform() {
        for (step, range) in [
            (RandomRotation(20, interpolation: .bilinear), -20.0...20),
            (RandomRotation(-5...30, interpolation: .bilinear), -5...30),
        ] {
            let angles = (0..<1500).map { _ in
                let place = source(step(places, random: random), 80, 50)
                return degrees(place.y / place.x)
            }
            #expect(areUniform(angles, in: range))
        }
    }

    @Test func partsOfAffineStepsAreUniform() {
        let moving = RandomAffine(degrees: 0, translate: (0.1, 0.2), interpolation: .bilinear)
        let moves = (0..<1500).map { _ in source(moving(places, random: random), 50, 50) }
        #expect(areUniform(moves.map(\.x), in: -10.1...10.1) && areUniform(moves.map(\.y), in: -20.2...20.2))
        #expect(moves.allSatisfy { abs($0.x.rounded() - $0.x) < 1e-3 && abs($0.y.rounded() - $0.y) < 1e-3 })
        let scaling = RandomAffine(degrees: 0, scale: 0.7...1.5, interpolation: .bilinear)
        #expect(
            areUniform((0..<1500).map { _ in 30 / source(scaling(places, random: random), 80, 50).x }, in: 0.7...1.5))
        let shearing = RandomAffine(degrees: 0...0, shear: (-20...10, 5...15), interpolation: .bilinear)
        var (along, down) = ([Double](), [Double]())
        for _ in 0..<1500 {
            let image = shearing(places, random: random)
            let (right, below) = (source(image, 60, 50), source(image, 50, 60))
            // Torchvision's matrix without a turn, inverted: it has the tangents of both angles beside its diagonal.
            down.append(degrees(right.y / 10))
            along.append(degrees(below.x / 10))
        }
        #expect(areUniform(down, in: 5...15), "\(mean(down))")
        #expect(areUniform(along, in: -20...10), "\(mean(along))")
    }

    @Test func cornersOfPerspectivesAreUniform() {
        let step = RandomPerspective(distortionScale: 0.4, probability: 1)
        let corners = (0..<3000).map { _ in step.corners(height: 60, width: 101, random) }
        // As far as 0.4 of half the size, ends included.
        let (across, down) = (0..<21, 0..<13)
        for (number, (x, y)) in [(0, 0), (100, 0), (100, 59), (0, 59)].enumerated() {
            let xs = across.map { place in corners.count { abs($0[number].x - Double(x)) == Double(place) } }
            let ys = down.map { place in corners.count { abs($0[number].y - Double(y)) == Double(place) } }
            #expect(xs.reduce(0, +) == 3000 && ys.reduce(0, +) == 3000)
            #expect(areEquallyFrequent(xs) && areEquallyFrequent(ys), "corner \(number)")
        }
    }

    @Test func factorsOfColoursAreUniform() {
        let grey = Tensor.full([3, 2, 2], 0.4)
        let brightness = ColorJitter(brightness: 0.4)
        #expect(
            areUniform((0..<1500).map { _ in brightness(grey, random: random)[0, 0, 0].item() / 0.4 }, in: 0.6...1.4))
        let halves = Tensor.cat([grey * 0.5, grey * 1.5], dim: -1)
        let contrast = ColorJitter(brightness: nil, contrast: 0.2...1.6, saturation: nil, hue: nil)
        let spreads = (0..<1500).map { _ in
            let image = contrast(halves, random: random)
            return (image[0, 0, 3].item() - image[0, 0, 0].item()) / 0.4
        }
        #expect(areUniform(spreads, in: 0.2...1.6))
        let coloured = Tensor([0.6, 0.5, 0.4], shape: [3, 1, 1])
        let saturation = ColorJitter(saturation: 0.7)
        let differences = (0..<1500).map { _ in
            let image = saturation(coloured, random: random)
            return (image[0, 0, 0].item() - image[2, 0, 0].item()) / 0.2
        }
        #expect(areUniform(differences, in: 0.3...1.7))
        let red = Tensor([1.0, 0, 0], shape: [3, 1, 1])
        let hue = ColorJitter(hue: 0.1)
        let turns = (0..<1500).map { _ in
            let image = hue(red, random: random)
            return (image[1, 0, 0].item() - image[2, 0, 0].item()) / 6
        }
        #expect(areUniform(turns, in: -0.1...0.1))
    }

    @Test func coloursChangeInEveryOrder() {
        var orders: [[Int]: Int] = [:]
        for _ in 0..<4800 { orders[random.order(of: 4), default: 0] += 1 }
        #expect(orders.count == 24 && areEquallyFrequent(Array(orders.values)))
        // Twice the brightness before half the contrast clamps to white what it leaves grey after it.
        let image = Tensor([0.2, 0.8], shape: [1, 1, 2])
        let step = ColorJitter(brightness: 2...2, contrast: 0.5...0.5, saturation: nil, hue: nil)
        let whites = (0..<2000).count { _ in step(image, random: random)[0, 0, 1].item() > 0.99 }
        #expect(areEquallyFrequent([whites, 2000 - whites]), "\(whites)")
    }

    @Test func deviationsOfBlursAreUniform() {
        var dot = Tensor.zeros(1, 31, 31)
        dot.fill(1, at: 0, 15, 15)
        let step = GaussianBlur(21, sigma: 0.5...2)
        let deviations = (0..<1500).map { _ in
            let image = step(dot, random: random)
            let ratio = image[0, 15, 16].item() / image[0, 15, 15].item()
            return (-0.5 / ratio.logarithm).squareRoot()
        }
        #expect(areUniform(deviations, in: 0.5...2))
    }

    @Test func choicesAndOrdersHaveTheirFrequencies() {
        let digits = (1...3).map { digit in Lambda { $0 * 10 + Double(digit) } }
        let image = Tensor.zeros(1, 1, 1)
        func counts(_ step: any Transform, _ number: Int) -> [Int: Int] {
            var counts: [Int: Int] = [:]
            for _ in 0..<number { counts[Int(step(image, random: random).item()), default: 0] += 1 }
            return counts
        }
        let choice = counts(RandomChoice(digits, weights: [1, 5, 2]), 4000)
        #expect(areFrequent((1...3).map { choice[$0] ?? 0 }, as: [0.125, 0.625, 0.25]), "\(choice)")
        let never = counts(RandomChoice(digits, weights: [1, 0, 1]), 500)
        #expect(never[2] == nil && never.count == 2)
        let orders = counts(RandomOrder(digits), 3000)
        #expect(orders.keys.sorted() == [123, 132, 213, 231, 312, 321])
        #expect(areEquallyFrequent(Array(orders.values)), "\(orders)")
    }

    @Test func erasedRectanglesAreEverywhere() {
        // A quarter of the area, as high as wide, fits 6 × 6 places.
        let step = RandomErasing(1, scale: 0.25...0.25, ratio: 1...1, value: .constant(7))
        let image = Tensor.zeros(1, 10, 10)
        var counts = [Int](repeating: 0, count: 36)
        for _ in 0..<6000 {
            let erased = step(image, random: random)[0].argmax().item(as: Int.self)
            counts[erased / 10 * 6 + erased % 10] += 1
        }
        #expect(areEquallyFrequent(counts))
        let shaped = RandomErasing(1, scale: 0.1...0.1, ratio: 0.25...4, value: .constant(1))
        let large = Tensor.zeros(1, 100, 100)
        let proportions = (0..<1500).map { _ in
            let erased = shaped(large, random: random)[0]
            return (erased.amax(dims: [1]).sum().item() / erased.amax(dims: [0]).sum().item()).logarithm
        }
        #expect(areUniform(proportions, in: -(4.0.logarithm)...4.0.logarithm))
    }

    @Test func theMiddleIsTakenWhereNoPartFits() {
        // Parts of four times the area never fit.
        for (height, width, rows, columns) in [
            (10, 40, 0..<10, 13..<26), (40, 10, 13..<26, 0..<10), (20, 20, 0..<20, 0..<20),
        ] {
            let line = Tensor.arange(0, width).expand(to: [height, width])
            let column = Tensor.arange(0, height).unsqueeze(1).expand(to: [height, width])
            let image = Tensor.stack([line, column]).to(.uint8)
            let step = RandomResizedCrop(height: rows.count, width: columns.count, scale: 4...4)
            let part = image[0..., rows, columns].contiguous()
            #expect(isIdentical(step(image, random: random).contiguous(), part), "\(height) × \(width)")
        }
    }

    @Test func sharesOfMixedBatchesHaveTheirDistribution() {
        let images = Tensor([0.0, 1], shape: [2, 1, 1, 1]).expand(to: [2, 1, 8, 8])
        let mixUp = MixUp(classes: 2, alpha: 0.4)
        let shares = (0..<8000).map { _ in mixUp(images, Tensor([0, 1]), random: random).0[1, 0, 0, 0].item() }
        #expect(abs(mean(shares) - 0.5) < 0.015 && abs(deviation(shares) - (1 / 7.2).squareRoot()) < 0.01)
        // A rectangle's sides are s = √u of the picture's, and what is inside of it s - s²/4 on average: so its area is
        // 0.3208 (and less by what rounding takes).
        let cutMix = CutMix(classes: 2)
        var (areas, proportions, seen) = ([Double](), [Double](), [Int](repeating: 0, count: 4))
        for _ in 0..<8000 {
            let (rows, columns) = cutMix.rectangle(1000, 1500, random)
            areas.append(Double(rows.count * columns.count) / 1_500_000)
            if rows.lowerBound > 0, rows.upperBound < 1000, columns.lowerBound > 0, columns.upperBound < 1500,
                !rows.isEmpty
            {
                proportions.append(Double(columns.count) / Double(rows.count))
            }
            let (y, x) = (rows.lowerBound + rows.upperBound, columns.lowerBound + columns.upperBound)
            seen[(y < 1000 ? 0 : 2) + (x < 1500 ? 0 : 1)] += 1
        }
        #expect(abs(mean(areas) - 0.3208) < 0.01, "\(mean(areas))")
        #expect(areEquallyFrequent(seen), "\(seen)")
        #expect(abs(mean(proportions) - 1.5) < 0.05, "\(mean(proportions))")
    }
}
