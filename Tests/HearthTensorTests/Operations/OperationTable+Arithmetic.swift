import HearthTensor

extension OperationTable {
    mutating func addArithmetic() {
        binary("add") { $0 + $1 }
        binary("sub") { $0 - $1 }
        binary("mul") { $0 * $1 }
        binary("div") { $0 / $1 }
        binary("remainder") { $0 % $1 }
        binary("floor_divide") { $0.floorDivide($1) }
        binary("fmod") { $0.fmod($1) }
        binary("pow") { $0.pow($1) }
        binary("atan2") { $0.atan2($1) }
        binary("maximum") { $0.maximum($1) }
        binary("minimum") { $0.minimum($1) }
        binary("hypot") { $0.hypot($1) }
        binary("xlogy") { $0.xlogy($1) }
        binary("copysign") { $0.copysign($1) }
        binary("add alpha=2.5") { $0.add($1, alpha: 2.5) }
        binary("lerp 0.3") { $0.lerp($1, weight: 0.3) }
        ternary("addcmul 0.5") { $0.addcmul($1, $2, value: 0.5) }
        ternary("addcdiv 0.5") { $0.addcdiv($1, $2, value: 0.5) }
    }

    mutating func addScalars() {
        addScalar("2", 2)
        addScalar("2.5", 2.5)
        addScalar("-3", -3)
        addScalar("True", true)
        for value in ["0", "1", "3", "-1", "-2"] { unary("pow \(value)") { $0.pow(Int(value)!) } }
        for value in ["0.0", "1.0", "2.0", "0.5", "-0.5", "1.7"] { unary("pow \(value)") { $0.pow(Double(value)!) } }
    }

    private mutating func addScalar(_ text: String, _ value: some ScalarConvertible) {
        unary("add scalar=\(text)") { $0 + value }
        unary("mul scalar=\(text)") { $0 * value }
        unary("div scalar=\(text)") { $0 / value }
        unary("rdiv scalar=\(text)") { value / $0 }
        unary("remainder scalar=\(text)") { $0 % value }
        unary("floor_divide scalar=\(text)") { $0.floorDivide(value) }
        unary("fmod scalar=\(text)") { $0.fmod(value) }
        unary("eq scalar=\(text)") { $0 == value }
        unary("ne scalar=\(text)") { $0 != value }
        unary("lt scalar=\(text)") { $0 < value }
        unary("le scalar=\(text)") { $0 <= value }
        unary("gt scalar=\(text)") { $0 > value }
        unary("ge scalar=\(text)") { $0 >= value }
        // PyTorch subtracts no bool, and a negative power of an integer has no value.
        if text != "True" {
            unary("sub scalar=\(text)") { $0 - value }
            unary("rsub scalar=\(text)") { value - $0 }
        }
        if text != "-3" {
            unary("pow scalar=\(text)") { $0.pow(value) }
            unary("rpow scalar=\(text)") { Tensor.pow(value, $0) }
        }
    }

    mutating func addComparisons() {
        binary("eq") { $0 == $1 }
        binary("ne") { $0 != $1 }
        binary("lt") { $0 < $1 }
        binary("le") { $0 <= $1 }
        binary("gt") { $0 > $1 }
        binary("ge") { $0 >= $1 }
        binary("logical_and") { $0.logicalAnd($1) }
        binary("logical_or") { $0.logicalOr($1) }
        binary("logical_xor") { $0.logicalXor($1) }
        binary("bitwise_and") { $0 & $1 }
        binary("bitwise_or") { $0 | $1 }
        binary("bitwise_xor") { $0 ^ $1 }
        binary("shift_left") { $0 << $1 }
        binary("shift_right") { $0 >> $1 }
        unary("shift_left 3") { $0 << 3 }
        unary("shift_right 2") { $0 >> 2 }
        binary("isclose") { $0.isClose(to: $1, relative: 1e-2, absolute: 1e-3) }
        binary("isclose nan") { $0.isClose(to: $1, equalNaN: true) }
        ternary("where") { Tensor.where($0, $1, $2) }
        binary("where x 2.5") { Tensor.where($0, $1, 2.5) }
        binary("where 2 x") { Tensor.where($0, 2, $1) }
        binary("masked_fill -1.5") { $0.maskedFill($1, with: -1.5) }
    }
}
