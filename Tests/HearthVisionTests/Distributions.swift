/// The mean of numbers.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Their standard deviation.
func deviation(_ values: [Double]) -> Double {
    let centre = mean(values)
    return mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
}

/// True when many numbers look as if they were uniform in a range: their mean, their deviation and their ends.
func areUniform(_ values: [Double], in range: ClosedRange<Double>) -> Bool {
    let width = range.upperBound - range.lowerBound
    let slack = 0.05 * width
    guard let low = values.min(), let high = values.max() else { return false }
    return abs(mean(values) - (range.lowerBound + range.upperBound) / 2) < slack
        && abs(deviation(values) - width / 12.0.squareRoot()) < slack && abs(low - range.lowerBound) < slack
        && abs(high - range.upperBound) < slack
}

/// True when counts are about as the probabilities say. The sum of squares (chi-square) is above what is allowed about
/// once in ten thousand.
func areFrequent(_ counts: [Int], as probabilities: [Double]) -> Bool {
    let total = Double(counts.reduce(0, +))
    // What is seldom is counted together.
    var (rareCount, rareExpected, distance, freedom) = (0.0, 0.0, 0.0, -1.0)
    func add(_ count: Double, _ expected: Double) {
        distance += (count - expected) * (count - expected) / expected
        freedom += 1
    }
    for (count, probability) in zip(counts, probabilities) {
        if probability * total < 8 {
            (rareCount, rareExpected) = (rareCount + Double(count), rareExpected + probability * total)
        } else {
            add(Double(count), probability * total)
        }
    }
    if rareExpected >= 8 { add(rareCount, rareExpected) } else if rareExpected == 0, rareCount > 0 { return false }
    // Wilson and Hilferty's approximation.
    let spread = 2 / (9 * max(freedom, 1))
    let root = 1 - spread + 3.7 * spread.squareRoot()
    return distance < max(freedom, 1) * root * root * root
}

/// True when counts are about equal.
func areEquallyFrequent(_ counts: [Int]) -> Bool {
    areFrequent(counts, as: counts.map { _ in 1 / Double(counts.count) })
}
