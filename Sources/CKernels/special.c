// Special functions that rows of the elementwise table call, in double.
#include <math.h>

#include "math_generic.h"

static const double pi = 3.14159265358979323846;

// Modified Bessel function of the first kind, of order 0 or 1; `scaled` divides it by exp(|x|).
// Source: Abramowitz and Stegun, 9.6.10 (the power series, all of whose terms are positive) and 9.7.1.
double hk_bessel_i(double x, int order, int scaled) {
    double size = fabs(x);
    double value;
    if (size <= 30) {
        double quarter = size * size / 4;
        double term = order == 0 ? 1 : size / 2;
        value = term;
        for (int k = 1; term > value * 1e-17; k++) {
            term *= quarter / ((double)k * (k + order));
            value += term;
        }
        if (scaled) value *= exp(-size);
    } else if (isinf(size)) {
        value = scaled ? 0 : size;
    } else if (size != size) {
        return x;
    } else {
        double term = 1;
        double sum = 1;
        for (int k = 1; k <= 30; k++) {
            double odd = 2 * k - 1;
            term *= -(4.0 * order * order - odd * odd) / (8 * size * k);
            sum += term;
            if (fabs(term) < 1e-17) break;
        }
        value = sum / sqrt(2 * pi * size);
        // Half of the exponential at a time, since the whole overflows before the quotient does.
        if (!scaled) value = value * exp(size / 2) * exp(size / 2);
    }
    return order == 1 && x < 0 ? -value : value;
}

// x^a exp(-x) / gamma(a)
static double gamma_density(double a, double x) { return exp(a * log(x) - x - hk_lgamma_f64(a)); }

// Source: Abramowitz and Stegun, 6.5.29.
static double lower_gamma_series(double a, double x) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < 10000; n++) {
        term *= x / (a + n);
        sum += term;
        if (term < sum * 1e-17) break;
    }
    return sum * gamma_density(a, x);
}

// Source: Abramowitz and Stegun, 6.5.31, evaluated by Lentz's method.
static double upper_gamma_fraction(double a, double x) {
    const double tiny = 1e-300;
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / b;
    double fraction = d;
    for (int n = 1; n < 10000; n++) {
        double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        if (fabs(d) < tiny) d = tiny;
        c = b + numerator / c;
        if (fabs(c) < tiny) c = tiny;
        d = 1 / d;
        fraction *= d * c;
        if (fabs(d * c - 1) < 1e-16) break;
    }
    return fraction * gamma_density(a, x);
}

// The regularised lower incomplete gamma function, P(a, x).
double hk_igamma_f64(double a, double x) {
    if (a != a || x != x || a < 0 || x < 0) return NAN;
    if (a == 0) return x > 0 ? 1 : NAN;
    if (x == 0) return 0;
    if (isinf(a)) return isinf(x) ? NAN : 0;
    if (isinf(x)) return 1;
    return x < a + 1 ? lower_gamma_series(a, x) : 1 - upper_gamma_fraction(a, x);
}

// The regularised upper incomplete gamma function, Q(a, x) = 1 - P(a, x).
double hk_igammac_f64(double a, double x) {
    if (a != a || x != x || a < 0 || x < 0) return NAN;
    if (a == 0) return x > 0 ? 0 : NAN;
    if (x == 0) return 1;
    if (isinf(a)) return isinf(x) ? NAN : 1;
    if (isinf(x)) return 0;
    return x < a + 1 ? 1 - lower_gamma_series(a, x) : upper_gamma_fraction(a, x);
}

// Hurwitz's zeta function: the sum of 1 / (q + k)^s over all k from 0 on, by Euler and Maclaurin's formula.
// Source: Abramowitz and Stegun, 23.1.30 and 23.2.
double hk_zeta_f64(double s, double q) {
    // B(2j) / (2j)!
    static const double terms[] = {
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000.0,
        1.0 / 74724249600.0, -3617.0 / 10670622842880000.0, 43867.0 / 5109094217170944000.0,
        -174611.0 / 802857662698291200000.0};
    if (s == 1) return INFINITY;
    if (!(s > 1) || q != q) return NAN;
    if (q <= 0) {
        if (q == floor(q)) return INFINITY;
        if (s != floor(s)) return NAN;
    }
    if (isinf(q)) return 0;
    double sum = 0;
    for (; q < 12; q++) {
        double power = pow(q, -s);
        sum += power;
        if (fabs(power) < fabs(sum) * 1e-17) return sum;
    }
    double power = pow(q, -s);
    sum += power * q / (s - 1) + power / 2;
    double factor = s * power / q;
    for (int j = 0; j < 10; j++) {
        sum += terms[j] * factor;
        factor *= (s + 2 * j + 1) * (s + 2 * j + 2) / (q * q);
    }
    return sum;
}
