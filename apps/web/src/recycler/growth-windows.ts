/** How far back the api sums what came in (`grams7Days`, `grams30Days`). */
export const WEEK_DAYS = 7;
export const MONTH_DAYS = 30;
