#include "images.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct source {
    const uint8_t *file;
    size_t size;
    size_t position;
};

struct sink {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

static void on_error(png_structp png, png_const_charp text)
{
    snprintf(png_get_error_ptr(png), MESSAGE_LENGTH, "%s", text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void read_bytes(png_structp png, png_bytep destination, size_t count)
{
    struct source *source = png_get_io_ptr(png);
    if (count > source->size - source->position)
        png_error(png, "it ends before the image does");
    memcpy(destination, source->file + source->position, count);
    source->position += count;
}

static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
    struct sink *sink = png_get_io_ptr(png);
    if (count > sink->capacity - sink->size) {
        size_t capacity = 2 * sink->capacity + count;
        uint8_t *data = realloc(sink->data, capacity);
        if (data == NULL)
            png_error(png, "out of memory");
        sink->data = data;
        sink->capacity = capacity;
    }
    memcpy(sink->data + sink->size, bytes, count);
    sink->size += count;
}

static void flush(png_structp png)
{
    (void)png;
}

/* Texts, profiles and their compressed kin are neither parsed nor inflated. */
static void start_reading(png_structp png, png_infop info, struct source *source)
{
    static const png_byte skipped[] = "iCCP\0zTXt\0iTXt\0tEXt\0eXIf\0sPLT\0hIST\0pCAL\0sCAL";
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)sizeof skipped / 5);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff); /* the caller knows the limit and says it better */
    png_set_read_fn(png, source, read_bytes);
    png_read_info(png, info);
}

static void describe(png_structp png, png_infop info, struct image_header *header)
{
    header->width = (int32_t)png_get_image_width(png, info);
    header->height = (int32_t)png_get_image_height(png, info);
    header->bit_depth = png_get_bit_depth(png, info);
    header->palette_count = 0;
    switch (png_get_color_type(png, info)) {
    case PNG_COLOR_TYPE_GRAY: header->layout = header->bit_depth == 16 ? GRAY16 : GRAY; return;
    case PNG_COLOR_TYPE_GRAY_ALPHA: header->layout = GRAY_ALPHA; return;
    case PNG_COLOR_TYPE_RGB: header->layout = RGB; return;
    case PNG_COLOR_TYPE_RGB_ALPHA: header->layout = RGBA; return;
    }
    header->layout = INDEXED;
    png_colorp palette = NULL;
    png_bytep alpha = NULL;
    int alpha_count = 0;
    png_get_PLTE(png, info, &palette, &header->palette_count);
    png_get_tRNS(png, info, &alpha, &alpha_count, NULL);
    for (int i = 0; i < header->palette_count; i++) {
        header->palette[4 * i] = palette[i].red;
        header->palette[4 * i + 1] = palette[i].green;
        header->palette[4 * i + 2] = palette[i].blue;
        header->palette[4 * i + 3] = i < alpha_count ? alpha[i] : 255;
    }
}

int images_png_header(const uint8_t *file, size_t size, struct image_header *header, char *message)
{
    struct source source = {file, size, 0};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
    if (png == NULL)
        return -1;
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return -1;
    }
    start_reading(png, info, &source);
    describe(png, info, header);
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
}

int images_png_decode(const uint8_t *file, size_t size, uint8_t *pixels, size_t capacity, char *message)
{
    struct source source = {file, size, 0};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
    if (png == NULL)
        return -1;
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return -1;
    }
    start_reading(png, info, &source);
    int depth = png_get_bit_depth(png, info);
    int colour = png_get_color_type(png, info);
    if (depth < 8 && colour == PNG_COLOR_TYPE_GRAY)
        png_set_expand_gray_1_2_4_to_8(png); /* to 0..255, as a gray level means */
    else if (depth < 8)
        png_set_packing(png); /* an index means itself */
    if (depth == 16 && colour == PNG_COLOR_TYPE_GRAY)
        png_set_swap(png); /* little-endian samples */
    else if (depth == 16)
        png_set_strip_16(png); /* the high byte, as PIL */
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t stride = png_get_rowbytes(png, info);
    size_t height = png_get_image_height(png, info);
    if (stride * height > capacity)
        png_error(png, "its size is not the one its header declared");
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < height; y++)
            png_read_row(png, pixels + stride * y, NULL);
    png_read_end(png, NULL); /* a file without its end chunk is truncated */
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
}

int images_png_encode(const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, int32_t palette_count, int32_t compression,
                      uint8_t **encoded, size_t *encoded_size, char *message)
{
    struct sink sink = {NULL, 0, 0};
    png_color colours[256];
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
    if (png == NULL)
        return -1;
    png_infop info = png_create_info_struct(png);
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        free(sink.data);
        return -1;
    }
    png_set_write_fn(png, &sink, write_bytes, flush);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    for (int i = 0; i < palette_count; i++)
        colours[i] = (png_color){palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]};
    png_set_PLTE(png, info, colours, palette_count);
    png_set_compression_level(png, compression);
    png_write_info(png, info);
    for (int32_t y = 0; y < height; y++)
        png_write_row(png, indices + (size_t)width * (size_t)y);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *encoded = sink.data;
    *encoded_size = sink.size;
    return 0;
}

void images_free(uint8_t *encoded)
{
    free(encoded);
}
