import { CreateStockLevel1764028800900 } from './1764028800900-create-stock-level.js';

/** The read-model tables of this context. */
export const stocksReadModelMigrations = [CreateStockLevel1764028800900] as const;
