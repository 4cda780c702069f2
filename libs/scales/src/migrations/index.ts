import { CreateScaleRegister1764028800600 } from './1764028800600-create-scale-register.js';

/** What brings the read models of this context up to date. */
export const scalesReadModelMigrations = [CreateScaleRegister1764028800600] as const;
