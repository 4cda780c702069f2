import { CreateMunicipalityRegister1764028800210 } from './1764028800210-create-municipality-register.js';

export const municipalityReadModelMigrations = [CreateMunicipalityRegister1764028800210] as const;
