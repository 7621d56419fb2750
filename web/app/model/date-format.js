// Times of messages (ms since the Unix epoch) as text, in the user's time zone.

/** Makes each format once, by locale: that takes longer than a hundred uses of it. */
function formatter(options) {
    const made = new Map();
    return (time, locale) => {
        if (!made.has(locale)) made.set(locale, new Intl.DateTimeFormat(locale, options));
        return made.get(locale).format(time);
    };
}

const DAY = { weekday: 'long', day: 'numeric', month: 'long' };
const dayOfThisYear = formatter(DAY);
const dayOfAnotherYear = formatter({ ...DAY, year: 'numeric' });

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
    return (sameYear ? dayOfThisYear : dayOfAnotherYear)(time, locale);
}

/** The time of day. */
export const formatTime = formatter({ hour: 'numeric', minute: '2-digit' });

/** Date and time in full, for a title. */
export const formatDateTime = formatter({ dateStyle: 'full', timeStyle: 'medium' });
