// Times of messages (ms since the Unix epoch) as text, in the user's time zone.

/** A key that is the same for all times of one day. */
export function dayKey(time) {
    const date = new Date(time);
    return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** 'Today', 'Yesterday', or the date, with the year if it is not this one. */
export function dayName(time, now, locale) {
    if (dayKey(time) === dayKey(now)) return 'Today';
    const yesterday = new Date(now);
    yesterday.setDate(yesterday.getDate() - 1);
    if (dayKey(time) === dayKey(yesterday)) return 'Yesterday';
    const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
    const year = sameYear ? undefined : 'numeric';
    return new Date(time).toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** The time of day. */
export function formatTime(time, locale) {
    return new Date(time).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
}

/** Date and time in full, for a title. */
export function formatDateTime(time, locale) {
    return new Date(time).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'medium' });
}
