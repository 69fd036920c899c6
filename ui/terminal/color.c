/* color.c - a colour brought down to a palette must not lose what it is there for: being read. So the
 * nearest colour is looked for among those that keep the contrast, not among all. */
#include "terminal/color.h"

#include <math.h>
#include <stdbool.h>

enum { FIRST = 16, COLORS_256 = 256 }; /* below are the terminal's own */

static const double enough = 7; /* WCAG's level AAA */

/* The sixteen colours as most terminals have them. */
static const int palette_16[16] = {0x010101, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc,
                                   0x11a8cd, 0xe5e5e5, 0x666666, 0xf14c4c, 0x23d18b, 0xf5f543,
                                   0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff};

int color_of_256(int i)
{
    static const int steps[6] = {0, 95, 135, 175, 215, 255};

    if (i < FIRST)
        return palette_16[i];
    if (i >= 232)
        return (8 + 10 * (i - 232)) * 0x010101;
    i -= FIRST;
    return steps[i / 36] << 16 | steps[i / 6 % 6] << 8 | steps[i % 6];
}

static int component(int color, int shift)
{
    return (color >> shift) & 0xff;
}

static long distance(int a, int b)
{
    long red = component(a, 16) - component(b, 16);
    long green = component(a, 8) - component(b, 8);
    long blue = component(a, 0) - component(b, 0);

    return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

/* One component of the relative luminance. */
static double linear(int value)
{
    double c = value / 255.0;

    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(int color)
{
    return 0.2126 * linear(component(color, 16)) + 0.7152 * linear(component(color, 8)) +
           0.0722 * linear(component(color, 0));
}

double color_contrast(int a, int b)
{
    double one = luminance(a), other = luminance(b);

    return (fmax(one, other) + 0.05) / (fmin(one, other) + 0.05);
}

/* Is `candidate` read on every ground as well as `color` is, or well enough for anybody? */
static bool keeps_contrast(int candidate, int color, const int *grounds, int count)
{
    for (int i = 0; i < count; i++)
        if (color_contrast(candidate, grounds[i]) < fmin(color_contrast(color, grounds[i]), enough))
            return false;
    return true;
}

int color_nearest_256(int color, const int *grounds, int count)
{
    int best = FIRST, legible = -1;

    for (int i = FIRST; i < COLORS_256; i++) {
        int candidate = color_of_256(i);
        long away = distance(color, candidate);

        if (away < distance(color, color_of_256(best)))
            best = i;
        if ((legible < 0 || away < distance(color, color_of_256(legible))) &&
            keeps_contrast(candidate, color, grounds, count))
            legible = i;
    }
    return legible < 0 ? best : legible;
}
