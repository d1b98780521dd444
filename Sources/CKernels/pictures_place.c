#include "pictures.h"

#include "targets.h"

// One row of the result as bytes, `source` being nothing for a row of border.
HK_INLINE void take_row(const uint8_t *source, const hk_axis *columns, uint8_t fill, uint8_t *row) {
    if (!source) {
        memset(row, fill, (size_t)columns->count);
        return;
    }
    // The elements that lie in the source are one run of the row.
    int64_t first = columns->step > 0 ? columns->low - columns->start : columns->start - columns->high + 1;
    int64_t last = columns->step > 0 ? columns->high - columns->start : columns->start - columns->low + 1;
    first = first < 0 ? 0 : first > columns->count ? columns->count : first;
    last = last < first ? first : last > columns->count ? columns->count : last;
    memset(row, fill, (size_t)first);
    if (columns->step > 0) {
        memcpy(row + first, source + columns->start + first, (size_t)(last - first));
    } else {
        const uint8_t *end = source + columns->start;
        for (int64_t x = first; x < last; x++) row[x] = end[-x];
    }
    memset(row + last, fill, (size_t)(columns->count - last));
}

HK_INLINE void emit_row(
    const hk_placement *placement, int64_t plane, const uint8_t *source, int64_t row, uint8_t *buffer, void *out) {
    const int64_t width = placement->columns.count, at = (plane * placement->rows.count + row) * width;
    const uint8_t fill = placement->fills[plane % placement->fill_count];
    if (placement->floats) {
        const float *table = placement->floats + plane % placement->table_count * 256;
        float *target = (float *)out + at;
        take_row(source, &placement->columns, fill, buffer);
#pragma clang loop vectorize(disable) unroll_count(8)
        for (int64_t x = 0; x < width; x++) target[x] = table[buffer[x]];
    } else {
        uint8_t *target = (uint8_t *)out + at;
        take_row(source, &placement->columns, fill, target);
        if (!placement->bytes) return;
        const uint8_t *table = placement->bytes + plane % placement->table_count * 256;
#pragma clang loop vectorize(disable) unroll_count(8)
        for (int64_t x = 0; x < width; x++) target[x] = table[target[x]];
    }
}

// The source's row for a row of the result; -1 for border.
HK_INLINE int64_t source_of(const hk_axis *axis, int64_t i) {
    const int64_t place = axis->start + axis->step * i;
    return place >= axis->low && place < axis->high ? place : -1;
}

enum { buffered = 4096 };

// Rows longer than the buffer are made in pieces, each with its own part of the columns.
HK_INLINE void emit(
    const hk_placement *placement, int64_t plane, const uint8_t *source, int64_t row, uint8_t *buffer, void *out) {
    if (placement->columns.count <= buffered || !placement->floats) {
        emit_row(placement, plane, source, row, buffer, out);
        return;
    }
    const int64_t width = placement->columns.count;
    for (int64_t x = 0; x < width; x += buffered) {
        hk_placement part = *placement;
        part.columns.start += part.columns.step * x;
        part.columns.count = width - x < buffered ? width - x : buffered;
        part.rows.count = 1;
        const float *table = placement->floats + plane % placement->table_count * 256;
        const uint8_t fill = placement->fills[plane % placement->fill_count];
        part.floats = table;
        part.fills = &fill;
        part.table_count = part.fill_count = 1;
        emit_row(&part, 0, source, 0, buffer, (float *)out + (plane * placement->rows.count + row) * width + x);
    }
}

void hk_picture_place(const hk_picture *source, const hk_placement *placement, void *out) {
    uint8_t buffer[buffered];
    for (int64_t plane = 0; plane < source->planes; plane++) {
        const uint8_t *bytes = source->bytes + plane * source->plane_stride;
        for (int64_t y = 0; y < placement->rows.count; y++) {
            const int64_t from = source_of(&placement->rows, y);
            emit(placement, plane, from < 0 ? NULL : bytes + from * source->row_stride, y, buffer, out);
        }
    }
}

enum { bits = 22 };

HK_INLINE uint8_t clamped(int32_t sum) {
    const int32_t value = sum >> bits;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

HK_CLONES static void resize_row(const uint8_t *restrict source, const hk_line *line, uint8_t *restrict out) {
    for (int64_t x = 0; x < line->count; x++) {
        const uint8_t *from = source + line->starts[x];
        const int32_t *weights = line->weights + x * line->taps;
        int32_t sum = 1 << (bits - 1);
        for (int32_t k = 0; k < line->counts[x]; k++) sum += from[k] * weights[k];
        out[x] = clamped(sum);
    }
}

// One row of the result, of `count` rows below each other.
HK_CLONES static void combine_rows(
    const uint8_t *restrict rows, int64_t stride, const int32_t *restrict weights, int64_t count, int64_t width,
    uint8_t *restrict out) {
    enum { block = 64 };
    for (int64_t start = 0; start < width; start += block) {
        const int64_t length = width - start < block ? width - start : block;
        int32_t sums[block];
        for (int64_t x = 0; x < block; x++) sums[x] = 1 << (bits - 1);
        for (int64_t k = 0; k < count; k++) {
            const uint8_t *row = rows + k * stride + start;
            const int32_t weight = weights[k];
            for (int64_t x = 0; x < length; x++) sums[x] += row[x] * weight;
        }
        for (int64_t x = 0; x < length; x++) out[start + x] = clamped(sums[x]);
    }
}

void hk_picture_resize(
    const hk_picture *source, const hk_line *columns, const hk_line *rows, const hk_placement *placement,
    uint8_t *scratch, void *out) {
    uint8_t buffer[buffered];
    // The row that is made last stands behind the rows that were resized.
    uint8_t *made = scratch + source->height * columns->count;
    for (int64_t plane = 0; plane < source->planes; plane++) {
        const uint8_t *bytes = source->bytes + plane * source->plane_stride;
        int64_t done = 0, ahead = 0;
        for (int64_t y = 0; y < placement->rows.count; y++) {
            const int64_t row = source_of(&placement->rows, y);
            if (row < 0) {
                emit(placement, plane, NULL, y, buffer, out);
                continue;
            }
            // Rows are resized when the first row of the result asks for them; rows that nothing asks for never are.
            const int64_t first = rows->starts[row], end = first + rows->counts[row];
            if (done == ahead) done = ahead = first;
            if (first < done) {
                for (int64_t i = first; i < done; i++)
                    resize_row(bytes + i * source->row_stride, columns, scratch + i * columns->count);
                done = first;
            }
            for (; ahead < end; ahead++)
                resize_row(bytes + ahead * source->row_stride, columns, scratch + ahead * columns->count);
            combine_rows(
                scratch + first * columns->count, columns->count, rows->weights + row * rows->taps, rows->counts[row],
                columns->count, made);
            emit(placement, plane, made, y, buffer, out);
        }
    }
}

void hk_picture_separate(int64_t pixels, int64_t channels, const uint8_t *restrict source, uint8_t *restrict planes) {
    for (int64_t c = 0; c < channels; c++)
        for (int64_t p = 0; p < pixels; p++) planes[c * pixels + p] = source[p * channels + c];
}

void hk_picture_interleave(int64_t pixels, int64_t channels, const uint8_t *restrict planes, uint8_t *restrict out) {
    for (int64_t c = 0; c < channels; c++)
        for (int64_t p = 0; p < pixels; p++) out[p * channels + c] = planes[c * pixels + p];
}
