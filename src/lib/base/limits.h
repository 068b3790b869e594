/* Every limit of the program, in one place. Sizes are bytes unless the name says otherwise. */
#ifndef LIMITS_H
#define LIMITS_H

#define LIMIT_HEADERS_N          64            /* header lines of a request */
#define LIMIT_HEADER_BYTES       16384         /* all header lines together */
#define LIMIT_URL                8192          /* request target */
#define LIMIT_BODY               (1 << 20)     /* form or JSON body kept in memory */
#define LIMIT_UPLOAD             (200LL << 20) /* an uploaded file, streamed to disk */
#define LIMIT_FORM_FIELDS_N      1000          /* fields of one form */
#define LIMIT_FIELD              100000        /* one value of a form or of JSON */
#define LIMIT_JSON_DEPTH         16            /* nesting of JSON input */
#define LIMIT_PARAM              1000          /* one parameter of a query string */
#define LIMIT_QUERY              200           /* what one may type into the search box, bytes */
#define LIMIT_WHERE              1000          /* a question in an address, bytes */
#define LIMIT_QUERY_WORDS_N      8             /* words of a search that count */
#define LIMIT_PAGE_N             200           /* rows of one page of a list or of the API */
#define LIMIT_MANY_N             50            /* phones, e-mails, addresses, tags of one party */
#define LIMIT_IMPORT_COLUMNS_N   200           /* columns of an imported file */
#define LIMIT_IMPORT_CELL        100000        /* one cell of an imported file */
#define LIMIT_IMPORT_ROWS_N      5000000       /* rows of an imported file */
#define LIMIT_VCARD_VALUE        (12 << 20)    /* one value of a vCard: a photo as base64 */
#define LIMIT_VCARD_CARD         (24 << 20)    /* all values of one vCard */
#define LIMIT_VCARD_LINES_N      2000          /* properties of one vCard */
#define LIMIT_VCARD_MEMBERS_N    100000        /* members of all groups of a file of vCards */
#define LIMIT_PASTE              (8 << 20)     /* pasted text that is read as contacts */
#define LIMIT_ARENA              (64LL << 20)  /* what one request may allocate */
#define LIMIT_OUTPUT             (32LL << 20)  /* a page made in memory */
#define LIMIT_TEMPLATE_DEPTH     16            /* nesting of for and if in a template */
#define LIMIT_PASSWORD           1024          /* longest password that is hashed */
#define LIMIT_IDEMPOTENCY_KEY    200           /* longest Idempotency-Key */
#define LIMIT_FILTERS_N          8             /* criteria of one list */
#define LIMIT_LABELS_N           5000          /* labels or envelopes of one PDF */
#define LIMIT_CONNECTIONS        12000         /* open sockets of the server */
#define LIMIT_HEAD_MS            30000         /* a whole request head */
#define LIMIT_IDLE_MS            30000         /* a connection without a request */
#define LIMIT_GRACE_MS           30000         /* before the slowest rates below count */
#define LIMIT_REQUESTS_WAITING_N 4096          /* complete requests that wait for a worker */
#define LIMIT_BODIES             (256LL << 20) /* bodies in memory, of all requests together */
#define LIMIT_BODY_BYTES_PER_S   16384         /* slowest body, after 30 s */
#define LIMIT_REPLY_BYTES_PER_S  16384         /* slowest reader of a reply, after 30 s */

#endif
