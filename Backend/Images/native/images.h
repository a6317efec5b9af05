/* The C face of libjpeg-turbo and libpng as Backend/Images uses them.
   Every function works on a file that lies in memory, writes into memory that the caller owns, and returns 0,
   or -1 with a sentence in `message` (MESSAGE_LENGTH bytes). No global state: any thread may call at any time. */
#ifndef DASHBOARD_IMAGES_H
#define DASHBOARD_IMAGES_H

#include <stddef.h>
#include <stdint.h>

#define API __attribute__((visibility("default")))
#define MESSAGE_LENGTH 256

/* The same numbers as the C# enum PixelLayout. */
enum layout { GRAY = 0, GRAY_ALPHA = 1, RGB = 2, RGBA = 3, INDEXED = 4, CMYK = 5, GRAY16 = 6 };

struct image_header {
    int32_t width;
    int32_t height;
    int32_t layout;
    int32_t bit_depth;     /* in the file; decoded samples are 8 bits wide, GRAY16's are 16 */
    int32_t palette_count; /* INDEXED only */
    uint8_t palette[1024]; /* RGBA */
};

API int images_jpeg_header(const uint8_t *file, size_t size, struct image_header *header, char *message);

/* reduction: 1, 2, 4 or 8; both sides are divided by it and rounded up. memory_limit bounds what libjpeg itself allocates (a progressive file is held whole as coefficients). */
API int images_jpeg_decode(const uint8_t *file, size_t size, int32_t reduction, uint8_t *pixels, size_t capacity, int64_t memory_limit, char *message);

/* channels: 1 gray, 3 RGB. h, v: luma samples per chroma sample. *encoded is released with images_free. */
API int images_jpeg_encode(const uint8_t *pixels, int32_t width, int32_t height, int32_t channels, int32_t quality, int32_t h, int32_t v,
                           uint8_t **encoded, size_t *encoded_size, char *message);

API int images_png_header(const uint8_t *file, size_t size, struct image_header *header, char *message);

API int images_png_decode(const uint8_t *file, size_t size, uint8_t *pixels, size_t capacity, char *message);

/* One index a pixel, 8 bits; palette: RGB triples. *encoded is released with images_free. */
API int images_png_encode(const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, int32_t palette_count, int32_t compression,
                          uint8_t **encoded, size_t *encoded_size, char *message);

API void images_free(uint8_t *encoded);

#endif
