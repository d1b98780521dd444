import HearthTensor

/// A border of the elements mirrored at the end, which is not repeated around `[N, C, L]` or `[C, L]`. PyTorch's `nn.ReflectionPad1d`.
public final class ReflectionPad1d: BorderPad {
    /// A layer with this border: one number, or `[left, right]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(1, padding, .reflect) }
}

/// A border of the elements mirrored at the end, which is not repeated around `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.ReflectionPad2d`.
public final class ReflectionPad2d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(2, padding, .reflect) }
}

/// A border of the elements mirrored at the end, which is not repeated around `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.ReflectionPad3d`.
public final class ReflectionPad3d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom, front, back]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(3, padding, .reflect) }
}
