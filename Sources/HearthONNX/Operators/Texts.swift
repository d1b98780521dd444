import HearthTensor

/// Operators of words that are integers.
enum Texts {
    static let rows: OperatorRows = ["TfIdfVectorizer": vectorize]

    /// How often each of the known runs of words occurs, words between them left out or not.
    private static func vectorize(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        guard let pool = n.intList("pool_int64s"), let starts = n.intList("ngram_counts"),
            let columns = n.intList("ngram_indexes"), let mode = n.text("mode"), x.dtype.isInteger
        else { throw n.error("integers and a pool of them", "\(x.spec)") }
        let (least, most) = (n.int("min_gram_length", 1), n.int("max_gram_length", 1))
        let skips = n.int("max_skip_count", 0)
        try n.check(
            x.rank <= 2 && columns.allSatisfy { $0 >= 0 && $0 < 1 << 40 } && skips >= 0 && skips < 1 << 20,
            "rows of words and columns", "\(x.shape)")
        let rows = (x.rank == 2 ? x : x.reshape([1, -1])).to(.int64)
        let width = (columns.max() ?? -1) + 1
        var counts = Tensor.zeros(try n.shape([rows.shape[0], width], .float32), device: x.device)
        var first = 0
        for (i, start) in starts.enumerated() {
            let size = i + 1
            let end = i + 1 < starts.count ? starts[i + 1] : pool.count
            try n.check(start >= 0 && start <= end && end <= pool.count, "parts of the pool", "\(starts)")
            let grams = (end - start) / size
            defer { first += grams }
            guard grams > 0, size >= least, size <= most else { continue }
            try n.check(first + grams <= columns.count, "a column for each run", "\(columns.count)")
            let known = Tensor(Array(pool[start..<(start + grams * size)]), shape: [grams, size], device: x.device)
            let target = Tensor(Array(columns[first..<(first + grams)]), shape: [grams], device: x.device)
            let isWanted = n.floatList("weights").map { weights in
                Tensor(
                    (first..<(first + grams)).map { $0 < weights.count ? Float(weights[$0]) : 1 }, shape: [grams],
                    device: x.device)
            }
            for skip in 0...(size == 1 ? 0 : skips) {
                let reach = (size - 1) * (skip + 1) + 1
                guard reach <= rows.shape[1] else { break }
                // [rows, places, words], every word that is not skipped.
                let windows = rows.unfold(dim: 1, size: reach, step: 1)[
                    .all, .all, IndexItem.range(0, reach, step: skip + 1)]
                let found = (windows.unsqueeze(2) == known).all(dim: 3).to(.float32).sum(dim: 1)
                counts = counts.indexAdd(1, target, found)
            }
            if mode == "IDF" { counts = counts.clamp(max: 1) }
            guard mode != "TF", let isWanted else { continue }
            let factors = Tensor.ones([width], device: x.device).indexCopy(0, target, isWanted)
            counts = counts * factors
        }
        return n.output(x.rank == 2 ? counts : counts.reshape([-1]), .float32)
    }
}
