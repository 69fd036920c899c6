/* editing_spell.h - words that are not spelt right: marked where they are seen, with suggestions on a key. */
#ifndef STRATTIO_UI_EDITING_SPELL_H
#define STRATTIO_UI_EDITING_SPELL_H

struct editing;

void editing_spell_begin(struct editing *self); /* sends for the dictionary */
void editing_spell_next(struct editing *self);  /* to the next word, with suggestions */
void editing_spell_finish(struct editing *self);
void editing_spell_take(struct editing *self, const char *choice);

#endif
