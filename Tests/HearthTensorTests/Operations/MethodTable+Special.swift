import HearthTensor

extension OperationTable {
    mutating func addSpecialFunctions() {
        binary("fmax") { $0.fmax($1) }
        binary("fmin") { $0.fmin($1) }
        binary("logaddexp") { $0.logAddExp($1) }
        binary("logaddexp2") { $0.logAddExp2($1) }
        unary("sinc") { $0.sinc() }
        unary("i0") { $0.i0() }
        unary("i1") { $0.i1() }
        unary("i0e") { $0.i0e() }
        unary("i1e") { $0.i1e() }
        binary("igamma") { $0.to($1.dtype).igamma($1) }
        binary("igammac") { $0.to($1.dtype).igammac($1) }
        binary("zeta") { $0.to($1.dtype).zeta($1) }
        for n in 0...3 { unary("polygamma \(n)") { $0.polygamma(n) } }
        unary("mvlgamma 1") { $0.mvlgamma(1) }
        unary("mvlgamma 3") { $0.mvlgamma(3) }
        unary("ndtr") { $0.ndtr() }
        unary("entr") { $0.entr() }
        binary("xlog1py") { $0.xlog1py($1) }
    }

    mutating func addNumbers() {
        binary("heaviside") { $0.heaviside($1) }
        binary("nextafter") { $0.nextAfter($1) }
        binary("gcd") { $0.gcd($1) }
        binary("lcm") { $0.lcm($1) }
        pair("frexp") { $0.frexp() }
        binary("ldexp") { $0.ldexp($1) }
        unary("signbit") { $0.signBit() }
        unary("isposinf") { $0.isPositiveInfinity() }
        unary("isneginf") { $0.isNegativeInfinity() }
        unary("angle") { $0.angle() }
        unary("deg2rad") { $0.deg2rad() }
        unary("rad2deg") { $0.rad2deg() }
        binary("float_power") { $0.floatPower($1) }
        unary("float_power 2.5") { $0.floatPower(2.5) }
        unary("round 2") { $0.round(decimals: 2) }
        unary("round -1") { $0.round(decimals: -1) }
    }
}
