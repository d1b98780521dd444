#include "recurrent.h"

#include "math_generic.h"

// Every loop reads an element of each operand before it writes to its place, so operands may be overwritten.

// The sigmoid without care for results below 1e-38, which a gate does not need.
#define gate(x) (1 / (1 + hk_exp(-(x))))

#define HK_RECURRENT(T, suffix)                                                                                      \
    HK_CLONES void hk_rnn_##suffix(                                                                                  \
        int64_t rows, int64_t n, int relu, const T *product, T *gates, T *state, T *out) {                           \
        if (relu)                                                                                                    \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < rows * n; i++) {                                                                 \
                T x = gates[i] + product[i];                                                                         \
                gates[i] = state[i] = out[i] = x < 0 ? (T)0 : x;                                                     \
            }                                                                                                        \
        else                                                                                                         \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < rows * n; i++) gates[i] = state[i] = out[i] = hk_tanh(gates[i] + product[i]);    \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_lstm_##suffix(                                                                                 \
        int64_t rows, int64_t n, const T *product, T *gates, T *cell, T *before, T *state, T *out) {                 \
        for (int64_t row = 0; row < rows; row++) {                                                                   \
            T *i = gates + row * 4 * n, *f = i + n, *g = f + n, *o = g + n;                                          \
            const T *pi = product + row * 4 * n, *pf = pi + n, *pg = pf + n, *po = pg + n;                           \
            T *c = cell + row * n, *c0 = before + row * n, *h = state + row * n, *y = out + row * n;                 \
            HK_INDEPENDENT                                                                                           \
            for (int64_t j = 0; j < n; j++) {                                                                        \
                i[j] = gate(i[j] + pi[j]);                                                                           \
                f[j] = gate(f[j] + pf[j]);                                                                           \
                g[j] = hk_tanh(g[j] + pg[j]);                                                                        \
                o[j] = gate(o[j] + po[j]);                                                                           \
                c0[j] = c[j];                                                                                        \
                c[j] = f[j] * c[j] + i[j] * g[j];                                                                    \
                h[j] = y[j] = o[j] * hk_tanh(c[j]);                                                                  \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_gru_##suffix(                                                                                  \
        int64_t rows, int64_t n, const T *product, T *gates, T *inner, T *state, T *out) {                           \
        for (int64_t row = 0; row < rows; row++) {                                                                   \
            T *r = gates + row * 3 * n, *z = r + n, *m = z + n;                                                      \
            const T *pr = product + row * 3 * n, *pz = pr + n, *pm = pz + n;                                         \
            T *q = inner + row * n, *h = state + row * n, *y = out + row * n;                                        \
            HK_INDEPENDENT                                                                                           \
            for (int64_t j = 0; j < n; j++) {                                                                        \
                r[j] = gate(r[j] + pr[j]);                                                                           \
                z[j] = gate(z[j] + pz[j]);                                                                           \
                m[j] = hk_tanh(m[j] + r[j] * pm[j]);                                                                 \
                q[j] = pm[j];                                                                                        \
                h[j] = y[j] = m[j] + z[j] * (h[j] - m[j]);                                                           \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_rnn_gradient_##suffix(                                                                         \
        int64_t rows, int64_t n, int relu, const T *g, const T *gates, const T *dh, T *out) {                        \
        if (relu)                                                                                                    \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < rows * n; i++) out[i] = gates[i] > 0 ? g[i] + dh[i] : (T)0;                      \
        else                                                                                                         \
            HK_INDEPENDENT                                                                                           \
            for (int64_t i = 0; i < rows * n; i++) out[i] = (g[i] + dh[i]) * ((T)1 - gates[i] * gates[i]);           \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_lstm_gradient_##suffix(                                                                        \
        int64_t rows, int64_t n, const T *g_, const T *gates, const T *before, const T *dh, T *dc, T *out) {         \
        for (int64_t row = 0; row < rows; row++) {                                                                   \
            const T *i = gates + row * 4 * n, *f = i + n, *g = f + n, *o = g + n;                                    \
            T *di = out + row * 4 * n, *df = di + n, *dg = df + n, *do_ = dg + n;                                    \
            const T *gy = g_ + row * n, *c0 = before + row * n, *h = dh + row * n;                                   \
            T *d = dc + row * n;                                                                                     \
            HK_INDEPENDENT                                                                                           \
            for (int64_t j = 0; j < n; j++) {                                                                        \
                T vi = i[j], vf = f[j], vg = g[j], vo = o[j];                                                        \
                T t = hk_tanh(vf * c0[j] + vi * vg);                                                                 \
                T dy = gy[j] + h[j];                                                                                 \
                T dcell = d[j] + dy * vo * ((T)1 - t * t);                                                           \
                di[j] = dcell * vg * vi * ((T)1 - vi);                                                               \
                df[j] = dcell * c0[j] * vf * ((T)1 - vf);                                                            \
                dg[j] = dcell * vi * ((T)1 - vg * vg);                                                               \
                do_[j] = dy * t * vo * ((T)1 - vo);                                                                  \
                d[j] = dcell * vf;                                                                                   \
            }                                                                                                        \
        }                                                                                                            \
    }                                                                                                                \
                                                                                                                     \
    HK_CLONES void hk_gru_gradient_##suffix(                                                                         \
        int64_t rows, int64_t n, const T *g, const T *gates, const T *inner, const T *before, T *dh, T *out,         \
        T *dproduct) {                                                                                               \
        for (int64_t row = 0; row < rows; row++) {                                                                   \
            const T *r = gates + row * 3 * n, *z = r + n, *m = z + n;                                                \
            T *xr = out + row * 3 * n, *xz = xr + n, *xm = xz + n;                                                   \
            T *dr = dproduct + row * 3 * n, *dz = dr + n, *dm = dz + n;                                              \
            const T *gy = g + row * n, *q = inner + row * n, *h0 = before + row * n;                                 \
            T *d = dh + row * n;                                                                                     \
            HK_INDEPENDENT                                                                                           \
            for (int64_t j = 0; j < n; j++) {                                                                        \
                T vr = r[j], vz = z[j], vm = m[j];                                                                   \
                T dy = gy[j] + d[j];                                                                                 \
                T inside = dy * ((T)1 - vz) * ((T)1 - vm * vm);                                                      \
                dm[j] = inside * vr;                                                                                 \
                dz[j] = xz[j] = dy * (h0[j] - vm) * vz * ((T)1 - vz);                                                \
                dr[j] = xr[j] = inside * q[j] * vr * ((T)1 - vr);                                                    \
                xm[j] = inside;                                                                                      \
                d[j] = dy * vz;                                                                                      \
            }                                                                                                        \
        }                                                                                                            \
    }

#pragma clang diagnostic ignored "-Wpass-failed"
HK_RECURRENT(float, f32)
HK_RECURRENT(double, f64)
