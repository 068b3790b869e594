/* Towns of plain sentences: which are lived in, and which of them are the one that was written, in
 * another script («Shiraz», «شیراز») or by its name in another language («Le Caire», «القاهرة»).
 * Called by the rules of sentences; asks the index and lib/text/namekey. */
#include "core/ask/sentence_in.h"
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

SQL(sentence_towns_of, "SELECT town FROM address WHERE party = :party AND town IS NOT NULL");

enum { TOWNS_LOOKED = 20000 };

/* Names of one town that no rule of sound leads to each other; how people of the four languages
 * write them. Places whose names sound alike everywhere (Tunis, تونس) need no line. */
static const char *const towns[] = {
    "alger;algiers;الجزائر;الجزاير;الجزایر;الجزیره",
    "alexandria;alexandrie;الإسكندرية;الاسكندرية;اسکندریه",
    "aleppo;alep;حلب",
    "athens;athenes;اثينا;أثينا;آتن",
    "basra;bassorah;bassora;البصرة;بصره",
    "bethlehem;bethleem;بيت لحم;بیت لحم",
    "brussels;bruxelles;بروكسل;بروکسل",
    "cairo;le caire;caire;القاهرة;قاهره",
    "casablanca;dar el beida;الدار البيضاء;کازابلانکا;كازابلانكا",
    "copenhagen;copenhague;كوبنهاغن;کپنهاگ",
    "constantine;قسنطينة;قسنطینه",
    "damascus;damas;دمشق",
    "dunkirk;dunkerque",
    "edinburgh;edimbourg;إدنبرة;ادینبورگ;ادینبرو",
    "geneva;geneve;جنيف;ژنو",
    "ghent;gand",
    "istanbul;إسطنبول;اسطنبول;استانبول",
    "isfahan;esfahan;ispahan;اصفهان;أصفهان",
    "jerusalem;القدس;قدس;بیت المقدس;اورشلیم",
    "khartoum;الخرطوم;خارطوم",
    "kuwait;kuwait city;koweit;الكويت;کویت",
    "lisbon;lisbonne;لشبونة;لیسبون",
    "london;londres;لندن",
    "marrakesh;marrakech;مراكش;مراکش",
    "marseille;marseilles;مرسيليا;مارسيليا;مارسی",
    "mecca;la mecque;makkah;مكة;مکه",
    "medina;medine;المدينة المنورة;مدینه",
    "milan;milano;ميلانو;میلان",
    "montreal;مونتريال;مونترال",
    "mosul;mossoul;الموصل;موصل",
    "munich;munchen;ميونخ;ميونيخ;مونیخ",
    "nicosia;nicosie;نيقوسيا;نیکوزیا",
    "oran;وهران",
    "rome;roma;روما;رم",
    "sanaa;صنعاء;صنعا",
    "sidon;saida;صيدا;صیدا",
    "tangier;tanger;طنجة;طنجه",
    "tehran;teheran;طهران;تهران",
    "toulouse;تولوز",
    "tripoli;طرابلس",
    "tyre;tyr;sour;صور",
    "venice;venise;venezia;البندقية;فينيسيا;ونیز",
    "vienna;vienne;wien;فيينا;وین",
    "warsaw;varsovie;وارسو;ورشو",
};

static bool on_line(struct arena *a, const char *line, struct str folded) {
    struct str rest = str_of(line), one;
    while (str_cut(&rest, ';', &one))
        if (str_eq(fold(a, one), folded)) return true;
    return false;
}

/* The names of this town, or NULL. */
static const char *line_of(struct arena *a, struct str folded) {
    for (int i = 0; i < COUNT(towns); i++)
        if (on_line(a, towns[i], folded)) return towns[i];
    return NULL;
}

static bool sounds_so(struct arena *a, const struct namekey *x, struct str y) {
    unsigned why;
    return namekey_compared(x, namekey_new(a, y, NAMEKEY_PERSON), &why) == NAMEKEY_SAME &&
           (why & NAMEKEY_SOUND) && !(why & (NAMEKEY_TURNED | NAMEKEY_SHORTER));
}

/* A client whom the reader may see and who lives there, or 0: a town must not tell that somebody is
 * hidden there. */
static int64_t lives_there(struct ctx *c, struct search *search, struct str folded) {
    struct bits *b;
    uint32_t first = 0;
    if (search_term(search, str_printf(c->arena, "ftown=%.*s", SF(folded)), &b) != OK) return 0;
    if (list_meet_visible(c, search, b) != OK || !bits_next(b, -1, &first, 1)) first = 0;
    bits_free(b);
    return first;
}

bool sentence_town_known(struct saying *s, struct str town) {
    struct ctx *c = s->c;
    struct search *search;
    if (!c->tx || search_open(c->tx, orders_memory(c->orders), &search) != OK) return false;
    return lives_there(c, search, fold(c->arena, town)) > 0;
}

/* The index has folds; people read what somebody wrote: «القاهرة», not «القاهره». */
static struct str as_written(struct ctx *c, int64_t party, struct str folded) {
    struct rows r;
    if (db_query(c->tx, &sentence_towns_of, &r, P("party", party)) != OK) return folded;
    for (int i = 0; i < r.n; i++)
        if (str_eq(fold(c->arena, row_str(&r, i, "town")), folded))
            return str_trim(row_str(&r, i, "town"));
    return folded;
}

int sentence_towns_alike(struct saying *s, struct str town, struct str *out, int most) {
    struct ctx *c = s->c;
    struct str folded = fold(c->arena, town), head = S("ftown=");
    const struct namekey *key = namekey_new(c->arena, town, NAMEKEY_PERSON);
    const char *line = line_of(c->arena, folded);
    struct search *search;
    struct strs all;
    int n = 0;
    if (!c->tx || search_open(c->tx, orders_memory(c->orders), &search) != OK) return 0;
    if (search_terms(search, head, TOWNS_LOOKED, &all) != OK) return 0;
    for (int i = 0; i < all.n && n < most; i++) {
        struct str other = str_sub(all.v[i], head.n, SIZE_MAX);
        bool named = line && on_line(c->arena, line, other);
        if (str_eq(other, folded) || (!named && !sounds_so(c->arena, key, other))) continue;
        int64_t who = lives_there(c, search, other);
        if (who) out[n++] = as_written(c, who, other);
    }
    return n;
}
