import HearthTensor

/// A border of the elements at the end around `[N, C, L]` or `[C, L]`. PyTorch's `nn.ReplicationPad1d`.
public final class ReplicationPad1d: BorderPad {
    /// A layer with this border: one number, or `[left, right]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(1, padding, .replicate) }
}

/// A border of the elements at the end around `[N, C, H, W]` or `[C, H, W]`. PyTorch's `nn.ReplicationPad2d`.
public final class ReplicationPad2d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(2, padding, .replicate) }
}

/// A border of the elements at the end around `[N, C, D, H, W]` or `[C, D, H, W]`. PyTorch's `nn.ReplicationPad3d`.
public final class ReplicationPad3d: BorderPad {
    /// A layer with this border: one number, or `[left, right, top, bottom, front, back]`. Negative ones cut off.
    public init(_ padding: some Extent) { super.init(3, padding, .replicate) }
}
