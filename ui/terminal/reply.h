/* reply.h - what the loop tells the terminal. Private to ui/terminal. */
#ifndef STRATTIO_UI_REPLY_H
#define STRATTIO_UI_REPLY_H

struct input_event;
struct terminal;

void terminal_reply(struct terminal *t, const struct input_event *ev); /* INPUT_REPLY */
void terminal_resize(struct terminal *t); /* takes the device's size */

#endif
