#include "images.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h> /* after jpeglib.h, which decides which codes there are */

/* More scans than any encoder writes, each a pass over the whole image: a file made to burn time. */
#define MAX_SCANS 200

struct failure {
    struct jpeg_error_mgr base; /* first, so that cinfo->err is a struct failure */
    jmp_buf escape;
    char *message;
};

static void on_error(j_common_ptr cinfo)
{
    struct failure *failure = (struct failure *)cinfo->err;
    char text[JMSG_LENGTH_MAX];
    cinfo->err->format_message(cinfo, text);
    snprintf(failure->message, MESSAGE_LENGTH, "%s", text);
    longjmp(failure->escape, 1);
}

/* libjpeg calls missing or damaged image data a warning and fills the rest with gray. Here it is an error.
   What harms no pixel (stray bytes between segments, odd version numbers) stays a warning. */
static void on_message(j_common_ptr cinfo, int level)
{
    if (level >= 0)
        return;
    switch (cinfo->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
        on_error(cinfo);
    }
}

static void on_progress(j_common_ptr cinfo)
{
    struct failure *failure = (struct failure *)cinfo->err;
    if (cinfo->is_decompressor && ((j_decompress_ptr)cinfo)->input_scan_number > MAX_SCANS) {
        snprintf(failure->message, MESSAGE_LENGTH, "it has more than %d scans", MAX_SCANS);
        longjmp(failure->escape, 1);
    }
}

static struct jpeg_error_mgr *errors_to(struct failure *failure, char *message)
{
    jpeg_std_error(&failure->base);
    failure->base.error_exit = on_error;
    failure->base.emit_message = on_message;
    failure->message = message;
    return &failure->base;
}

static void refuse(j_common_ptr cinfo, const char *reason)
{
    struct failure *failure = (struct failure *)cinfo->err;
    snprintf(failure->message, MESSAGE_LENGTH, "%s", reason);
    longjmp(failure->escape, 1);
}

/* Reads up to the first scan and chooses gray, RGB or CMYK as output. */
static void read_header(j_decompress_ptr cinfo, const uint8_t *file, size_t size)
{
    jpeg_mem_src(cinfo, file, size);
    jpeg_read_header(cinfo, TRUE);
    switch (cinfo->num_components) {
    case 1: cinfo->out_color_space = JCS_GRAYSCALE; break;
    case 3: cinfo->out_color_space = JCS_RGB; break;
    case 4: cinfo->out_color_space = JCS_CMYK; break;
    default: refuse((j_common_ptr)cinfo, "it has neither 1, 3 nor 4 colour components");
    }
}

int images_jpeg_header(const uint8_t *file, size_t size, struct image_header *header, char *message)
{
    struct jpeg_decompress_struct cinfo;
    struct failure failure;
    memset(&cinfo, 0, sizeof cinfo);
    cinfo.err = errors_to(&failure, message);
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&cinfo);
        return -1;
    }
    jpeg_create_decompress(&cinfo);
    read_header(&cinfo, file, size);
    header->width = (int32_t)cinfo.image_width;
    header->height = (int32_t)cinfo.image_height;
    header->layout = cinfo.num_components == 1 ? GRAY : cinfo.num_components == 3 ? RGB : CMYK;
    header->bit_depth = cinfo.data_precision;
    header->palette_count = 0;
    jpeg_destroy_decompress(&cinfo);
    return 0;
}

int images_jpeg_decode(const uint8_t *file, size_t size, int32_t reduction, uint8_t *pixels, size_t capacity, int64_t memory_limit, char *message)
{
    struct jpeg_decompress_struct cinfo;
    struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
    struct failure failure;
    memset(&cinfo, 0, sizeof cinfo);
    cinfo.err = errors_to(&failure, message);
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&cinfo);
        return -1;
    }
    jpeg_create_decompress(&cinfo);
    cinfo.progress = &progress;
    cinfo.mem->max_memory_to_use = (long)memory_limit;
    read_header(&cinfo, file, size);
    cinfo.scale_num = 1;
    cinfo.scale_denom = (unsigned int)reduction;
    jpeg_start_decompress(&cinfo);
    size_t stride = (size_t)cinfo.output_width * (size_t)cinfo.output_components;
    if (stride * cinfo.output_height > capacity)
        refuse((j_common_ptr)&cinfo, "its size is not the one its header declared");
    while (cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW row = pixels + stride * cinfo.output_scanline;
        jpeg_read_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_decompress(&cinfo); /* reads to the end marker: a file without one is truncated */
    jpeg_destroy_decompress(&cinfo);
    return 0;
}

int images_jpeg_encode(const uint8_t *pixels, int32_t width, int32_t height, int32_t channels, int32_t quality, int32_t h, int32_t v,
                       uint8_t **encoded, size_t *encoded_size, char *message)
{
    struct jpeg_compress_struct cinfo;
    struct failure failure;
    unsigned char *buffer = NULL;
    unsigned long buffer_size = 0;
    memset(&cinfo, 0, sizeof cinfo);
    cinfo.err = errors_to(&failure, message);
    if (setjmp(failure.escape)) {
        jpeg_destroy_compress(&cinfo); /* out of memory: libjpeg does not say where its buffer is, so it cannot be freed */
        return -1;
    }
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &buffer, &buffer_size);
    cinfo.image_width = (JDIMENSION)width;
    cinfo.image_height = (JDIMENSION)height;
    cinfo.input_components = channels;
    cinfo.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, quality, TRUE);
    cinfo.comp_info[0].h_samp_factor = channels == 1 ? 1 : h;
    cinfo.comp_info[0].v_samp_factor = channels == 1 ? 1 : v;
    jpeg_start_compress(&cinfo, TRUE);
    while (cinfo.next_scanline < cinfo.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)width * (size_t)channels * cinfo.next_scanline);
        jpeg_write_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    *encoded = buffer;
    *encoded_size = buffer_size;
    return 0;
}
