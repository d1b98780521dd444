import CKernels

/// What the processor can do besides its architecture's baseline.
public enum InstructionSet {
    /// The sets that the kernels make use of and this processor has: `["AVX2", "FMA", "AVX-512"]`.
    public static var available: [String] {
        String(cString: hk_processor_features()).split(separator: " ").map(String.init)
    }
}
