/* color.h - colours as numbers: what those of a palette look like, which of them is nearest to a given
 * one, and how well one is read on another. Pure. Private to ui/terminal and its tests. */
#ifndef STRATTIO_UI_COLOR_H
#define STRATTIO_UI_COLOR_H

/* Number `i` of the 256 as 0xRRGGBB. Those below 16 are the terminal's own; what comes back for
 * them is what most terminals show. */
int color_of_256(int i);

/* The contrast ratio of two colours 0xRRGGBB, 1 to 21, by WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of their
 * relative luminances (w3.org/TR/WCAG21, "contrast ratio"). */
double color_contrast(int a, int b);

/* The number, 16 to 255, nearest to `color` among those that are read on each of the grounds (0xRRGGBB)
 * as well as `color` is, or at 7 to 1; the nearest of all if none is. */
int color_nearest_256(int color, const int *grounds, int count);

#endif
