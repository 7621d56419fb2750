// Times of messages (ms since the Unix epoch) in words, in the reader's own time zone.

/** The day that a moment falls on, as a key that compares equal within it. */
export function dayOf(time) {
    const date = new Date(time);
    return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** 'Today', 'Yesterday', or the date, with the year if it is not this one. */
export function dayName(time, now, locale) {
    if (dayOf(time) === dayOf(now)) return 'Today';
    const yesterday = new Date(now);
    yesterday.setDate(yesterday.getDate() - 1);
    if (dayOf(time) === dayOf(yesterday)) return 'Yesterday';
    const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
    const year = sameYear ? undefined : 'numeric';
    return new Date(time).toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** The time of day. */
export function clock(time, locale) {
    return new Date(time).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
}

/** Date and time in full, for a title. */
export function moment(time, locale) {
    return new Date(time).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' });
}
