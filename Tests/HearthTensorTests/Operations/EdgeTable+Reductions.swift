import HearthTensor

extension OperationTable {
    mutating func addDTypes() {
        for (name, dtype) in [("f32", DType.float32), ("f64", .float64), ("i64", .int64), ("i32", .int32)] {
            unary("sum dtype=\(name)") { $0.sum(dtype: dtype) }
            unary("prod dtype=\(name)") { $0.prod(dim: 1, dtype: dtype) }
            unary("cumsum dtype=\(name)") { $0.cumsum(dim: 1, dtype: dtype) }
            unary("cumprod dtype=\(name)") { $0.cumprod(dim: 1, dtype: dtype) }
            unary("nansum dtype=\(name)") { $0.nanSum(dim: 1, dtype: dtype) }
            guard dtype.isFloatingPoint else { continue }
            unary("mean dtype=\(name)") { $0.mean(dtype: dtype) }
            unary("softmax dtype=\(name)") { $0.softmax(dim: 1, dtype: dtype) }
            unary("log_softmax dtype=\(name)") { $0.logSoftmax(dim: 1, dtype: dtype) }
        }
        unary("nanmean dim=-1") { $0.nanMean(dim: -1) }
    }

    mutating func addSeveralDims() {
        for dims in [[0, 2], [1], [0, 1, 2], [-1, 0]] {
            let words = dims.map(String.init).joined(separator: ",")
            unary("any dims=\(words)") { $0.any(dims: dims) }
            unary("all dims=\(words)") { $0.all(dims: dims) }
            unary("any dims=\(words) keep") { $0.any(dims: dims, keepDim: true) }
            unary("all dims=\(words) keep") { $0.all(dims: dims, keepDim: true) }
            unary("count_nonzero dims=\(words)") { $0.countNonzero(dims: dims) }
            unary("nansum dims=\(words)") { $0.nanSum(dims: dims) }
            unary("nanmean dims=\(words)") { $0.nanMean(dims: dims) }
        }
        unary("sum dims=") { $0.sum(dims: []) }
        unary("mean dims=") { $0.mean(dims: []) }
        unary("amax dims=") { $0.amax(dims: []) }
        unary("amin dims=") { $0.amin(dims: []) }
        unary("var dims=") { $0.variance(dims: []) }
        unary("std dims=") { $0.std(dims: []) }
        unary("nansum dims=") { $0.nanSum(dims: []) }
        unary("nanmean dims=") { $0.nanMean(dims: []) }
        unary("any dims=") { $0.any(dims: []) }
        unary("all dims=") { $0.all(dims: []) }
        unary("count_nonzero dims=") { $0.countNonzero(dims: []) }
        unary("norm dims=") { $0.norm(dims: []) }
    }

    mutating func addSpread() {
        for (text, correction) in [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("0.5", 0.5), ("1.5", 1.5)] {
            unary("var correction=\(text)") { $0.variance(dim: -1, correction: correction) }
            unary("std correction=\(text)") { $0.std(dim: -1, correction: correction) }
        }
        pair("var_mean 1 keep") { $0.varMean(dims: [1], keepDim: true) }
        pair("std_mean 1 keep") { $0.stdMean(dims: [1], keepDim: true) }
        pair("var_mean") { $0.varMean(correction: 0) }
        pair("std_mean") { $0.stdMean(correction: 0) }
        let orders: [(String, Double)] = [
            ("2", 2), ("1", 1), ("0", 0), ("3", 3), ("0.5", 0.5), ("inf", .infinity), ("-inf", -.infinity),
        ]
        for (text, p) in orders {
            unary("vector_norm \(text)") { $0.norm(p: p) }
            unary("vector_norm \(text) dim=1") { $0.norm(p: p, dim: 1) }
        }
    }

    mutating func addOrderStatistics() {
        for keep in [false, true] {
            let word = keep ? " keep" : ""
            pair("median of 1" + word) { $0.median(dim: 1, keepDim: keep) }
            pair("nanmedian of 1" + word) { $0.nanMedian(dim: 1, keepDim: keep) }
            pair("mode of 1" + word) { $0.mode(dim: 1, keepDim: keep) }
            pair("kthvalue 2 of 1" + word) { $0.kthValue(2, dim: 1, keepDim: keep) }
            unary("count_nonzero 1" + word) { $0.countNonzero(dim: 1, keepDim: keep) }
        }
    }

    /// Functions of tensors without dimensions.
    mutating func addScalarTensors() {
        for d in [0, -1] {
            addScalarReductions(d)
            addScalarOrders(d)
            addScalarPlaces(d)
        }
    }

    private mutating func addScalarReductions(_ d: Int) {
        unary("scalar sum \(d)") { $0.sum(dim: d) }
        unary("scalar prod \(d)") { $0.prod(dim: d) }
        unary("scalar cumsum \(d)") { $0.cumsum(dim: d) }
        unary("scalar cumprod \(d)") { $0.cumprod(dim: d) }
        unary("scalar any \(d)") { $0.any(dim: d) }
        unary("scalar all \(d)") { $0.all(dim: d) }
        unary("scalar amax \(d)") { $0.amax(dims: [d]) }
        unary("scalar amin \(d)") { $0.amin(dims: [d]) }
        unary("scalar count_nonzero \(d)") { $0.countNonzero(dim: d) }
        unary("scalar nansum \(d)") { $0.nanSum(dim: d) }
        unary("scalar mean \(d)") { $0.mean(dim: d) }
        unary("scalar var \(d)") { $0.variance(dim: d) }
        unary("scalar std \(d)") { $0.std(dim: d) }
        unary("scalar logsumexp \(d)") { $0.logSumExp(dim: d) }
        unary("scalar nanmean \(d)") { $0.nanMean(dim: d) }
        unary("scalar norm \(d)") { $0.norm(dim: d) }
        unary("scalar quantile \(d)") { $0.quantile(0.5, dim: d) }
        unary("scalar softmax \(d)") { $0.softmax(dim: d) }
        unary("scalar log_softmax \(d)") { $0.logSoftmax(dim: d) }
        unary("scalar softmin \(d)") { $0.softmin(dim: d) }
        unary("scalar logcumsumexp \(d)") { $0.logCumsumExp(dim: d) }
        unary("scalar cosine_similarity \(d)") { $0.cosineSimilarity($0, dim: d) }
        unary("scalar normalize \(d)") { $0.normalize(dim: d) }
    }

    private mutating func addScalarOrders(_ d: Int) {
        unary("scalar argsort \(d)") { $0.argsort(dim: d) }
        unary("scalar argmax \(d)") { $0.argmax(dim: d) }
        unary("scalar argmin \(d)") { $0.argmin(dim: d) }
        pair("scalar max \(d)") { $0.max(dim: d) }
        pair("scalar min \(d)") { $0.min(dim: d) }
        pair("scalar sort \(d)") { $0.sort(dim: d) }
        pair("scalar mode \(d)") { $0.mode(dim: d) }
        pair("scalar cummax \(d)") { $0.cummax(dim: d) }
        pair("scalar cummin \(d)") { $0.cummin(dim: d) }
        pair("scalar topk \(d)") { $0.topK(1, dim: d) }
        pair("scalar kthvalue \(d)") { $0.kthValue(1, dim: d) }
        pair("scalar median \(d)") { $0.median(dim: d) }
        pair("scalar nanmedian \(d)") { $0.nanMedian(dim: d) }
    }

    private mutating func addScalarPlaces(_ d: Int) {
        unary("scalar squeeze \(d)") { $0.squeeze(d) }
        unary("scalar unsqueeze \(d)") { $0.unsqueeze(d) }
        unary("scalar flip \(d)") { $0.flip(d) }
        unary("scalar unfold \(d)") { $0.unfold(dim: d, size: 1, step: 1) }
        unary("scalar transpose \(d)") { $0.transpose(d, 0) }
        unary("scalar movedim \(d)") { $0.moveDim(d, to: 0) }
        unary("scalar index_select \(d)") { $0.indexSelect(d, Tensor([0])) }
        unary("scalar index_fill \(d)") { $0.indexFill(d, Tensor([0]), 7) }
        unary("scalar gather \(d)") { $0.gather(d, Tensor(0)) }
    }
}
