/** A minute is enough to copy a number from a screen that others pass. In milliseconds. */
export const SHOWN_FOR = 60_000;
