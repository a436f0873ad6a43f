/* html.h - XHTML put together out of text that comes from records: every text is escaped, nothing
 * of a record becomes markup. */
#ifndef RESOURCES_LTSS_PAGE_HTML_H
#define RESOURCES_LTSS_PAGE_HTML_H
#include "resources/base/buf.h"

void html_text(struct buf *out, struct str text);
/* <p>label: text</p>; nothing for an empty text. */
void html_line(struct buf *out, const char *label, struct str text);
/* A table with a caption and column headers, ended by NULL. */
void html_table_begin(struct buf *out, const char *caption, const char *const *headers);
/* A row; its first cell is the row's header. Empty cells get a dash. */
void html_row(struct buf *out, const struct str *cells, size_t count);
void html_table_end(struct buf *out);
/* The text of an XHTML narrative, without its markup and escaped, a block a paragraph: so nothing
 * that a foreign narrative brings along can act. */
void html_narrative(struct buf *out, struct str div);
#endif
