extension Operations {
    /// The operations of this module. A test finds one that is missing here.
    static let builtIn: [any TensorOperation.Type] = [
        Accumulate.self, Affine.self, Arange.self, ArgReduce.self, ArgSort.self, Attention.self,
        AttentionGradient.self, AveragePool.self, AveragePoolGradient.self, BasicIndex.self, Binary.self,
        BinaryCrossEntropy.self, BinaryScalar.self, CheckClasses.self, CheckRange.self, CheckWeights.self,
        Cholesky.self, Choose.self, Col2Im.self, Complement.self, Concatenate.self, Convert.self, Convolve.self,
        ConvolveTransposed.self, ConvolveWeight.self, CrossEntropy.self, CrossEntropyGradient.self, CTC.self,
        CTCGradient.self, Determinant.self, Diagonal.self, Dropout.self, Empty.self, Expand.self, Fill.self,
        Flip.self, Gather.self, Im2Col.self, IndexInto.self, IndexSelect.self, Integers.self, LogDeterminant.self,
        LU.self,
        MatMul.self, MaxPool.self, MaxPoolGradient.self, MaxPoolPositions.self, Moments.self,
        OptimizerStep.self, Pack.self, Pad.self, Permutation.self, Permute.self, PseudoInverse.self,
        PutBack.self, RandomNumbers.self, RecurrentGradientOperation.self, RecurrentLayer.self, Reduce.self,
        Replace.self, Resample.self, Reshape.self, RunningPosition.self, Scatter.self, Slice.self, SearchSorted.self,
        Softmax.self,
        SoftmaxGradient.self, Solve.self, SolveTriangular.self, Standardise.self, StandardiseGradient.self,
        StandardiseSums.self, SVD.self, SymmetricEigen.self, TallQR.self, Transfer.self, Triangle.self,
        Unary.self, Unfold.self, Variance.self, WrapIndex.self,
    ]
}
