import { load, MaterialTally, materialTallyMigrations, voided } from './material-tally.testing.js';
import { projectionContract } from './testing.js';

projectionContract(new MaterialTally(), {
  migrations: materialTallyMigrations,
  samples: [load('glass', 1_200), load('paper', 300), voided('glass', 200), load('glass', 5), voided('paper', 300)],
});
