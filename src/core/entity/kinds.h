/* The type of a struct member for each kind of field: what FIELD(name, kind, …) expands to in a
 * header. The kinds themselves stand in entity.h; a new one is a line here, a line there and its
 * file. */
#ifndef KINDS_H
#define KINDS_H

#define ENTITY_C_text     struct str
#define ENTITY_C_area     struct str
#define ENTITY_C_email    struct str
#define ENTITY_C_phone    struct str
#define ENTITY_C_date     struct str
#define ENTITY_C_choice   struct str
#define ENTITY_C_yesno    int64_t
#define ENTITY_C_int      int64_t
#define ENTITY_C_ref      int64_t
#define ENTITY_C_language struct str
#define ENTITY_C_country  struct str
#define ENTITY_C_zone     struct str
#define ENTITY_C_url      struct str
#define ENTITY_C_instant  int64_t
#define ENTITY_C_colour   struct str
#define ENTITY_C_file     int64_t

#endif
