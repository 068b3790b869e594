/* What the columns of an unknown file hold: by their names (the words of the register's fields in
 * four languages and the usual ones of registers), then by what stands in them; what is neither is
 * compared as text. Called by evaluate.c and its tests; calls lib/text, the entity party. */
#include "features/duplicate/evaluate.h"

#include "core/entity/entity.h"
#include "features/party/party.h"
#include "lib/locale/catalogue.h"
#include "lib/text/fold.h"

enum { LOOKED_AT_N = 2000, FEW_ROWS = 20 };

static struct str squash(struct arena *a, struct str s) {
    struct str f = fold(a, s);
    char *p = str_z(a, f);
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++)
        if (p[i] != ' ') p[n++] = p[i];
    return (struct str){ p, n };
}

/* --- by name --- */

struct holds {
    const char *field;
    enum match_kind kind;
};
static const struct holds of_party[] = {
    { "given_name", MATCH_GIVEN }, { "family_name", MATCH_FAMILY }, { "display_name", MATCH_NAME },
    { "father_name", MATCH_NAME }, { "latin_name", MATCH_NAME },    { "nickname", MATCH_NAME },
    { "birth_date", MATCH_DATE },  { "own_id", MATCH_ID },          { "sex", MATCH_REGION },
    { "phones", MATCH_PHONE },     { "emails", MATCH_EMAIL },
};
static const struct holds of_address[] = {
    { "street", MATCH_STREET }, { "line2", MATCH_STREET },   { "plaque", MATCH_NUMBER },
    { "unit", MATCH_NUMBER },   { "town", MATCH_TOWN },      { "neighbourhood", MATCH_TOWN },
    { "region", MATCH_REGION }, { "country", MATCH_REGION }, { "postcode", MATCH_POSTCODE },
};
/* Words of registers and of files for research, folded and without spaces. */
static const struct {
    const char *words;
    enum match_kind kind;
} usual[] = {
    { "fname;fnamec1;fnamec2;givenname1;givennames;middlename;middle;mname;christianname;vorname",
      MATCH_GIVEN },
    { "lname;lnamec1;lnamec2;sname;nachname;maidenname;namesuffix", MATCH_FAMILY },
    { "companyname;company;organisation;organization;organisationname;businessname;business;firm;"
      "employer;société;entreprise;raisonsociale;شرکت;الشركة",
      MATCH_ORGANISATION },
    { "address1;addr1;address;addr;streetaddress;streetname;fulladdress;roadname", MATCH_STREET },
    { "address2;addr2", MATCH_STREET },
    { "streetnumber;streetno;houseno;housenum;housenumber;flat;aptnum", MATCH_NUMBER },
    { "suburb;locality;town;city;birthplace;placeofbirth;lieudenaissance;municipality;village",
      MATCH_TOWN },
    { "state;province;county;region;country;sex;gender;race;ethnicity;maritalstatus;nationality",
      MATCH_REGION },
    { "zip;zipcode;pcode;postcodefake;postalcode", MATCH_POSTCODE },
    { "socsecid;ssn;nationalid;nationalcode;nino;passport;passportnumber;taxid;taxnumber;nhsnumber;"
      "socialsecuritynumber;idnumber;codemelli;کدملی;شمارهملی;الرقمالقومي;رقمالهوية;nir;siret;"
      "siren",
      MATCH_ID },
    { "birthdate;dateofbirth;birthday;dob;bdate;naissance", MATCH_DATE },
    { "phonenumber;phone1;phone2;phoneno;tel;telephone;mobilephone;mobilenumber;homephone;"
      "workphone;"
      "cellphone;fax",
      MATCH_PHONE },
    { "emailaddress;mail;email1;email2", MATCH_EMAIL },
};

static bool among(struct arena *a, const char *words, struct str name) {
    struct str rest = str_of(words), piece;
    while (str_cut(&rest, ';', &piece))
        if (str_eq(squash(a, piece), name)) return true;
    return false;
}

static bool named_so(struct arena *a, const char *name, const char *label, const char *also,
                     struct str header) {
    if (str_eq(squash(a, str_of(name)), header) || among(a, also, header)) return true;
    for (int lang = 0; label && lang < LANG_N; lang++) {
        const char *said = tr_as((enum lang)lang, WORD_CLIENT, label), *bar = strchr(said, '|');
        if (str_eq(squash(a, str_of(bar ? bar + 1 : said)), header)) return true;
    }
    return false;
}

static bool by_entity(struct arena *a, const struct entity *e, const struct holds *v, int n,
                      struct str header, enum match_kind *kind) {
    for (int i = 0; i < n; i++) {
        const struct field *f = entity_field(e, str_of(v[i].field));
        bool is = f && named_so(a, f->name, f->label, f->also, header);
        for (int k = 0; k < e->manys_n; k++)
            if (strcmp(e->manys[k].name, v[i].field) == 0)
                is |= named_so(a, e->manys[k].name, e->manys[k].label, e->manys[k].also, header);
        if (is) {
            *kind = v[i].kind;
            return true;
        }
    }
    return false;
}

/* Without a number at its end: phone_2, e-mail 1. */
static struct str without_number(struct str s) {
    while (s.n && s.p[s.n - 1] >= '0' && s.p[s.n - 1] <= '9') s.n--;
    return s;
}

static bool by_name(struct arena *a, struct str header, enum match_kind *kind) {
    struct str whole = squash(a, header), names[2] = { whole, without_number(whole) };
    for (int i = 0; i < 2; i++) {
        if (!names[i].n || (i && names[i].n == whole.n)) break;
        for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
            if (among(a, usual[k].words, names[i])) {
                *kind = usual[k].kind;
                return true;
            }
        if (by_entity(a, &entity_party, of_party, COUNT(of_party), names[i], kind) ||
            by_entity(a, &entity_address, of_address, COUNT(of_address), names[i], kind))
            return true;
    }
    return false;
}

/* --- by content --- */

struct content {
    int64_t filled, distinct, emails, dates, digits, long_digits, day_first, month_first, letters;
};

static int digits_n(struct str s) {
    int n = 0;
    for (size_t i = 0; i < s.n; i++) n += s.p[i] >= '0' && s.p[i] <= '9';
    return n;
}

/* 19990219, 1999-02-19, 19/02/1999; counts which of the first two cannot be a month. */
static bool is_date(struct str s, struct content *c) {
    int64_t number[3] = { 0 };
    int n = 0, width[3] = { 0 };
    for (size_t i = 0; i < s.n && i < 10; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9') {
            if (n < 3) number[n] = number[n] * 10 + s.p[i] - '0', width[n]++;
        } else if (strchr("-/. ", s.p[i]) && n < 3 && width[n]) {
            n++;
        } else if (s.p[i] != 'T') {
            return false;
        }
    }
    if (s.n == 8 && n == 0) {
        int64_t year = number[0] / 10000, month = number[0] / 100 % 100;
        return year >= 1200 && year < 2200 && month <= 12;
    }
    if (n != 2) return false;
    if (width[0] == 4) return number[1] <= 12 && number[2] <= 31;
    if (width[0] > 2 || width[1] > 2 || (width[2] != 4 && width[2] != 2)) return false;
    c->day_first += number[0] > 12;
    c->month_first += number[1] > 12;
    return number[0] <= 31 && number[1] <= 31;
}

static int by_text(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct content content_of(const struct evaluated *e, int column) {
    struct content c = { 0 };
    struct str *v = malloc(((size_t)e->rows_n + 1) * sizeof *v);
    if (!v) BUG("out of memory");
    for (int64_t r = 0; r < e->rows_n; r++) {
        struct str s = e->row[r][column];
        if (!s.n) continue;
        v[c.filled++] = s;
        if (c.filled > LOOKED_AT_N) continue;
        int digits = digits_n(s);
        ptrdiff_t at = str_find_c(s, '@');
        c.emails += at > 0 && str_find_c(str_sub(s, (size_t)at, s.n), '.') > 0;
        c.dates += is_date(s, &c);
        c.digits += digits == (int)s.n;
        c.long_digits += digits >= 7 && digits * 10 >= (int)s.n * 6;
    }
    qsort(v, (size_t)c.filled, sizeof *v, by_text);
    for (int64_t i = 0; i < c.filled; i++) c.distinct += !i || !str_eq(v[i], v[i - 1]);
    free(v);
    return c;
}

static enum match_kind by_content(const struct content *c) {
    int64_t looked = c->filled < LOOKED_AT_N ? c->filled : LOOKED_AT_N;
    if (c->emails * 10 >= looked * 8) return MATCH_EMAIL;
    if (c->dates * 10 >= looked * 8) return MATCH_DATE;
    if (c->long_digits * 10 >= looked * 8) return c->digits == looked ? MATCH_ID : MATCH_PHONE;
    return MATCH_TEXT;
}

/* A name may promise what the cells do not hold. */
static enum match_kind checked(enum match_kind named, const struct content *c) {
    int64_t looked = c->filled < LOOKED_AT_N ? c->filled : LOOKED_AT_N;
    bool words = c->digits * 2 < looked;
    switch (named) {
    case MATCH_DATE: return c->dates * 2 >= looked ? named : MATCH_TEXT;
    case MATCH_EMAIL: return c->emails * 2 >= looked ? named : MATCH_TEXT;
    case MATCH_GIVEN:
    case MATCH_FAMILY:
    case MATCH_NAME: return words ? named : MATCH_TEXT;
    case MATCH_REGION: return c->distinct > 200 && words ? MATCH_TOWN : named;
    case MATCH_NUMBER: return words && c->distinct > 200 ? MATCH_TEXT : named;
    default: return named;
    }
}

/* --- the plan --- */

static const char *useless(const struct evaluated *e, const struct content *c, bool is_named,
                           enum match_kind kind) {
    bool number = !is_named || kind == MATCH_ID || kind == MATCH_TEXT;
    if (!c->filled) return "empty";
    if (c->distinct < 2) return "constant";
    /* a running number says nothing of who it is: neighbours look alike */
    if (number && e->rows_n >= FEW_ROWS && c->distinct == c->filled &&
        (c->digits * 2 > (c->filled < LOOKED_AT_N ? c->filled : LOOKED_AT_N) ||
         c->filled == e->rows_n))
        return "unique";
    return NULL;
}

/* «prénom, nom»: beside a given name the name without a further word is the family's. */
static void settle_names(struct evaluate_plan *plan, const bool *rest) {
    int given = -1, family = -1, name = -1, names_n = 0;
    for (int i = 0; i < plan->columns_n; i++) {
        if (plan->column[i].kind == MATCH_GIVEN) given = i;
        if (plan->column[i].kind == MATCH_FAMILY) family = i;
        if (plan->column[i].kind == MATCH_NAME && !rest[i]) name = i, names_n++;
    }
    if (given >= 0 && family < 0 && names_n == 1) plan->column[name].kind = MATCH_FAMILY;
}

/* One value and no words: what repeats a piece of it says nothing more. */
static bool of_one_piece(enum match_kind k) {
    return k == MATCH_DATE || k == MATCH_PHONE || k == MATCH_ID || k == MATCH_EMAIL ||
           k == MATCH_POSTCODE;
}

struct look { /* at one column */
    enum match_kind kind;
    struct content content;
};

static void look_at(const struct evaluated *e, struct evaluate_plan *out, int i, struct look *l) {
    enum match_kind kind = MATCH_TEXT;
    l->content = content_of(e, i);
    bool is_named = by_name(e->arena, e->header[i], &kind);
    l->kind = is_named ? checked(kind, &l->content) : by_content(&l->content);
    if (out->date[i][0] >= 0) l->kind = MATCH_DATE;
    out->left_out[i] = useless(e, &l->content, is_named, l->kind);
    if (l->kind == MATCH_DATE && out->date[i][0] >= 0 && l->content.filled) out->left_out[i] = NULL;
}

/* What is said by others already is left out, or only its rest is compared. */
static void without_repeats(const struct evaluated *e, const struct look *look,
                            struct evaluate_plan *out) {
    bool *gone = arena_array(e->arena, bool, e->columns_n + 1);
    for (int i = 0; i < e->columns_n; i++)
        gone[i] = out->left_out[i] || out->date[i][0] >= 0 || look[i].kind == MATCH_EMAIL;
    evaluate_repeats(e, gone, out->repeats);
    for (int w = 0; w < e->columns_n; w++) {
        bool *parts = out->repeats[w];
        if (!parts || !of_one_piece(look[w].kind)) continue;
        for (int p = 0; p < e->columns_n; p++)
            if (parts[p]) out->left_out[p] = "said by another column";
        out->repeats[w] = NULL;
    }
    for (int w = 0; w < e->columns_n; w++)
        if (out->repeats[w] && !out->left_out[w] && !evaluate_has_rest(e, w, out->repeats[w]))
            out->left_out[w] = "said by other columns";
    for (int w = 0; w < e->columns_n; w++)
        for (int p = 0; out->repeats[w] && p < e->columns_n; p++)
            out->repeats[w][p] &= !out->left_out[p];
}

static enum match_kind kind_of_rest(enum match_kind k) {
    return k == MATCH_GIVEN || k == MATCH_FAMILY ? MATCH_NAME : k;
}

void evaluate_columns(const struct evaluated *e, const bool *left, struct evaluate_plan *out) {
    bool rest[MATCH_COLUMNS_N] = { false };
    struct look *look = arena_array(e->arena, struct look, e->columns_n + 1);
    out->columns_n = 0;
    out->to = arena_array(e->arena, int, e->columns_n);
    out->left_out = arena_array(e->arena, const char *, e->columns_n);
    out->date = arena_alloc(e->arena, ((size_t)e->columns_n + 1) * sizeof *out->date);
    out->repeats = arena_array(e->arena, bool *, e->columns_n + 1);
    int of_several[MATCH_KINDS_N];
    for (int k = 0; k < MATCH_KINDS_N; k++) of_several[k] = -1;
    evaluate_dates(e, left, out->date);
    for (int i = 0; i < e->columns_n; i++) {
        out->to[i] = -1;
        if (left[i])
            out->left_out[i] = "as asked";
        else
            look_at(e, out, i, &look[i]);
    }
    without_repeats(e, look, out);
    for (int i = 0; i < e->columns_n; i++) {
        enum match_kind kind = look[i].kind;
        const struct content *c = &look[i].content;
        if (out->left_out[i]) continue;
        bool several = kind == MATCH_PHONE || kind == MATCH_EMAIL;
        if (several && of_several[kind] >= 0) { /* phone, phone_2: any may be the same */
            out->to[i] = of_several[kind];
            continue;
        }
        for (int k = 0; k < 3 && out->to[i] < 0; k++) /* the date that another column began */
            if (out->date[i][k] >= 0 && out->date[i][k] < i) out->to[i] = out->to[out->date[i][k]];
        if (out->to[i] >= 0) continue;
        if (out->columns_n == MATCH_COLUMNS_N) {
            out->left_out[i] = "too many columns";
            continue;
        }
        if (out->repeats[i]) kind = kind_of_rest(kind);
        rest[out->columns_n] = out->repeats[i] != NULL;
        out->to[i] = of_several[kind] = out->columns_n;
        out->month_first[out->columns_n] = c->month_first > c->day_first;
        out->column[out->columns_n++] =
            (struct match_column){ str_z(e->arena, e->header[i]), kind };
    }
    settle_names(out, rest);
}

/* 02/19/1999 as 19/02/1999, which the engine takes for granted. */
static struct str day_first(struct arena *a, struct str s) {
    struct str v[3], rest = s, piece;
    char sep = str_find_c(s, '/') > 0 ? '/' : str_find_c(s, '-') > 0 ? '-' : '.';
    int n = 0;
    while (n < 3 && str_cut(&rest, sep, &piece)) v[n++] = piece;
    if (n != 3 || v[0].n > 2) return s;
    return str_printf(a, "%.*s/%.*s/%.*s", SF(v[1]), SF(v[0]), SF(v[2]));
}

void evaluate_feed(const struct evaluated *e, const struct evaluate_plan *plan, struct match *m) {
    for (int64_t r = 0; r < e->rows_n; r++) {
        struct arena_mark mark = arena_mark(e->arena);
        match_record(m, r);
        for (int i = 0; i < e->columns_n; i++) {
            struct str s = e->row[r][i];
            int to = plan->to[i];
            if (to < 0) continue;
            const int *date = plan->date[i];
            if (date[0] >= 0) { /* once, by its first column */
                bool first = true;
                for (int k = 0; k < 3; k++) first &= date[k] < 0 || i <= date[k];
                if (first) match_value(m, to, evaluate_date(e, r, date));
                continue;
            }
            if (plan->repeats[i] && s.n) s = evaluate_rest(e, r, i, plan->repeats[i]);
            bool turned = plan->column[to].kind == MATCH_DATE && plan->month_first[to];
            match_value(m, to, turned ? day_first(e->arena, s) : s);
        }
        arena_back(e->arena, mark);
    }
}
