/** What an address may say, in one place for the router that reads it and the pages that write it. */
export const STOCK_SORTS = ['material', 'point', 'grams', 'week', 'month', 'last'] as const;
export type StockSort = (typeof STOCK_SORTS)[number];

export const ORDERS = ['asc', 'desc'] as const;
export type Order = (typeof ORDERS)[number];

export const GROWTH_DAYS = ['30', '60', '180'] as const;
export type GrowthDays = (typeof GROWTH_DAYS)[number];
export const GROWTH_DAYS_DEFAULT: GrowthDays = '60';

export const MUNICIPALITY_TABS = ['needs', 'households', 'scales'] as const;
export type MunicipalityTab = (typeof MUNICIPALITY_TABS)[number];
