/* Fonts of PDF files: our own faces and the system's, under one fontconfig configuration of this
 * program alone. Called by pdf.c; calls fontconfig and pango.
 *
 * Pango and cairo want a font as a file: HarfBuzz reads it by its name. So the faces lie in memory
 * files (memfd), named /proc/self/fd/N: nothing to clean up, nothing that others could change, and
 * it works where the data folder is full. The descriptors stay open until the process ends, as
 * cairo remembers faces by the name of their file, and a name must never mean another face. */
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/pdf/faces.h"
#include "lib/pdf/pdf_in.h"

enum { IDLE_MAX = 4 };

#ifdef TESTING
/* Cairo keeps the last fonts it drew with, and with them patterns of fontconfig, until the process
 * ends. Patterns name their parts by distances instead of pointers, so LeakSanitizer sees the
 * pattern, takes its parts for lost, and says so; there are as many as fonts, not as documents. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfontconfig.so\n";
}
const char *__lsan_default_options(void) {
    return "print_suppressions=0";
}
#endif

/* Making a font map costs some 10 ms, most of it in choosing fonts; a map is used by one document
 * at a time, the next takes it over with what it knows. */
struct pdf_fonts {
    pthread_mutex_t lock;
    FcConfig *config; /* NULL until the first document */
    PangoFontMap *idle[IDLE_MAX];
    int idle_n;
};

struct pdf_fonts *pdf_fonts_new(void) {
    struct pdf_fonts *f = calloc(1, sizeof *f);
    if (!f) BUG("out of memory");
    pthread_mutex_init(&f->lock, NULL);
    return f;
}

void pdf_fonts_free(struct pdf_fonts *f) {
    if (!f) return;
    for (int i = 0; i < f->idle_n; i++) g_object_unref(f->idle[i]);
    if (f->config) FcConfigDestroy(f->config);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static bool write_all(int fd, struct str bytes) {
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n <= 0) return false;
        bytes = str_sub(bytes, (size_t)n, SIZE_MAX);
    }
    return true;
}

static bool add_face(FcConfig *config, const struct pdf_face *face) {
    char path[64];
    int fd = memfd_create(face->name, MFD_CLOEXEC);
    if (fd < 0) return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write_all(fd, face->bytes) && FcConfigAppFontAddFile(config, (const FcChar8 *)path))
        return true;
    close(fd);
    return false;
}

static FcConfig *config_new(void) {
    FcConfig *config = FcInitLoadConfigAndFonts();
    if (!config) {
        log_warn("fontconfig does not work: no PDF can be made");
        return NULL;
    }
    for (int i = 0; i < pdf_faces_n; i++)
        if (!add_face(config, &pdf_faces[i]))
            log_warn("the font %s cannot be used; the system's stand in", pdf_faces[i].name);
    return config;
}

PangoFontMap *pdf_map_take(struct pdf_fonts *f) {
    PangoFontMap *map = NULL;
    pthread_mutex_lock(&f->lock);
    if (!f->config) f->config = config_new();
    FcConfig *config = f->config;
    if (f->idle_n) map = f->idle[--f->idle_n];
    pthread_mutex_unlock(&f->lock);
    if (map || !config) return map;
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
    return map;
}

void pdf_map_give(struct pdf_fonts *f, PangoFontMap *map) {
    pthread_mutex_lock(&f->lock);
    bool keep = f->idle_n < IDLE_MAX;
    if (keep) f->idle[f->idle_n++] = map;
    pthread_mutex_unlock(&f->lock);
    if (!keep) g_object_unref(map);
}
