import HearthFormats
import Testing

import HearthTune

/// Against PyTorch's Sobol points, scikit-learn's Gaussian process and Optuna's pruners (`Tests/Goldens/make_tune.py`).
@Suite struct GoldenTests {
    private static let golden: JSON = {
        let path = FilePath.folder(of: #filePath) + "/Goldens/tune.json"
        do {
            let source = try ByteSource(path: path)
            let bytes = try source.bytes(at: 0, count: source.byteCount)
            return try JSON(parsing: String(decoding: bytes, as: UTF8.self), name: path)
        } catch { fatalError("the golden file cannot be read: \(error)") }
    }()

    private static func numbers(_ json: JSON?) -> [Double] { json?.array?.compactMap(\.double) ?? [] }
    private static func rows(_ json: JSON?) -> [[Double]] { json?.array?.map { numbers($0) } ?? [] }

    @Test func sobolPointsAreThoseOfPyTorch() {
        let rows = Self.rows(Self.golden["sobol"])
        #expect(rows.count == 40)
        for (point, row) in rows.enumerated() {
            let found = (0..<Sobol.dimensions).map { Double(Sobol.bits(point: point, dimension: $0)) * 0x1p-32 }
            #expect(zip(found, row).allSatisfy { abs($0 - $1) < 1e-9 }, "point \(point)")
        }
    }

    @Test func aProcessPredictsWhatScikitLearnPredicts() throws {
        let golden = try #require(Self.golden["process"])
        var settings = GaussianProcess.Settings(dimensions: 2)
        settings.scale = 0.26236426446749106  // log 1.3
        settings.noise = -6.907755278982137  // log 0.001
        settings.lengths = [-0.916290731874155, -0.10536051565782628]  // log 0.4, log 0.9
        let process = GaussianProcess(
            Self.rows(golden["points"]), Self.numbers(golden["values"]), settings: settings)
        let (means, deviations) = (Self.numbers(golden["mean"]), Self.numbers(golden["deviation"]))
        for (index, point) in Self.rows(golden["asked"]).enumerated() {
            let (mean, deviation) = process.predict(point)
            #expect(abs(mean - means[index]) < 1e-8 && abs(deviation - deviations[index]) < 1e-7)
        }
    }

    @Test(
        arguments: ["median", "median late", "percentile", "halving", "halving late"],
        [
            Direction.minimize, .maximize,
        ])
    func prunersDecideAsOptunaDoes(kind: String, direction: Direction) async throws {
        let choices: [String: PrunerChoice] = [
            "median": .median(), "median late": .median(startupTrials: 3, warmupSteps: 4, intervalSteps: 2),
            "percentile": .percentile(25), "halving": .successiveHalving(),
            "halving late": .successiveHalving(minResource: 2, reductionFactor: 3),
        ]
        let pruners = try #require(Self.golden["pruners"])
        let expected = Self.numbers(pruners["steps"]?["\(kind) \(direction.rawValue)"]).map { Int($0) }
        let found = try await Self.stops(choices[kind]!, direction, Self.curves(pruners["curves"]))
        #expect(found == expected && expected.contains { $0 > 0 } && expected.contains(-1))
    }

    @Test(arguments: ["median", "median every 3", "percentile every 5"], [Direction.minimize, .maximize])
    func stepsMayBeLeftOutAndValuesBeNoNumbers(kind: String, direction: Direction) async throws {
        let choices: [String: PrunerChoice] = [
            "median": .median(), "median every 3": .median(startupTrials: 3, warmupSteps: 2, intervalSteps: 3),
            "percentile every 5": .percentile(70, startupTrials: 2, intervalSteps: 5),
        ]
        let pruners = try #require(Self.golden["pruners"])
        let expected = Self.numbers(pruners["ragged steps"]?["\(kind) \(direction.rawValue)"]).map { Int($0) }
        let found = try await Self.stops(choices[kind]!, direction, Self.curves(pruners["ragged"]))
        #expect(found == expected && expected.count == 60)
    }

    /// Steps and values, which are words where JSON has no number.
    private static func curves(_ json: JSON?) -> [[(step: Int, value: Double)]] {
        (json?.array ?? []).map { curve in
            (curve.array ?? []).compactMap { point in
                guard let pair = point.array, let step = pair[0].int,
                    let value = pair[1].double ?? pair[1].string.flatMap({ Double($0) })
                else { return nil }
                return (step, value)
            }
        }
    }

    /// At which step each of several trials that report curves was stopped; -1 where it was not.
    private static func stops(
        _ pruner: PrunerChoice, _ direction: Direction, _ curves: [[(step: Int, value: Double)]]
    ) async throws -> [Int] {
        let study = try Study("golden", direction: direction, sampler: .random(seed: 0), pruner: pruner)
        try await study.optimize(trials: curves.count) { trial in
            for (step, value) in curves[trial.number] { try trial.report(value, step: step) }
            return 0
        }
        return try study.trials().map { $0.state == .pruned ? $0.lastReport!.step : -1 }
    }
}
